/// What can be done with folders.
package enum Folder {
  /// Makes a folder and those it lies in, where they are not there yet.
  package static func make(_ path: String) throws(FileError) {
    if let status = SystemCalls.status(of: path) {
      guard status.isDirectory else {
        throw .refused(operation: "make the folder", path: path, reason: "a file has this name")
      }
      return
    }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try make(String(path[..<slash])) }
    try SystemCalls.makeFolder(path)
  }

  /// Whether there is a folder at a path.
  package static func exists(_ path: String) -> Bool { SystemCalls.status(of: path)?.isDirectory ?? false }

  /// Whether there is a file at a path.
  package static func hasFile(_ path: String) -> Bool { SystemCalls.status(of: path)?.isRegular ?? false }

  /// The names in a folder, in order; those that begin with a point are left out.
  package static func names(in path: String) throws(FileError) -> [String] {
    try SystemCalls.names(in: path).filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a file, or a folder with all that is in it, as far as that is possible.
  package static func remove(_ path: String) {
    guard SystemCalls.isFolderItself(path) else { return SystemCalls.remove(path) }
    for name in (try? SystemCalls.names(in: path)) ?? [] { remove("\(path)/\(name)") }
    SystemCalls.removeFolder(path)
  }
}
