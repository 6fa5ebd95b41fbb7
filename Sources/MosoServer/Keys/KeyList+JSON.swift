public import MosoFormats

extension KeyList {
  private static let version = 1

  /// Reads the content of a file of keys.
  ///
  /// - Parameter path: Where it comes from, for errors.
  /// - Throws: `KeyFileError` that names the place of the first thing that is wrong. A member that is not known is one: a
  ///   misspelt `disabled` would leave the key in force.
  public init(parsing text: [UInt8], path: String) throws(KeyFileError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: text, options: JSONReadingOptions(maximumDepth: 8, duplicateKeys: .refused))
    } catch {
      throw .json(path: path, error)
    }
    let file = try KeyFileMembers(value, path: path, place: "the file", known: ["version", "keys"])
    let version = try file.required("version", "the number \(Self.version)") { $0.integerValue }
    guard version == Self.version else {
      throw file.malformed("version", found: "\(version)", expected: "\(Self.version), which this program can read")
    }
    let values = try file.required("keys", "a list of keys") { $0.arrayValue }
    guard values.count <= Self.limit else {
      throw file.malformed("keys", found: "\(values.count) keys", expected: "at most \(Self.limit)")
    }
    var entries: [KeyEntry] = []
    entries.reserveCapacity(values.count)
    var names: Set<String> = []
    var hashes: Set<KeyHash> = []
    for (position, value) in values.enumerated() {
      let members = try KeyFileMembers(
        value, path: path, place: "keys[\(position)]",
        known: ["name", "sha256", "created", "note", "owner", "disabled"])
      let entry = try Self.entry(members)
      guard names.insert(entry.name).inserted else {
        throw members.malformed("name", found: "\(quoted(entry.name)) a second time", expected: "each name once")
      }
      guard hashes.insert(entry.hash).inserted else {
        throw members.malformed("sha256", found: "the hash of another key", expected: "each key once")
      }
      entries.append(entry)
    }
    self.init(entries: entries)
  }

  private static func entry(_ members: KeyFileMembers) throws(KeyFileError) -> KeyEntry {
    let aName = "up to 64 letters, digits and . _ - @ +"
    func name(_ value: JSONValue) -> String? { value.stringValue.flatMap { KeyEntry.isName($0) ? $0 : nil } }
    return KeyEntry(
      name: try members.required("name", aName, name),
      hash: try members.required("sha256", "64 hexadecimal digits") {
        $0.stringValue.flatMap { KeyHash(hexadecimal: $0) }
      },
      created: try members.required("created", "a time such as 2026-11-27T08:16:06Z") {
        $0.stringValue.flatMap { InternetTime($0) }
      },
      note: try members.optional("note", "a line of up to 200 characters") {
        $0.stringValue.flatMap { KeyEntry.isNote($0) ? $0 : nil }
      },
      explicitOwner: try members.optional("owner", aName, name),
      isDisabled: try members.optional("disabled", "true or false") { $0.boolValue } ?? false)
  }

  /// The content of a file of keys, one member a line.
  public var json: JSONValue {
    ["version": .integer(Self.version), "keys": .array(entries.map(\.json))]
  }
}

extension KeyEntry {
  /// The entry as the file has it.
  public var json: JSONValue {
    var object: JSONObject = [
      "name": .string(name), "sha256": .string(hash.hexadecimal), "created": .string(created.description),
    ]
    if let note { object["note"] = .string(note) }
    if let explicitOwner { object["owner"] = .string(explicitOwner) }
    if isDisabled { object["disabled"] = true }
    return .object(object)
  }
}

/// The members of an object in a file of keys, and where it stands.
private struct KeyFileMembers {
  let object: JSONObject
  let path: String
  let place: String

  init(_ value: JSONValue, path: String, place: String, known: Set<String>) throws(KeyFileError) {
    guard let object = value.objectValue else {
      throw .malformed(path: path, place: place, found: value.kind.description, expected: "an object")
    }
    self.object = object
    self.path = path
    self.place = place
    if let key = object.keys.first(where: { !known.contains($0) }) {
      let expected = "only \(known.sorted().joined(separator: ", "))"
      throw .malformed(path: path, place: place, found: "the member \(quoted(key))", expected: expected)
    }
  }

  func required<Value>(
    _ key: String, _ expected: String, _ read: (JSONValue) -> Value?
  ) throws(KeyFileError) -> Value {
    guard let value = try optional(key, expected, read) else {
      throw malformed(key, found: "nothing", expected: expected)
    }
    return value
  }

  func optional<Value>(
    _ key: String, _ expected: String, _ read: (JSONValue) -> Value?
  ) throws(KeyFileError) -> Value? {
    guard let value = object[key] else { return nil }
    guard let result = read(value) else {
      throw malformed(key, found: value.stringValue.map { quoted($0) } ?? value.kind.description, expected: expected)
    }
    return result
  }

  func malformed(_ key: String, found: String, expected: String) -> KeyFileError {
    .malformed(
      path: path, place: place == "the file" ? key : "\(place).\(key)", found: found, expected: expected)
  }
}
