import MosoFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The file in which the hashes of API keys are kept.
///
/// It appears under its name only when it is complete, so readers need no lock; writers wait for each other.
public struct KeyFile: Sendable, Hashable {
  /// Where it is.
  public let path: String

  /// Ten times what `KeyList.limit` entries of usual length take.
  static let largest = 64 << 20

  /// The file at `path`, which need not exist.
  public init(path: String) { self.path = path }

  /// Where the file is unless somebody says otherwise: `$XDG_CONFIG_HOME/moso/keys.json`, else `~/.config/moso/keys.json`.
  public static func defaultPath(environment: [String: String]) -> String {
    // The specification of this variable says that a relative path there is to be ignored.
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + "/moso/keys.json" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    return (home ?? FileManager.default.homeDirectoryForCurrentUser.path) + "/.config/moso/keys.json"
  }

  /// What a file of keys holds.
  public struct Content: Sendable, Hashable {
    /// The keys.
    public let list: KeyList
    /// What its owner should know, in sentences: that others can read it, which tells them names and no keys.
    public let warnings: [String]
    let stamp: FileStamp
  }

  /// Reads the file.
  ///
  /// - Throws: `KeyFileError`, also when others than its owner can write to it.
  public func read() throws(KeyFileError) -> Content {
    let file = try KeyFileSystem.contents(of: path, limit: Self.largest)
    let permissions = file.permissions
    if permissions & 0o022 != 0 { throw .writableByOthers(path: path, permissions: permissions) }
    guard file.user == 0 || file.user == KeyFileSystem.user else { throw .foreignOwner(path: path, user: file.user) }
    var warnings: [String] = []
    if permissions & 0o044 != 0 {
      warnings.append(
        "\(path) has the permissions 0\(String(permissions, radix: 8)), so others can read the names in it; run "
          + "`chmod 600` on it")
    }
    return Content(list: try KeyList(parsing: file.bytes, path: path), warnings: warnings, stamp: file.stamp)
  }

  /// Reads the file, which may be missing, changes what it holds, and puts the result in its place.
  ///
  /// The new file can be read by its owner only.
  public func update<Result>(
    _ change: (inout KeyList) throws(KeyFileError) -> Result
  ) throws(KeyFileError) -> Result {
    try KeyFileSystem.makeFolder(of: path)
    return try KeyFileSystem.whileLocking(path + ".lock") { () throws(KeyFileError) in
      let before = try readIfThere()
      var list = before
      let result = try change(&list)
      if list != before { try write(list) }
      return result
    }
  }

  private func readIfThere() throws(KeyFileError) -> KeyList {
    do throws(KeyFileError) {
      return try read().list
    } catch .missing {
      return KeyList()
    }
  }

  private func write(_ list: KeyList) throws(KeyFileError) {
    do throws(FileError) {
      // A link stays, and the file that it leads to is replaced.
      let file = try AtomicFile(path: KeyFileSystem.resolved(path), permissions: 0o600)
      try file.append(Array((list.json.serialized(indentation: 2) + "\n").utf8))
      try file.complete()
      try file.publish()
    } catch .refused(let operation, _, let reason) {
      throw .refused(operation: operation, path: path, reason: reason)
    } catch {
      throw .refused(operation: "write", path: path, reason: error.description)
    }
  }

  /// What tells whether the file was replaced or written to; `nil` when it cannot be looked at.
  var stamp: FileStamp? { KeyFileSystem.stamp(path) }
}
