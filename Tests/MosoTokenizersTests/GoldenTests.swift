import MosoFormats
import MosoTokenizers
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Texts, vocabularies and the fingerprints of what Hugging Face `tokenizers` and SentencePiece make of them; written by
/// Scripts/tokenizer_golden.py, which also compares far more text than is kept here.
struct Golden {
  let texts: [[UInt8]]
  let vocabularies: JSONValue
  let fingerprints: JSONValue

  static let shared = Result { try Golden() }

  private init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let records = [UInt8](try Data(contentsOf: folder.appending(path: "texts.bin")))
    var texts: [[UInt8]] = []
    var offset = 0
    while offset < records.count {
      let length = (0..<4).reduce(0) { $0 | Int(records[offset + $1]) << (8 * $1) }
      texts.append(Array(records[(offset + 4)..<(offset + 4 + length)]))
      offset += 4 + length
    }
    self.texts = texts
    vocabularies = try JSONValue(contentsOf: folder.appending(path: "vocabularies.json").path)
    fingerprints = try JSONValue(contentsOf: folder.appending(path: "golden.json").path)
  }

  /// The `tokenizer.json` of the byte-level vocabulary with the pipeline `name`.
  func tokenizer(_ name: String, withAddedTokens: Bool = false) throws -> Tokenizer {
    let pipeline = try #require(vocabularies["pipelines"]?[name])
    var model = try #require(vocabularies["model"]?.objectValue)
    model["ignore_merges"] = pipeline["ignore_merges"] ?? false
    var document = JSONObject()
    document["added_tokens"] = withAddedTokens ? vocabularies["added"] : []
    document["normalizer"] = pipeline["normalizer"] ?? .null
    document["pre_tokenizer"] = pipeline["pre_tokenizer"]
    document["decoder"] = ["type": "ByteLevel"]
    document["model"] = .object(model)
    return try Tokenizer(json: Array(JSONValue.object(document).serialized().utf8))
  }

  /// The same vocabulary as a GGUF file whose `tokenizer.ggml.pre` is `name`.
  func ggufTokenizer(_ name: String) throws -> Tokenizer {
    let vocabulary = try #require(vocabularies["model"]?["vocab"]?.objectValue)
    let merges = try #require(vocabularies["model"]?["merges"]?.arrayValue)
    let tokens = vocabulary.sorted { ($0.value.integerValue ?? 0) < ($1.value.integerValue ?? 0) }.map(\.key)
    var builder = GGUFBuilder()
    builder.set("tokenizer.ggml.model", .string("gpt2"))
    builder.set("tokenizer.ggml.pre", .string(name))
    builder.set("tokenizer.ggml.tokens", .strings(tokens))
    builder.set(
      "tokenizer.ggml.merges",
      .strings(merges.map { ($0.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " ") }))
    return try Tokenizer(metadata: GGUFFile(MappedFile(copying: builder.bytes(), path: "golden.gguf")).metadata)
  }

  func sentencePieceTokenizer() throws -> Tokenizer {
    let pieces = try #require(vocabularies["sentencepiece"]?.arrayValue).map { $0.arrayValue ?? [] }
    var builder = GGUFBuilder()
    builder.set("tokenizer.ggml.model", .string("llama"))
    builder.set("tokenizer.ggml.tokens", .strings(pieces.map { $0[0].stringValue ?? "" }))
    builder.set("tokenizer.ggml.scores", .floats(pieces.map { Float($0[1].doubleValue ?? 0) }))
    builder.set("tokenizer.ggml.token_type", .integers(pieces.map { Int32($0[2].integerValue ?? 0) }))
    return try Tokenizer(metadata: GGUFFile(MappedFile(copying: builder.bytes(), path: "golden.gguf")).metadata)
  }

  /// Compares the tokens of every text with the fingerprints called `name`.
  func check(_ name: String, _ encode: ([UInt8]) -> [Int32]) throws {
    let expected = try #require(fingerprints[name]?.arrayValue).compactMap(\.integerValue)
    #expect(expected.count == texts.count && texts.count > 300)
    for (text, fingerprint) in zip(texts, expected) {
      let ids = encode(text)
      #expect(Self.fingerprint(ids) == fingerprint, "\(name): \(String(decoding: text.prefix(200), as: UTF8.self))")
    }
  }

  /// FNV-1a over the little-endian bytes of the ids, 32 bits.
  static func fingerprint(_ ids: [Int32]) -> Int {
    var value: UInt32 = 0x811C_9DC5
    for id in ids {
      for byte in 0..<4 { value = (value ^ UInt32(truncatingIfNeeded: (id >> (8 * byte)) & 0xFF)) &* 0x0100_0193 }
    }
    return Int(value)
  }
}

@Suite("Agreement with Hugging Face tokenizers and SentencePiece") struct GoldenTests {
  let golden: Golden

  init() throws { golden = try Golden.shared.get() }

  static let pipelines = [
    "gpt-2", "gpt-2-prefix", "llama-bpe", "llama-removed", "gpt-4", "qwen2", "qwen35", "deepseek-r1-qwen", "smollm",
    "digit-runs", "deepseek-v3", "gpt-4o", "tekken",
  ]
  static let namesInGGUF = [
    "gpt-2", "llama-bpe", "qwen2", "qwen35", "deepseek-r1-qwen", "smollm", "deepseek-v3", "gpt-4o", "tekken",
  ]

  @Test("A tokenizer.json gives the same tokens", arguments: pipelines)
  func tokenizerJSON(name: String) throws {
    let tokenizer = try golden.tokenizer(name)
    try golden.check(name) { tokenizer.encode(utf8: $0) }
  }

  @Test("A GGUF file gives the same tokens", arguments: namesInGGUF)
  func gguf(name: String) throws {
    let tokenizer = try golden.ggufTokenizer(name)
    #expect(tokenizer.warnings.isEmpty)
    try golden.check(name) { tokenizer.encode(utf8: $0) }
  }

  @Test("Added tokens are found alike, with all that they strip", arguments: ["smollm", "qwen2"])
  func addedTokens(name: String) throws {
    let tokenizer = try golden.tokenizer(name, withAddedTokens: true)
    try golden.check(name + "+added") { text in
      tokenizer.encode([TextSegment(String(decoding: text, as: UTF8.self), mayContainControlTokens: true)])
    }
  }

  @Test("A SentencePiece model gives the same tokens") func sentencePiece() throws {
    let tokenizer = try golden.sentencePieceTokenizer()
    try golden.check("sentencepiece") { tokenizer.encode(utf8: $0) }
  }

  @Test("Decoding gives the text back") func decoding() throws {
    let bytes = try golden.tokenizer("smollm")
    let characters = try golden.sentencePieceTokenizer()
    for text in golden.texts.map({ String(decoding: $0, as: UTF8.self) }) {
      #expect(bytes.decode(bytes.encode(text)) == text)
      // SentencePiece cannot tell U+2581 from a space.
      #expect(characters.decode(characters.encode(text)) == String(text.map { $0 == "▁" ? " " : $0 }))
    }
  }
}
