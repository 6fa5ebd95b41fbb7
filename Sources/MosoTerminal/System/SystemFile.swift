#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reading and replacing the small private files of this module.
enum SystemFile {
  /// The last `limit` bytes of a file, from the start of a line; empty when there is none or it is no regular file.
  static func readEnd(_ path: String, limit: Int) throws(HistoryError) -> [UInt8] {
    // A pipe in the file's place must not make the program wait for a writer.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 {
      let code = errno
      if code == ENOENT || code == ENOTDIR { return [] }
      throw .cannotRead(path: path, reason: systemReason(code))
    }
    defer { close(file) }
    guard let status = status(of: file), isRegular(status) else { return [] }
    let size = Int(status.st_size)
    let skipped = max(0, size - limit)
    if skipped > 0 { lseek(file, off_t(skipped), SEEK_SET) }
    var bytes: [UInt8] = []
    do throws(TerminalError) {
      while bytes.count < limit {
        let chunk = try SystemInput.read(file, count: min(1 << 16, limit - bytes.count))
        if chunk.isEmpty { break }
        bytes += chunk
      }
    } catch {
      throw .cannotRead(path: path, reason: error.description)
    }
    guard skipped > 0 else { return bytes }
    return bytes.firstIndex(of: UInt8(ascii: "\n")).map { Array(bytes[($0 + 1)...]) } ?? []
  }

  /// Puts a new file that only the owner may read in the place of `path`, all at once; a link is followed.
  static func replace(_ path: String, with bytes: [UInt8]) throws(HistoryError) {
    let target = resolved(path)
    if let status = status(at: target), !isRegular(status) { return }
    let temporary = "\(target).\(getpid()).\(UInt32.random(in: 0 ... .max))"
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .cannotWrite(path: path, reason: systemReason(errno)) }
    var failure: String?
    do throws(TerminalError) {
      try SystemInput.write(bytes, to: file)
    } catch {
      failure = error.description
    }
    if close(file) != 0 && failure == nil { failure = systemReason(errno) }
    if failure == nil, unsafe rename(temporary, target) != 0 { failure = systemReason(errno) }
    if let failure {
      _ = unsafe unlink(temporary)
      throw .cannotWrite(path: path, reason: failure)
    }
  }

  /// Keeps other sessions from replacing files in a folder at the same time; makes the folder when it is missing.
  struct Lock: ~Copyable {
    private let folder: Int32

    init(folderOf path: String) throws(HistoryError) {
      let parent = SystemFile.parent(of: path)
      SystemFile.makeFolder(parent)
      folder = unsafe open(parent, O_RDONLY | O_CLOEXEC)
      guard folder >= 0 else { throw .cannotWrite(path: path, reason: systemReason(errno)) }
      // A session that was stopped while it held the lock must not stop this one, so waiting has an end.
      var attempts = 0
      while flock(folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK && attempts < 1500 {
        usleep(2000)
        attempts += 1
      }
    }

    consuming func release() {}

    deinit { close(folder) }
  }

  /// The folder a path is in.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func makeFolder(_ path: String) {
    if unsafe mkdir(path, 0o700) != 0 && errno == ENOENT && path != "." && path != "/" {
      makeFolder(parent(of: path))
      _ = unsafe mkdir(path, 0o700)
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  private static func status(of file: Int32) -> stat? {
    var status = stat()
    return unsafe fstat(file, &status) == 0 ? status : nil
  }

  private static func status(at path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  private static func isRegular(_ status: stat) -> Bool {
    status.st_mode & S_IFMT == S_IFREG
  }
}
