#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lock between processes: held while this object lives, and given up by the system when the process dies.
///
/// The lock file itself stays, for removing it would let two processes lock two different files of one name.
final class LockFile: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or returns `nil` when somebody else holds it.
  init?(_ path: String) throws(DiskError) {
    let opened = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw .last("open the lock", path) }
    descriptor = opened
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return nil }
      if errno != EINTR { throw .last("lock", path) }
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // Closing is not enough: a child that was forked a moment ago holds a copy until it executes its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
