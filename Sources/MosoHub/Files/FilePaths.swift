/// Joining and splitting paths as text, without asking the disk.
enum FilePaths {
  static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// Everything before the last component: `.` for a bare name.
  static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func lastComponent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }
}

/// A file name that came from a server or an archive and may be joined to a folder of ours.
///
/// It is relative, has no empty, `.` or `..` component, no backslash, no control character, and fits file systems.
struct SafePath: Hashable, Sendable {
  let text: String

  /// `nil` for a name that could leave the folder, hide from a listing, or not be stored.
  init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= 1_000 else { return nil }
    guard !text.unicodeScalars.contains(where: { $0.isUnprintable || $0 == "\\" }) else { return nil }
    let components = text.split(separator: "/", omittingEmptySubsequences: false)
    guard components.count <= 16 else { return nil }
    // Room is left for the ".partial" that is appended while a file is on its way.
    guard components.allSatisfy({ !$0.isEmpty && $0.first != "." && $0.utf8.count <= 240 }) else { return nil }
    self.text = text
  }
}
