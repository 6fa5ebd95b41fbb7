#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What changes when a file is replaced or written to.
struct FileStamp: Sendable, Hashable {
  private let device: UInt64
  private let number: UInt64
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  fileprivate init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(status.st_ino)
    size = Int(status.st_size)
    #if canImport(Darwin)
      seconds = status.st_mtimespec.tv_sec
      nanoseconds = status.st_mtimespec.tv_nsec
    #else
      seconds = Int(status.st_mtim.tv_sec)
      nanoseconds = Int(status.st_mtim.tv_nsec)
    #endif
  }
}

/// The calls of the operating system that files of keys need.
enum KeyFileSystem {
  /// A file's bytes, and what was true of it when they were read.
  struct File {
    var bytes: [UInt8]
    /// The nine bits of `chmod`.
    var permissions: Int
    var user: Int
    var stamp: FileStamp
  }

  /// Reads all of the regular file at `path`.
  static func contents(of path: String, limit: Int) throws(KeyFileError) -> File {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw .missing(path: path) }
      throw refused("read", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw refused("read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .refused(operation: "read", path: path, reason: "it is not a regular file")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw refused("read", path) }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
    }
    return File(
      bytes: bytes, permissions: Int(status.st_mode) & 0o777, user: Int(status.st_uid), stamp: FileStamp(status))
  }

  /// The stamp of what is at `path`; `nil` when it cannot be looked at.
  static func stamp(_ path: String) -> FileStamp? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? FileStamp(status) : nil
  }

  /// The user this process works for.
  static var user: Int { Int(geteuid()) }

  /// Where links lead that `path` goes through, or `path` itself when there is nothing.
  static func resolved(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Makes the folder of `path`, and those above it, where they are missing; nobody else may look into them.
  static func makeFolder(of path: String) throws(KeyFileError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let folder = String(path[..<slash])
    if unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
    if errno == ENOENT {
      try makeFolder(of: folder)
      if unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
    }
    throw refused("create", folder)
  }

  /// Runs `body` while no other process does so with the same lock file.
  ///
  /// The file stays, for removing it would let two processes lock two different files of one name.
  static func whileLocking<Result>(
    _ path: String, _ body: () throws(KeyFileError) -> Result
  ) throws(KeyFileError) -> Result {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw refused("open the lock", path) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      if errno != EINTR { throw refused("lock", path) }
    }
    // Closing is not enough: a child that was forked a moment ago holds a copy until it executes its program.
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  private static func refused(_ operation: String, _ path: String) -> KeyFileError {
    let code = errno
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return .refused(operation: operation, path: path, reason: reason)
  }
}
