#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reading, writing and waiting on file descriptors, with interrupted calls repeated.
enum SystemInput {
  /// Up to `count` bytes; empty at the end of the input.
  ///
  /// A terminal that has gone away (its window closed) counts as the end.
  static func read(_ descriptor: Int32, count: Int) throws(TerminalError) -> [UInt8] {
    while true {
      var code: Int32 = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        let result = unsafe readBytes(descriptor, buffer.baseAddress, count)
        code = result < 0 ? errno : 0
        filled = max(0, result)
      }
      switch code {
      case 0: return bytes
      case EIO: return []
      case EINTR: continue
      case EAGAIN: _ = try wait(for: [descriptor], milliseconds: nil)
      default: throw .cannotRead(descriptor: descriptor, reason: systemReason(code))
      }
    }
  }

  /// Writes all of `text`, waiting when a non-blocking terminal is full.
  static func write(_ text: String, to descriptor: Int32) throws(TerminalError) {
    try write(Array(text.utf8), to: descriptor)
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32) throws(TerminalError) {
    var offset = 0
    while offset < bytes.count {
      let rest = bytes[offset...]
      var code: Int32 = 0
      let written = unsafe rest.withUnsafeBytes { buffer in
        let result = unsafe writeBytes(descriptor, buffer.baseAddress, buffer.count)
        code = result < 0 ? errno : 0
        return result
      }
      switch code {
      case 0: offset += written
      case EINTR: continue
      case EAGAIN: waitToWrite(descriptor)
      default: throw .cannotWrite(descriptor: descriptor, reason: systemReason(code))
      }
    }
  }

  /// Which of `descriptors` have something to read; none after `milliseconds` or when a signal arrived.
  static func wait(for descriptors: [Int32], milliseconds: Int32?) throws(TerminalError) -> Set<Int32> {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let result = unsafe poll(&entries, nfds_t(entries.count), milliseconds ?? -1)
    if result < 0 {
      let code = errno
      if code == EINTR || code == EAGAIN { return [] }
      throw .cannotRead(descriptor: descriptors.first ?? -1, reason: systemReason(code))
    }
    return Set(entries.lazy.filter { $0.revents != 0 }.map(\.fd))
  }

  /// Sends what the C library has buffered, so that text printed earlier appears before what is written here.
  static func flushStandardStreams() {
    _ = fflush(nil)
  }

  /// Milliseconds of a clock that only goes forward.
  static func monotonicMilliseconds() -> Int {
    var now = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
  }

  private static func waitToWrite(_ descriptor: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&entry, 1, 1000)
  }
}

// The members above have the names of the C functions they call.

private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, buffer, count)
}

private func writeBytes(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, buffer, count)
}
