package import MosoCorpora
import MosoFormats

/// What a run knows besides its numbers: `state.json` of a checkpoint.
package struct CheckpointState: Sendable, Hashable {
  /// How many steps have been taken.
  package var step = 0
  /// How many tokens have been learned from.
  package var tokens = 0
  /// How many seconds it took.
  package var seconds = 0.0
  /// How far the corpus has been read.
  package var position: CorpusSampler.Position
  /// The SHA-256 of the plan.
  package var planDigest: String
  /// The SHA-256 of the corpus' manifest.
  package var corpusDigest: String
  /// The SHA-256 of each file of the checkpoint.
  package var files: [String: String] = [:]

  static let fileName = "state.json"
  private static let format = "moso-checkpoint"
  private static let version = 1

  var json: JSONValue {
    [
      "format": .string(Self.format), "version": .integer(Self.version), "step": .integer(step),
      "tokens": .integer(tokens), "seconds": .number(seconds), "plan_sha256": .string(planDigest),
      "corpus_sha256": .string(corpusDigest),
      "position": .array(
        position.sources.map { source in
          [
            "epoch": .integer(source.epoch), "document": .integer(source.document), "token": .integer(source.token),
            "drawn": .integer(source.drawn),
          ]
        }),
      "files": .object(
        files.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) }),
    ]
  }

  init(position: CorpusSampler.Position, planDigest: String, corpusDigest: String) {
    self.position = position
    self.planDigest = planDigest
    self.corpusDigest = corpusDigest
  }

  init(_ json: JSONValue, path: String) throws(TrainingError) {
    func count(_ key: String, of value: JSONValue) throws(TrainingError) -> Int {
      guard let number = value[key]?.integerValue, number >= 0 else {
        throw .unusable(
          place: "\(path), \(key)", found: value[key].map { String($0.serialized().prefix(60)) } ?? "nothing",
          expected: "a count", hint: "remove this checkpoint to go on from the one before")
      }
      return number
    }
    func text(_ key: String) throws(TrainingError) -> String {
      guard let text = json[key]?.stringValue else {
        throw .unusable(
          place: "\(path), \(key)", found: "no text", expected: "a text",
          hint: "remove this checkpoint to go on from the one before")
      }
      return text
    }
    guard json["format"]?.stringValue == Self.format, json["version"]?.integerValue == Self.version else {
      throw .unusable(
        place: path, found: "another format", expected: "\(Self.format), version \(Self.version)",
        hint: "remove this checkpoint to go on from the one before")
    }
    step = try count("step", of: json)
    tokens = try count("tokens", of: json)
    seconds = json["seconds"]?.doubleValue ?? 0
    planDigest = try text("plan_sha256")
    corpusDigest = try text("corpus_sha256")
    position = CorpusSampler.Position(sources: [])
    for value in json["position"]?.arrayValue ?? [] {
      var source = CorpusSampler.SourcePosition()
      source.epoch = try count("epoch", of: value)
      source.document = try count("document", of: value)
      source.token = try count("token", of: value)
      source.drawn = try count("drawn", of: value)
      position.sources.append(source)
    }
    for (name, digest) in json["files"]?.objectValue ?? JSONObject() { files[name] = digest.stringValue ?? "" }
  }
}
