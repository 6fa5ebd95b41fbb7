public import MosoFormats

extension ModelRecord {
  /// Records are small: each file of a model takes a line or two.
  private static let sizeLimit = 4_000_000

  /// Reads the `model.json` of a folder.
  ///
  /// - Throws: ``ModelRecordError`` or a ``DiskError``.
  public init(readingFrom folder: String) throws {
    let path = FilePaths.join(folder, Self.fileName)
    let bytes = try Folder.read(path, limit: Self.sizeLimit)
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw ModelRecordError.notJSON(path: path, reason: error)
    }
    try self.init(json: value, path: path)
  }

  /// The text of `model.json`.
  var json: JSONValue {
    var object = JSONObject()
    object["format"] = .string(Self.format)
    object["name"] = .string(name)
    object["kind"] = .string(kind.rawValue)
    object["architecture"] = architecture.map { .string($0) }
    object["source"] = source.map(\.json)
    object["pulled"] = pulled.map { .string($0) }
    object["weights"] = .array(weights.map { .string($0) })
    object["files"] = .array(
      files.map { ["path": .string($0.path), "size": .integer($0.size), "sha256": .string($0.sha256)] })
    for (key, value) in others where object[key] == nil { object[key] = value }
    return .object(object)
  }

  /// Writes the record into a folder, in one step.
  func write(into folder: String) throws(DiskError) {
    try Folder.write(
      json.serializedBytes(indentation: 2) + [UInt8(ascii: "\n")], to: FilePaths.join(folder, Self.fileName))
  }

  private init(json: JSONValue, path: String) throws(ModelRecordError) {
    func wrong(_ field: String, _ expected: String) -> ModelRecordError {
      .badField(path: path, field: field, expected: expected)
    }
    guard var others = json.objectValue else { throw wrong("", "an object") }
    guard json["format"]?.stringValue == Self.format else { throw wrong("format", "\"\(Self.format)\"") }
    guard let name = json["name"]?.stringValue else { throw wrong("name", "a text") }
    guard let kind = json["kind"]?.stringValue.flatMap(LocalModel.Kind.init(rawValue:)) else {
      throw wrong("kind", "\"gguf\" or \"safetensors\"")
    }
    let files = try (json["files"]?.arrayValue ?? []).map { (entry) throws(ModelRecordError) in
      guard let text = entry["path"]?.stringValue, let filePath = SafePath(text),
        let size = entry["size"]?.integerValue, size >= 0, let sha256 = entry["sha256"]?.stringValue
      else { throw wrong("files", "a list of files, each with a path inside the folder, a size and a sha256") }
      return File(path: filePath.text, size: size, sha256: sha256)
    }
    let weights = try (json["weights"]?.arrayValue ?? []).map { (entry) throws(ModelRecordError) in
      guard let path = entry.stringValue, files.contains(where: { $0.path == path }) else {
        throw wrong("weights", "a list of paths that are among the files")
      }
      return path
    }
    if weights.isEmpty { throw wrong("weights", "at least one file") }
    for known in ["format", "name", "kind", "architecture", "source", "pulled", "weights", "files"] {
      others[known] = nil
    }
    self.init(
      name: name, source: json["source"].flatMap(Source.init(json:)), kind: kind, files: files, weights: weights,
      pulled: json["pulled"]?.stringValue, architecture: json["architecture"]?.stringValue, others: others)
  }
}

extension ModelRecord.Source {
  fileprivate var json: JSONValue {
    switch self {
    case .package(let name, let version, let member):
      ["package": .string(name), "version": .string(version), "member": .string(member)]
    case .hub(let endpoint, let repository, let commit):
      ["endpoint": .string(endpoint), "repository": .string(repository), "commit": .string(commit)]
    }
  }

  fileprivate init?(json: JSONValue) {
    if let name = json["package"]?.stringValue, let version = json["version"]?.stringValue,
      let member = json["member"]?.stringValue
    {
      self = .package(name: name, version: version, member: member)
    } else if let endpoint = json["endpoint"]?.stringValue, let repository = json["repository"]?.stringValue,
      let commit = json["commit"]?.stringValue
    {
      self = .hub(endpoint: endpoint, repository: repository, commit: commit)
    } else {
      return nil
    }
  }
}

/// Why a `model.json` could not be used.
public enum ModelRecordError: Error, Hashable, Sendable {
  /// The file is not JSON.
  case notJSON(path: String, reason: JSONError)
  /// A field is missing or of another kind.
  case badField(path: String, field: String, expected: String)
}

extension ModelRecordError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notJSON(let path, let reason):
      "\(path.printable()) is not JSON: \(reason.description.printable()); remove the model and pull it again"
    case .badField(let path, let field, let expected):
      "\(path.printable()): \(field.isEmpty ? "the file" : "the member \"\(field)\"") should be \(expected); "
        + "remove the model and pull it again"
    }
  }
}
