#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A plain file that is open for reading or writing; it is closed when the last reference goes.
final class OpenFile: Sendable {
  enum Purpose: Sendable {
    /// Read a file that exists.
    case reading
    /// Write at the end of a file that may exist already.
    case appending
    /// Write a file that must not exist yet.
    case creating
  }

  let path: String
  let descriptor: Int32

  /// Opens a plain file; a folder, a device or (for writing) a symbolic link is refused.
  init(_ path: String, for purpose: Purpose) throws(DiskError) {
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
    let flags =
      switch purpose {
      case .reading: O_RDONLY | O_NONBLOCK
      case .appending: O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK
      case .creating: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
      }
    descriptor = unsafe open(path, flags | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw .last("open", path) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last("examine", path) }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      throw .failed(action: "open as a plain file", path: path, code: kind == S_IFDIR ? EISDIR : EINVAL)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  var size: Int {
    get throws(DiskError) {
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0 else { throw .last("examine", path) }
      return Int(status.st_size)
    }
  }

  /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
  func read(at offset: Int, count: Int) throws(DiskError) -> [UInt8] {
    var failure: DiskError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        guard let base = buffer.baseAddress else { return }
        let got = unsafe pread(descriptor, base + filled, count - filled, off_t(offset + filled))
        if got > 0 {
          filled += got
        } else if got == 0 {
          return
        } else if errno != EINTR {
          failure = .last("read", path)
          return
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all of `bytes` at the end of the file, which still needs `needed`; a sentence about a full disk says so.
  func append(_ bytes: RawSpan, needed: Int) throws(DiskError) {
    try unsafe bytes.withUnsafeBytes { (buffer) throws(DiskError) in
      var written = 0
      while written < buffer.count, let base = buffer.baseAddress {
        let count = unsafe write(descriptor, base + written, buffer.count - written)
        if count > 0 {
          written += count
        } else if count < 0, errno != EINTR {
          throw .last("write", path, needed: needed - written)
        }
      }
    }
  }

  func truncate(to size: Int) throws(DiskError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw .last("shorten", path) }
  }

  /// Returns once the disk has the file.
  func synchronize() throws(DiskError) {
    guard SystemCalls.synchronize(descriptor) == 0 else { throw .last("store", path) }
  }
}
