import MosoFormats
import MosoTokenizers
import Testing

/// Tokens that are looked for in normalised text, and names that differ in bytes only.
@Suite("Markup and normalisation") struct MarkupTests {
  /// A `tokenizer.json` with characters, two of which are `é` in one scalar and in two, and markup that is normalised.
  private static func tokenizer(normalizer: JSONValue, extra: [String] = []) throws -> Tokenizer {
    var vocabulary = JSONObject()
    let pieces = ["<unk>", "▁", "a", "b", "<", "|", ">", "\u{E9}", "e", "\u{301}", "x", "y"] + extra
    for (id, piece) in pieces.enumerated() { vocabulary[piece] = .integer(id) }
    func added(_ id: Int, _ text: String, special: Bool) -> JSONValue {
      ["id": .integer(id), "content": .string(text), "special": .bool(special), "normalized": true]
    }
    let json: JSONValue = [
      "added_tokens": [added(90, "<|x|>", special: true), added(91, "<y>", special: false)],
      "normalizer": normalizer, "pre_tokenizer": nil, "decoder": nil,
      "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": [], "unk_token": "<unk>"],
    ]
    return try Tokenizer(json: json.serializedBytes(indentation: 1))
  }

  private static let spaces: JSONValue = ["type": "Replace", "pattern": ["String": " "], "content": "▁"]

  @Test("A template's markup is found where what a user typed joins it, and what a user typed is not")
  func mixed() throws {
    let tokenizer = try Self.tokenizer(normalizer: Self.spaces)
    let ids = tokenizer.encode([
      TextSegment("a <|x|>b", mayContainControlTokens: true),
      TextSegment("a <|x|><y>", mayContainControlTokens: false),
      TextSegment("<|x|><y>a b", mayContainControlTokens: true),
    ])
    #expect(ids.filter { $0 == 90 }.count == 2)
    #expect(ids.filter { $0 == 91 }.count == 1)
    #expect(tokenizer.decode(ids, skipControlTokens: false) == "a▁<|x|>ba▁<|x|><y><|x|><y>a▁b")
    // Without anything typed, it is what `tokenizers` does.
    let trusted = tokenizer.encode([TextSegment("a <|x|>b", mayContainControlTokens: true)])
    #expect(trusted == [2, 1, 90, 3])
  }

  @Test("A padding or unknown token that the vocabulary does not have is left out")
  func absentNames() throws {
    let tokenizer = try SmallVocabulary.byteLevel { file in
      file.set("tokenizer.ggml.padding_token_id", .uint32(100_000))
      file.set("tokenizer.ggml.unknown_token_id", .uint32(100_000))
    }
    #expect(tokenizer.padding == nil && tokenizer.unknown == nil)
    #expect(throws: TokenizerError.self) {
      try SmallVocabulary.byteLevel { $0.set("tokenizer.ggml.eot_token_id", .uint32(100_000)) }
    }
  }

  @Test("Names that differ only in how é is written are different names")
  func exactNames() throws {
    let composed = "<\u{E9}>"
    let decomposed = "<e\u{301}>"
    var file = GGUFBuilder()
    file.set("tokenizer.ggml.model", .string("llama"))
    file.set("tokenizer.ggml.tokens", .strings(["<unk>", "<s>", "</s>", composed, decomposed, "\u{E9}", "e\u{301}"]))
    file.set("tokenizer.ggml.token_type", .integers([2, 3, 3, 3, 3, 1, 1]))
    file.set("tokenizer.ggml.scores", .floats([0, 0, 0, 0, 0, -1, -2]))
    file.set("key.\(composed)", .uint32(1))
    file.set("key.\(decomposed)", .uint32(2))
    let metadata = try GGUFFile(MappedFile(copying: file.bytes(), path: "test.gguf")).metadata
    #expect(try metadata.integer("key.\(composed)") == 1 && metadata.integer("key.\(decomposed)") == 2)
    let tokenizer = try Tokenizer(metadata: metadata)
    #expect(tokenizer.token(forPiece: composed) == 3 && tokenizer.token(forPiece: decomposed) == 4)
    #expect(tokenizer.token(forPiece: "\u{E9}") == 5 && tokenizer.token(forPiece: "e\u{301}") == 6)
  }

  @Test("An error of a GGUF file's tokenizer names the file")
  func namedFile() throws {
    let error = #expect(throws: TokenizerError.self) {
      try SmallVocabulary.byteLevel { $0.set("tokenizer.ggml.eot_token_id", .uint32(100_000)) }
    }
    #expect(try #require(error).description.hasPrefix("test.gguf: "))
  }
}
