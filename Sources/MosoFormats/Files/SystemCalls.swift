#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The calls of the operating system that this room makes, in one place; Linux and Darwin share nearly all of them.
enum SystemCalls {
  /// What a path or an open file is.
  struct Status {
    var size: Int
    var isRegular: Bool
    var isDirectory: Bool
  }

  /// Opens a file for reading; a pipe does not make this wait for a writer.
  static func openForReading(_ path: String) throws(FileError) -> Int32 {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("open", path) }
    return descriptor
  }

  /// Opens a file for reading from front to back, whatever it is.
  static func openForStreaming(_ path: String) throws(FileError) -> Int32 {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    guard try !status(of: descriptor, path: path).isDirectory else {
      close(descriptor)
      throw .isDirectory(path: path)
    }
    return descriptor
  }

  /// Creates a file for writing, which must not exist yet and which will be called `finalPath`.
  static func create(_ path: String, for finalPath: String, permissions: UInt32) throws(FileError) -> Int32 {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(permissions))
    guard descriptor >= 0 else { throw failure("create", finalPath) }
    return descriptor
  }

  static func openForAppending(_ path: String) throws(FileError) -> Int32 {
    let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("open", path) }
    return descriptor
  }

  static func close(_ descriptor: Int32) {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #elseif canImport(Darwin)
      _ = Darwin.close(descriptor)
    #endif
  }

  static func status(of descriptor: Int32, path: String) throws(FileError) -> Status {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure("look at", path) }
    let kind = status.st_mode & S_IFMT
    return Status(size: Int(status.st_size), isRegular: kind == S_IFREG, isDirectory: kind == S_IFDIR)
  }

  /// What `path` leads to, or `nil` when it leads nowhere.
  static func status(of path: String) -> Status? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    return Status(size: Int(status.st_size), isRegular: kind == S_IFREG, isDirectory: kind == S_IFDIR)
  }

  static func mapForReading(_ descriptor: Int32, size: Int, path: String) throws(FileError) -> UnsafeMutableRawPointer {
    let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw failure("map", path) }
    return unsafe address
  }

  /// Memory of `size` bytes, a multiple of the page size, that ends where memory that may not be touched begins.
  static func guardedMemory(size: Int) throws(FileError) -> UnsafeMutableRawPointer {
    let flags = MAP_PRIVATE | MAP_ANON
    let address = unsafe mmap(nil, size + pageSize, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw failure("get", "memory") }
    _ = unsafe mprotect(address + size, pageSize, PROT_NONE)
    return unsafe address
  }

  static func unmap(_ address: UnsafeMutableRawPointer, size: Int) {
    _ = unsafe munmap(address, size)
  }

  static func advise(_ address: UnsafeMutableRawPointer, size: Int, _ advice: PageAdvice) {
    let number =
      switch advice {
      case .sequential: MADV_SEQUENTIAL
      case .willNeed: MADV_WILLNEED
      case .drop: MADV_DONTNEED
      }
    _ = unsafe madvise(address, size, Int32(number))
  }

  /// Reads the next bytes, at most `count`; none means the end. Waits where there are none yet.
  static func read(from descriptor: Int32, atMost count: Int, path: String) throws(FileError) -> [UInt8] {
    while true {
      var result = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        #if canImport(Glibc)
          result = unsafe Glibc.read(descriptor, buffer.baseAddress, count)
        #elseif canImport(Musl)
          result = unsafe Musl.read(descriptor, buffer.baseAddress, count)
        #elseif canImport(Darwin)
          result = unsafe Darwin.read(descriptor, buffer.baseAddress, count)
        #endif
        filled = max(result, 0)
      }
      if result >= 0 { return bytes }
      switch errno {
      case EINTR: continue
      case EAGAIN, EWOULDBLOCK:
        // Somebody who shares the pipe has told it not to wait.
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&request, 1, -1)
      default: throw failure("read", path)
      }
    }
  }

  /// Where `byte` first is in `bytes` from `start` on.
  static func index(of byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress else { return nil }
      guard let place = unsafe memchr(base + start, Int32(byte), bytes.count - start) else { return nil }
      return unsafe UnsafeRawPointer(place) - base
    }
  }

  /// Writes all of `bytes`, however many calls it takes.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
      #if canImport(Glibc)
        let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      #elseif canImport(Musl)
        let count = unsafe Musl.write(descriptor, rest.baseAddress, rest.count)
      #elseif canImport(Darwin)
        let count = unsafe Darwin.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      written += count
    }
  }

  /// Waits until what was written is on the disk.
  static func synchronize(_ descriptor: Int32, path: String) throws(FileError) {
    #if canImport(Darwin)
      // On macOS `fsync` stops at the drive's own cache; this goes through it, where the file system can.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
    #endif
    guard fsync(descriptor) == 0 else { throw failure("write", path) }
  }

  /// Waits until the names in the folder of `path` are on the disk, where the system can.
  static func synchronizeFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Gives a file a new name, replacing what had it, in one step.
  static func move(_ path: String, to newPath: String) throws(FileError) {
    guard unsafe rename(path, newPath) == 0 else { throw failure("rename \(path) to", newPath) }
  }

  static func remove(_ path: String) {
    _ = unsafe unlink(path)
  }

  static func makeFolder(_ path: String) throws(FileError) {
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
  }

  static func removeFolder(_ path: String) {
    _ = unsafe rmdir(path)
  }

  /// Whether a path is a folder and not a link to one.
  static func isFolderItself(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, without `.` and `..`.
  static func names(in path: String) throws(FileError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw failure("list", path) }
    defer { _ = unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  static var pageSize: Int { Int(sysconf(Int32(_SC_PAGESIZE))) }
  static var processIdentifier: Int { Int(getpid()) }

  private static func failure(_ operation: String, _ path: String) -> FileError {
    let code = errno
    if code == ENOENT && operation == "open" { return .missing(path: path) }
    if code == EISDIR { return .isDirectory(path: path) }
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return .refused(operation: operation, path: path, reason: reason)
  }
}
