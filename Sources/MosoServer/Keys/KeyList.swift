/// API keys by their names and hashes, in the order in which they were made.
public struct KeyList: Sendable, Hashable {
  /// The entries; no two have the same name or the same hash.
  public private(set) var entries: [KeyEntry] = []

  /// More keys than one machine has users; each costs 300 bytes of the file.
  public static let limit = 50_000

  /// A list without keys.
  public init() {}

  init(entries: [KeyEntry]) { self.entries = entries }

  /// Makes a key and keeps its hash.
  ///
  /// - Returns: The key, which cannot be had again.
  /// - Throws: `KeyFileError` when the name is taken, or a text cannot be what it should be.
  public mutating func add(
    name: String, note: String? = nil, owner: String? = nil, created: InternetTime = .now
  ) throws(KeyFileError) -> APIKey {
    try check(newName: name)
    if let owner, !KeyEntry.isName(owner) { throw .malformedName(owner) }
    if let note, !KeyEntry.isNote(note) { throw .malformedNote }
    guard entries.count < Self.limit else { throw .tooMany(limit: Self.limit) }
    let key = APIKey.generate()
    entries.append(
      KeyEntry(
        name: name, hash: key.hash, created: created.wholeSeconds, note: note, explicitOwner: owner, isDisabled: false))
    return key
  }

  /// Forgets a key; returns whether there was one of this name.
  public mutating func remove(name: String) -> Bool {
    guard let position = position(of: name) else { return false }
    entries.remove(at: position)
    return true
  }

  /// Gives a key another name; its owner stays who it was. Returns whether there was one of the old name.
  ///
  /// - Throws: `KeyFileError` when the new name is taken or is none.
  public mutating func rename(_ name: String, to newName: String) throws(KeyFileError) -> Bool {
    guard let position = position(of: name) else { return false }
    if name == newName { return true }
    try check(newName: newName)
    entries[position].explicitOwner = entries[position].owner
    entries[position].name = newName
    return true
  }

  /// Has requests with a key refused, or answered again; returns whether there is one of this name.
  public mutating func setDisabled(_ isDisabled: Bool, name: String) -> Bool {
    guard let position = position(of: name) else { return false }
    entries[position].isDisabled = isDisabled
    return true
  }

  private func position(of name: String) -> Int? { entries.firstIndex { $0.name == name } }

  private func check(newName name: String) throws(KeyFileError) {
    guard KeyEntry.isName(name) else { throw .malformedName(name) }
    guard position(of: name) == nil else { throw .nameTaken(name) }
  }
}
