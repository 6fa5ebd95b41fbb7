import MosoFormats

/// The folder in which a model is gathered before it gets its name in the store.
///
/// `files/` holds finished, verified files under their own names and unfinished ones with `.partial` after them;
/// `state.json` says of each what it should become. A pull that is interrupted at any moment leaves both behind, and
/// the next one goes on from there. Whoever uses the folder holds the model's lock.
final class PartialFolder {
  /// What follows the name of an unfinished file.
  static let ending = ".partial"

  /// What is known of one file on its way.
  struct Entry: Hashable, Sendable {
    /// What the file's content is known by, such as `sha256:…`: bytes of another content are of no use.
    var identity: String
    var size: Int
    /// The strong entity tag of the server that sent the bytes so far.
    var entityTag: String?
    /// The SHA-256 of the whole; set once the file is finished and verified.
    var sha256: String?
  }

  let path: String
  private let model: String
  private var entries: [String: Entry]

  /// Opens the folder or makes it; files without a state that can be read are of no use and go.
  init(_ path: String, model: String) throws(DiskError) {
    self.path = path
    self.model = model
    let state = Self.readState(in: path)
    if state == nil { try Folder.remove(FilePaths.join(path, "files")) }
    try Folder.make(FilePaths.join(path, "files"))
    entries = state?.entries ?? [:]
  }

  /// The folder that becomes the model's.
  var filesFolder: String { FilePaths.join(path, "files") }

  /// Where a finished file lies.
  func finishedPath(of file: String) -> String { FilePaths.join(filesFolder, file) }

  /// Where the bytes of an unfinished file are gathered.
  func partialPath(of file: String) -> String { finishedPath(of: file) + Self.ending }

  func entry(for file: String) -> Entry? { entries[file] }

  /// Notes what is known of a file, on disk too.
  func note(_ entry: Entry, for file: String) throws(DiskError) {
    guard entries[file] != entry else { return }
    entries[file] = entry
    try writeState()
  }

  /// Announces the files that are wanted, and removes what belongs to no file of them: another revision's, say.
  func expect(_ wanted: [String: Entry]) throws(DiskError) {
    var kept: [String: Entry] = [:]
    for (file, entry) in wanted {
      if let old = entries[file], old.identity == entry.identity, old.size == entry.size {
        kept[file] = old
      } else {
        try Folder.remove(partialPath(of: file))
        try Folder.remove(finishedPath(of: file))
        kept[file] = entry
      }
    }
    for file in entries.keys where wanted[file] == nil {
      // The names in an old state were checked when they were written, but a file can be edited.
      guard SafePath(file) != nil else { continue }
      try Folder.remove(partialPath(of: file))
      try Folder.remove(finishedPath(of: file))
    }
    entries = kept
    try writeState()
  }

  /// The SHA-256 of a file that an earlier pull finished.
  func finishedHash(of file: String) -> String? {
    guard let entry = entries[file], let sha256 = entry.sha256 else { return nil }
    return Folder.fileSize(finishedPath(of: file)) == entry.size ? sha256 : nil
  }

  /// The bytes of a file that are there, finished or not.
  func bytesPresent(of file: String) -> Int {
    if finishedHash(of: file) != nil { return entries[file]?.size ?? 0 }
    return min(Folder.fileSize(partialPath(of: file)) ?? 0, entries[file]?.size ?? 0)
  }

  /// Removes the folder when there is no file in it but the state.
  func removeIfEmpty() {
    guard let names = try? Folder.names(in: path) else { return }
    guard names.allSatisfy({ $0 == "state.json" || Folder.isHollow(FilePaths.join(path, $0), depth: 20) }) else {
      return
    }
    // Whoever cannot remove it finds it again at the next pull.
    try? Folder.remove(path)
  }

  /// Gives a file that was verified its own name.
  func finish(_ file: String, sha256: String) throws(DiskError) {
    try Folder.move(partialPath(of: file), to: finishedPath(of: file))
    if var entry = entries[file] {
      entry.sha256 = sha256
      try note(entry, for: file)
    }
  }
}

// MARK: - The state on disk

extension PartialFolder {
  /// What another process can learn of a pull under way.
  struct State {
    let model: String
    let entries: [String: Entry]
  }

  static func readState(in path: String) -> State? {
    guard let bytes = try? Folder.read(FilePaths.join(path, "state.json"), limit: 4_000_000),
      let json = try? JSONValue(parsing: bytes), let model = json["model"]?.stringValue
    else { return nil }
    var entries: [String: Entry] = [:]
    for (file, entry) in json["files"]?.objectValue ?? [:] {
      guard let identity = entry["identity"]?.stringValue, let size = entry["size"]?.integerValue, size >= 0 else {
        continue
      }
      entries[file] = Entry(
        identity: identity, size: size, entityTag: entry["etag"]?.stringValue, sha256: entry["sha256"]?.stringValue)
    }
    return State(model: model, entries: entries)
  }

  private func writeState() throws(DiskError) {
    var files = JSONObject()
    for (file, entry) in entries.sorted(by: { $0.key < $1.key }) {
      var object: JSONObject = ["identity": .string(entry.identity), "size": .integer(entry.size)]
      object["etag"] = entry.entityTag.map { .string($0) }
      object["sha256"] = entry.sha256.map { .string($0) }
      files[file] = .object(object)
    }
    let json: JSONValue = ["model": .string(model), "files": .object(files)]
    try Folder.write(json.serializedBytes(indentation: 2), to: FilePaths.join(path, "state.json"))
  }
}
