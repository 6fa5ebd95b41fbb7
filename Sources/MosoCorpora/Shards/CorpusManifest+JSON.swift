public import MosoFormats

extension CorpusManifest {
  /// The name of the file in a corpus' folder.
  static let fileName = "corpus.json"
  private static let format = "moso-corpus"
  private static let version = 1

  /// The manifest as it is written.
  public var json: JSONValue {
    [
      "format": .string(Self.format),
      "version": .integer(Self.version),
      "vocabulary_size": .integer(vocabularySize),
      "document_start": .integer(Int(documentStart)),
      "tokenizer_sha256": tokenizerDigest.map { .string($0) } ?? .null,
      "sources": .array(sources.map(\.json)),
      "shards": .array(
        shards.map { shard in
          [
            "file": .string(shard.file), "source": .integer(shard.source), "part": .string(shard.part.rawValue),
            "documents": .integer(shard.documents), "tokens": .integer(shard.tokens), "sha256": .string(shard.digest),
          ]
        }),
    ]
  }

  /// Reads a manifest.
  ///
  /// - Throws: `CorpusError` that names the key.
  init(_ json: JSONValue, path: String) throws(CorpusError) {
    let reader = ManifestReader(path: path)
    guard json["format"]?.stringValue == Self.format, json["version"]?.integerValue == Self.version else {
      throw reader.wrong("format", json["format"], "\(Self.format), version \(Self.version)")
    }
    vocabularySize = try reader.count("vocabulary_size", of: json)
    documentStart = Int32(clamping: try reader.count("document_start", of: json))
    tokenizerDigest = json["tokenizer_sha256"]?.stringValue
    for value in json["sources"]?.arrayValue ?? [] { sources.append(try Source(value, reader)) }
    for value in json["shards"]?.arrayValue ?? [] {
      let name = try reader.text("part", of: value)
      guard let part = Part(rawValue: name) else {
        throw reader.wrong("part", value["part"], "training or validation")
      }
      let shard = Shard(
        file: try reader.text("file", of: value), source: try reader.count("source", of: value), part: part,
        documents: try reader.count("documents", of: value), tokens: try reader.count("tokens", of: value),
        digest: try reader.text("sha256", of: value))
      guard sources.indices.contains(shard.source), !shard.file.contains("/"), shard.file != ".." else {
        throw reader.wrong("shards", value, "a file in this folder, of one of the sources")
      }
      shards.append(shard)
    }
  }
}

extension CorpusManifest.Source {
  fileprivate var json: JSONValue {
    var parts = JSONObject()
    for part in CorpusManifest.Part.allCases {
      guard let counts = self.parts[part] else { continue }
      parts[part.rawValue] = [
        "documents": .integer(counts.documents), "tokens": .integer(counts.tokens), "bytes": .integer(counts.bytes),
        "surprisal_nats": counts.surprisal.map { .number($0) } ?? .null,
      ]
    }
    return [
      "name": .string(name), "weight": .number(weight), "duplicates": .integer(duplicates),
      "canaries": .integer(canaries), "empty": .integer(empty), "parts": .object(parts), "sha256": .string(digest),
    ]
  }

  fileprivate init(_ json: JSONValue, _ reader: ManifestReader) throws(CorpusError) {
    guard let weight = json["weight"]?.doubleValue, weight.isFinite, weight >= 0 else {
      throw reader.wrong("weight", json["weight"], "a number from 0 up")
    }
    self.init(name: try reader.text("name", of: json), weight: weight)
    duplicates = try reader.count("duplicates", of: json)
    canaries = try reader.count("canaries", of: json)
    empty = try reader.count("empty", of: json)
    digest = try reader.text("sha256", of: json)
    for part in CorpusManifest.Part.allCases {
      guard let value = json["parts"]?[part.rawValue] else { continue }
      var counts = CorpusManifest.Counts()
      counts.documents = try reader.count("documents", of: value)
      counts.tokens = try reader.count("tokens", of: value)
      counts.bytes = try reader.count("bytes", of: value)
      counts.surprisal = value["surprisal_nats"]?.doubleValue
      parts[part] = counts
    }
  }
}

/// Takes values out of a manifest, or says what is wrong with them.
private struct ManifestReader {
  let path: String

  func wrong(_ key: String, _ value: JSONValue?, _ expected: String) -> CorpusError {
    let found = value.map { String($0.serialized().prefix(80)) } ?? "nothing"
    return .unusable(
      place: "\(path), \(key)", found: found, expected: expected,
      hint: "remove the folder it is in and prepare the corpus again")
  }

  func count(_ key: String, of value: JSONValue) throws(CorpusError) -> Int {
    guard let number = value[key]?.integerValue, number >= 0 else { throw wrong(key, value[key], "a count") }
    return number
  }

  func text(_ key: String, of value: JSONValue) throws(CorpusError) -> String {
    guard let text = value[key]?.stringValue else { throw wrong(key, value[key], "a text") }
    return text
  }
}
