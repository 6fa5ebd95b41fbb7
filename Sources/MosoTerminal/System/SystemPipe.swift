#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Pipes through which a signal handler wakes a thread that waits in `poll` or `read`.
enum SystemPipe {
  /// Both ends close when another program is started; the writing end never blocks, because a handler must not.
  static func make() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends {
      let flags = fcntl(end, F_GETFL)
      guard fcntl(end, F_SETFD, FD_CLOEXEC) == 0, flags >= 0, fcntl(end, F_SETFL, flags | O_NONBLOCK) == 0 else {
        ends.forEach { _ = close($0) }
        return nil
      }
    }
    return (ends[0], ends[1])
  }

  /// Writes one byte; safe in a signal handler. A full pipe is readable already, so a lost byte loses nothing.
  static func wake(_ writeEnd: Int32) {
    var byte: UInt8 = 1
    _ = unsafe write(writeEnd, &byte, 1)
  }

  /// Reads what has arrived and returns at once.
  static func drain(_ readEnd: Int32) {
    var bytes: (UInt64, UInt64) = (0, 0)
    while unsafe read(readEnd, &bytes, 16) > 0 {}
  }

  /// Waits for a byte and takes all there are.
  static func waitForByte(_ readEnd: Int32) {
    var entry = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&entry, 1, -1) < 0 && errno == EINTR {}
    drain(readEnd)
  }
}
