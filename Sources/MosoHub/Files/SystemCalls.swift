#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few calls whose spelling differs between Linux and macOS.
enum SystemCalls {
  /// Asks the disk to keep what was written to `descriptor`; 0 when done, -1 with `errno` set otherwise.
  static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      // On macOS `fsync` stops at the drive's own cache; this goes through it, where the file system can.
      fcntl(descriptor, F_FULLFSYNC) == 0 ? 0 : fsync(descriptor)
    #else
      fsync(descriptor)
    #endif
  }

  /// The bytes an ordinary user may still write to the file system that holds `path`, or `nil` when it does not say.
  static func availableBytes(at path: String) -> Int? {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0 else { return nil }
    let (blocks, blockSize) = (Int(clamping: status.f_bavail), Int(clamping: status.f_frsize))
    let (bytes, overflow) = blocks.multipliedReportingOverflow(by: blockSize)
    return overflow ? Int.max : bytes
  }

  /// What the system says about an error number, such as "No space left on device".
  static func message(of code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
