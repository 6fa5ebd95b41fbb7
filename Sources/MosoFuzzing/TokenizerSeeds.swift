import MosoFormats

/// Small sound tokenizers of every kind.
enum TokenizerSeeds {
  static let all: [FuzzSeed] =
    [byteLevelGGUF, scoredGGUF].map { FuzzSeed($0.bytes()) }
    + [byteLevelJSON, byteFallbackJSON].map { FuzzSeed($0.serializedBytes(indentation: 1), isText: true) }

  /// The bytes of a `tokenizer.json`.
  static let json = byteLevelJSON.serializedBytes()

  /// The characters that stand for the 256 bytes in byte-level vocabularies.
  private static let bytePieces: [String] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      let isItself = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
      defer { next += isItself ? 0 : 1 }
      return Unicode.Scalar(isItself ? UInt32(byte) : next).map { String(Character($0)) } ?? ""
    }
  }()
  private static let merges = ["t h", "th e", "Ġ the", "h e", "l l", "he ll", "hell o"]
  private static let byteLevelTokens = bytePieces + merges.map { $0.filter { $0 != " " } }

  /// The tokens of vocabularies with scores: three control tokens, the bytes, words.
  private static let scoredTokens: [String] = {
    let bytes = (0..<256).map { "<0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) + ">" }
    return ["<unk>", "<s>", "</s>"] + bytes + ["▁", "t", "h", "e", "th", "the", "▁the", "l", "o", "ll", "he", "▁hello"]
  }()

  private static var byteLevelGGUF: GGUFBuilder {
    let tokens = byteLevelTokens + ["<s>"]
    var file = GGUFBuilder()
    file.set("tokenizer.ggml.model", .string("gpt2"))
    file.set("tokenizer.ggml.pre", .string("smollm"))
    file.set("tokenizer.ggml.tokens", .strings(tokens))
    file.set("tokenizer.ggml.token_type", .integers(tokens.indices.map { $0 == tokens.count - 1 ? 3 : 1 }))
    file.set("tokenizer.ggml.merges", .strings(merges))
    file.set("tokenizer.ggml.bos_token_id", .uint32(UInt32(tokens.count - 1)))
    file.set("tokenizer.ggml.eos_token_id", .uint32(UInt32(tokens.count - 1)))
    file.set("tokenizer.chat_template", .string("{{ messages }}"))
    return file
  }

  private static var scoredGGUF: GGUFBuilder {
    var file = GGUFBuilder()
    file.set("tokenizer.ggml.model", .string("llama"))
    file.set("tokenizer.ggml.tokens", .strings(scoredTokens))
    let types: [Int32] = scoredTokens.indices.map { $0 == 0 ? 2 : $0 < 3 ? 3 : $0 < 259 ? 6 : 1 }
    file.set("tokenizer.ggml.token_type", .integers(types))
    file.set("tokenizer.ggml.scores", .floats(types.indices.map { -Float($0) }))
    file.set("tokenizer.ggml.bos_token_id", .uint32(1))
    file.set("tokenizer.ggml.eos_token_id", .uint32(2))
    file.set("tokenizer.ggml.unknown_token_id", .uint32(0))
    return file
  }

  private static var byteLevelJSON: JSONValue {
    [
      "version": "1.0", "truncation": nil, "padding": nil,
      "added_tokens": [
        added("<s>", id: byteLevelTokens.count, isSpecial: true),
        added("<tool>", id: byteLevelTokens.count + 1, isSpecial: false),
      ],
      "normalizer": ["type": "NFC"],
      "pre_tokenizer": [
        "type": "Sequence",
        "pretokenizers": [
          [
            "type": "Split", "behavior": "Isolated", "invert": false, "pattern": ["Regex": .string(#"\p{N}{1,3}"#)],
          ],
          ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false],
        ],
      ],
      "post_processor": ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false],
      "decoder": ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false],
      "model": model(byteLevelTokens, merges: merges, ["byte_fallback": false, "ignore_merges": true]),
    ]
  }

  private static var byteFallbackJSON: JSONValue {
    [
      "version": "1.0",
      "added_tokens": .array(
        ["<unk>", "<s>", "</s>"].enumerated().map { added($0.element, id: $0.offset, isSpecial: true) }),
      "normalizer": [
        "type": "Sequence",
        "normalizers": [
          ["type": "Prepend", "prepend": "▁"],
          ["type": "Replace", "pattern": ["String": " "], "content": "▁"],
        ],
      ],
      "pre_tokenizer": nil,
      "post_processor": [
        "type": "TemplateProcessing",
        "single": [["SpecialToken": ["id": "<s>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]]],
        "pair": [["Sequence": ["id": "A", "type_id": 0]], ["Sequence": ["id": "B", "type_id": 1]]],
        "special_tokens": ["<s>": ["id": "<s>", "ids": [1], "tokens": ["<s>"]]],
      ],
      "decoder": [
        "type": "Sequence",
        "decoders": [
          ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"], ["type": "Fuse"],
          ["type": "Strip", "content": " ", "start": 1, "stop": 0],
        ],
      ],
      "model": model(
        scoredTokens, merges: ["t h", "th e", "▁ the", "h e", "l l"],
        ["unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true]),
    ]
  }

  private static func added(_ text: String, id: Int, isSpecial: Bool) -> JSONValue {
    [
      "id": .integer(id), "content": .string(text), "single_word": false, "lstrip": false, "rstrip": false,
      "normalized": false, "special": .bool(isSpecial),
    ]
  }

  private static func model(_ tokens: [String], merges: [String], _ settings: JSONObject) -> JSONValue {
    var model: JSONObject = ["type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil]
    for (key, value) in settings { model[key] = value }
    var vocabulary = JSONObject()
    for (id, token) in tokens.enumerated() { vocabulary[token] = .integer(id) }
    model["vocab"] = .object(vocabulary)
    // Both spellings of merges that files have.
    model["merges"] = .array(
      merges.enumerated().map { position, merge in
        guard position % 2 == 1 else { return .string(merge) }
        return .array(merge.split(separator: " ").map { .string(String($0)) })
      })
    return .object(model)
  }
}
