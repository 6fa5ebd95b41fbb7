#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the operating system measures and limits for this process.
enum ProcessLimits {
  /// The time that this thread has had of a processor.
  static var processorTime: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(Int(time.tv_sec)) + .nanoseconds(Int(time.tv_nsec))
  }

  /// The most memory that was ever resident, in bytes.
  static var peakMemory: Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss) << 10
    #elseif canImport(Musl)
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss) << 10
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #endif
  }

  /// Makes every request for memory fail that would let the process grow by more than `growth` bytes from now on.
  ///
  /// Only Linux keeps to such a limit; elsewhere `peakMemory` must do.
  static func limitMemory(growth: Int) {
    #if os(Linux)
      guard let pages = addressSpacePages else { return }
      let size = rlim_t(pages * Int(sysconf(Int32(_SC_PAGESIZE))) + growth)
      var limit = rlimit(rlim_cur: size, rlim_max: .max)
      #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      #else
        setrlimit(RLIMIT_AS, &limit)
      #endif
    #endif
  }

  #if os(Linux)
    /// The pages of address space that the process has; memory that is never touched counts too.
    private static var addressSpacePages: Int? {
      guard let file = fopen("/proc/self/statm", "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 128)
      guard fgets(&line, 128, file) != nil else { return nil }
      let digits = line.prefix { $0 != 0x20 }.map { UInt8(truncatingIfNeeded: $0) }
      return Int(String(decoding: digits, as: UTF8.self))
    }
  #endif

  /// Ends the process when this is not called again within `seconds`; 0 calls it off.
  static func endAfter(seconds: Int) {
    alarm(UInt32(seconds))
  }
}
