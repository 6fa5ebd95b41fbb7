#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Listing a folder, for the Tab key.
enum SystemFolder {
  struct Entry {
    var name: String
    var isFolder: Bool
  }

  /// At most `limit` entries whose names begin with `prefix`, unsorted; none when the folder cannot be read.
  ///
  /// Names that are no UTF-8 or contain control characters are left out: they could not be typed or shown as they are.
  static func entries(of path: String, prefix: String, limit: Int) -> [Entry] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe _ = closedir(folder) }
    var result: [Entry] = []
    while result.count < limit, let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
      }
      guard let name, name != ".", name != "..", name.hasPrefix(prefix) else { continue }
      // A hidden file is offered only to who asked for it.
      if name.hasPrefix(".") && !prefix.hasPrefix(".") { continue }
      guard HarmlessText.line(name) == name else { continue }
      var isFolder = unsafe entry.pointee.d_type == UInt8(DT_DIR)
      if unsafe entry.pointee.d_type == UInt8(DT_LNK) || entry.pointee.d_type == UInt8(DT_UNKNOWN) {
        var status = stat()
        isFolder = unsafe stat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      }
      result.append(Entry(name: name, isFolder: isFolder))
    }
    return result
  }
}
