#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Making, listing, moving and removing what is in the store's folders.
enum Folder {
  enum Item: Sendable {
    case file(size: Int)
    case folder
    case other
  }

  /// What stands at `path`, symbolic links followed; `nil` when there is nothing.
  static func item(at path: String) -> Item? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .file(size: Int(status.st_size))
    case S_IFDIR: .folder
    default: .other
    }
  }

  static func isFolder(_ path: String) -> Bool {
    if case .folder = item(at: path) { true } else { false }
  }

  static func fileSize(_ path: String) -> Int? {
    if case .file(let size) = item(at: path) { size } else { nil }
  }

  /// Makes `path` and the folders above it, where they are missing.
  static func make(_ path: String) throws(DiskError) {
    if unsafe mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, FilePaths.parent(of: path) != path {
      try make(FilePaths.parent(of: path))
      if unsafe mkdir(path, 0o755) == 0 { return }
    }
    // Another process may have made it in the meantime.
    let code = errno
    if code == EEXIST, isFolder(path) { return }
    throw .failed(action: "make the folder", path: path, code: code)
  }

  /// The names in a folder, in order; none when the folder does not exist.
  static func names(in path: String) throws(DiskError) -> [String] {
    guard let directory = unsafe opendir(path) else {
      if errno == ENOENT { return [] }
      throw .last("list", path)
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 1) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The bytes of all files in a folder and those below it, down to a depth; what vanishes meanwhile does not count.
  static func totalSize(of path: String, depth: Int) -> Int {
    guard depth > 0, let names = try? names(in: path) else { return 0 }
    return names.reduce(0) { sum, name in
      let inner = FilePaths.join(path, name)
      return switch item(at: inner) {
      case .file(let size): sum + size
      case .folder: sum + totalSize(of: inner, depth: depth - 1)
      default: sum
      }
    }
  }

  /// Whether there is nothing in a folder but folders of which this is true.
  static func isHollow(_ path: String, depth: Int) -> Bool {
    guard depth > 0, isFolder(path), let names = try? names(in: path) else { return false }
    return names.allSatisfy { isHollow(FilePaths.join(path, $0), depth: depth - 1) }
  }

  /// Gives `source` the name `destination` in one step that other processes see whole or not at all, and returns once
  /// the disk knows.
  static func move(_ source: String, to destination: String) throws(DiskError) {
    guard unsafe rename(source, destination) == 0 else { throw .last("rename", source) }
    try synchronize(FilePaths.parent(of: destination))
  }

  /// Returns once the disk knows the names in a folder.
  static func synchronize(_ path: String) throws(DiskError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last("open", path) }
    defer { close(descriptor) }
    // Some file systems cannot do this for folders and say so; there is nothing better to do then.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw .last("store", path) }
  }

  /// Removes a file, or a folder with all that is in it; links are removed, never followed.
  static func remove(_ path: String) throws(DiskError) {
    try remove(path, depth: 100)
  }

  private static func remove(_ path: String, depth: Int) throws(DiskError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return }
      throw .last("remove", path)
    }
    if status.st_mode & S_IFMT == S_IFDIR, depth > 0 {
      for name in try names(in: path) { try remove(FilePaths.join(path, name), depth: depth - 1) }
      if unsafe rmdir(path) == 0 || errno == ENOENT { return }
    } else if unsafe unlink(path) == 0 || errno == ENOENT {
      return
    }
    throw .last("remove", path)
  }

  /// Replaces `path` by a file with these bytes; whoever reads it sees the old or the new text, never a part.
  static func write(_ bytes: [UInt8], to path: String) throws(DiskError) {
    let temporary = path + ".new"
    try remove(temporary)
    let file = try OpenFile(temporary, for: .creating)
    try unsafe file.append(bytes.span.bytes, needed: bytes.count)
    try file.synchronize()
    try move(temporary, to: path)
  }

  /// The whole of a small file; one beyond `limit` bytes is an error, so that a wrong file cannot fill the memory.
  static func read(_ path: String, limit: Int) throws(DiskError) -> [UInt8] {
    let file = try OpenFile(path, for: .reading)
    guard try file.size <= limit else {
      throw .failed(action: "read (it is larger than the \(ByteCount.text(limit)) expected)", path: path, code: EFBIG)
    }
    return try file.read(at: 0, count: file.size)
  }
}
