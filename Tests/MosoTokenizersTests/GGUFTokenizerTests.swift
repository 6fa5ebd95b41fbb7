import MosoFormats
import Testing

@testable import MosoTokenizers

/// What is written of a `tokenizer.json` into a GGUF file, read back.
@Suite("Tokenizers for GGUF files") struct GGUFTokenizerTests {
  let golden: Golden

  init() throws { golden = try Golden.shared.get() }

  private func draft(_ document: JSONObject, configuration: JSONObject = JSONObject()) throws -> TokenizerDraft {
    let text = Array(JSONValue.object(document).serialized().utf8)
    return try unsafe TokenizerDraft(text.span.bytes, HuggingFaceSettings(configuration), path: "tokenizer.json")
  }

  private func readBack(_ written: GGUFTokenizer) throws -> Tokenizer {
    try Tokenizer(metadata: metadata(written))
  }

  private func metadata(_ written: GGUFTokenizer) throws -> GGUFMetadata {
    var builder = GGUFBuilder()
    for entry in written.entries { builder.set(entry.key, entry.value) }
    return try GGUFFile(MappedFile(copying: builder.bytes(), path: "written.gguf")).metadata
  }

  /// The `tokenizer.json` of the byte-level vocabulary with the pipeline `name`.
  private func document(_ name: String, addedTokens: JSONValue = []) throws -> JSONObject {
    let pipeline = try #require(golden.vocabularies["pipelines"]?[name])
    var model = try #require(golden.vocabularies["model"]?.objectValue)
    model["ignore_merges"] = pipeline["ignore_merges"] ?? false
    return [
      "added_tokens": addedTokens, "normalizer": pipeline["normalizer"] ?? .null,
      "pre_tokenizer": pipeline["pre_tokenizer"] ?? .null, "decoder": ["type": "ByteLevel"], "model": .object(model),
    ]
  }

  // MARK: Byte-level merges

  @Test(
    "The tokens of hundreds of texts stay the same",
    arguments: [
      "gpt-2", "gpt-2-prefix", "llama-bpe", "llama-removed", "qwen2", "qwen35", "deepseek-r1-qwen", "smollm",
      "deepseek-v3",
      "gpt-4o", "tekken",
    ])
  func byteLevel(name: String) throws {
    let written = try GGUFTokenizer(draft(document(name)), vocabularySize: 1200)
    #expect(written.warnings.isEmpty)
    let tokenizer = try readBack(written)
    #expect(tokenizer.warnings.isEmpty)
    try golden.check(name) { tokenizer.encode(utf8: $0) }
  }

  @Test(
    "The name is llama.cpp's for this way to cut text",
    arguments: [
      ("gpt-2", "gpt-2"), ("llama-bpe", "llama-bpe"), ("qwen2", "qwen2"), ("qwen35", "qwen35"),
      ("deepseek-r1-qwen", "deepseek-r1-qwen"), ("smollm", "smollm"), ("deepseek-v3", "deepseek-v3"),
      ("gpt-4o", "gpt-4o"),
      ("tekken", "tekken"),
    ])
  func names(pipeline: String, name: String) throws {
    let written = try GGUFTokenizer(draft(document(pipeline)), vocabularySize: 1200)
    #expect(try metadata(written).string("tokenizer.ggml.pre") == name)
  }

  @Test("A way to cut text that has no name is refused", arguments: ["digit-runs", "gpt-4"])
  func unnamed(name: String) throws {
    let draft = try draft(document(name))
    let error = #expect(throws: TokenizerError.self) { try GGUFTokenizer(draft, vocabularySize: 1200) }
    #expect(error?.description.contains("pre_tokenizer") == true)
  }

  @Test("A normalisation that no name tells is warned of") func normalization() throws {
    var document = try document("gpt-2")
    document["normalizer"] = ["type": "NFC"]
    let written = try GGUFTokenizer(draft(document), vocabularySize: 1200)
    #expect(written.warnings.count == 1)
    #expect(written.warnings[0].contains("form C"))
  }

  // MARK: Special tokens

  private static let added: JSONValue = [
    ["id": 1200, "content": "<|im_start|>", "special": true], ["id": 1201, "content": "<|im_end|>", "special": true],
    ["id": 1202, "content": "<tool_call>", "special": false], ["id": 1205, "content": "<|stop|>", "special": true],
  ]

  @Test("Special tokens, their roles and the template are kept") func specialTokens() throws {
    let configuration: JSONObject = [
      "bos_token": "<|im_start|>", "eos_token": ["content": "<|im_end|>"], "pad_token": "<|stop|>",
      "add_bos_token": true,
      "chat_template": [
        ["name": "default", "template": "{{ messages }}"], ["name": "tool_use", "template": "{{ tools }}"],
      ],
    ]
    var draft = try draft(document("smollm", addedTokens: Self.added), configuration: configuration)
    // As `generation_config.json` names it.
    draft.special.endOfGeneration.insert(1205)
    let original = Tokenizer(tables: try draft.assembled())
    let written = try GGUFTokenizer(draft, vocabularySize: 1216)
    #expect(written.warnings.isEmpty)
    let tokenizer = try readBack(written)
    #expect(tokenizer.vocabularySize == 1216)
    #expect(tokenizer.beginningOfSequence == 1200)
    #expect(tokenizer.endOfSequence == 1201)
    #expect(tokenizer.padding == 1205)
    #expect(tokenizer.addsBeginningOfSequence)
    #expect(!tokenizer.addsEndOfSequence)
    #expect(tokenizer.endOfGeneration == [1201, 1205])
    #expect(tokenizer.chatTemplates == ["default": "{{ messages }}", "tool_use": "{{ tools }}"])
    let text = "<|im_start|>user\nHello <tool_call> 1234<|im_end|>"
    let segments = [
      TextSegment(text, mayContainControlTokens: true), TextSegment(text, mayContainControlTokens: false),
    ]
    for segment in segments { #expect(tokenizer.encode([segment]) == original.encode([segment])) }
    #expect(tokenizer.encode(segments).contains(1202))
  }

  @Test("Ids without a token get texts of their own, so that no two are the same") func padding() throws {
    var added = try #require(Self.added.arrayValue)
    added.append(["id": 1206, "content": "[PAD1203]", "special": true])
    let draft = try draft(document("smollm", addedTokens: .array(added)))
    let metadata = try metadata(GGUFTokenizer(draft, vocabularySize: 1210))
    let tokens = try #require(try metadata.strings("tokenizer.ggml.tokens"))
    #expect(tokens.count == 1210)
    #expect(Set(tokens).count == 1210)
    #expect(tokens[1203] == "[PAD1203]_")
    #expect(tokens[1209] == "[PAD1209]")
    let types = try #require(try metadata.integers("tokenizer.ggml.token_type"))
    #expect(types[1200...] == [3, 3, 4, 5, 5, 3, 3, 5, 5, 5])
  }

  @Test("More tokens than the model has rows are refused") func tooMany() throws {
    let draft = try draft(document("smollm", addedTokens: Self.added))
    #expect(throws: TokenizerError.self) { try GGUFTokenizer(draft, vocabularySize: 1205) }
  }

  // MARK: Merges of characters

  /// The pieces of a SentencePiece model as Hugging Face's converter lists them: every pair that makes a piece, best
  /// score first.
  private func sentencePiece(_ change: (inout [JSONValue]) -> Void = { _ in }) throws -> JSONObject {
    let pieces = try #require(golden.vocabularies["sentencepiece"]?.arrayValue).map { $0.arrayValue ?? [] }
    var vocabulary = JSONObject()
    var scores: [String: Double] = [:]
    var added: [JSONValue] = []
    for (id, piece) in pieces.enumerated() {
      let (text, kind) = (piece[0].stringValue ?? "", piece[2].integerValue ?? 0)
      vocabulary[text] = .integer(id)
      if [2, 3, 4].contains(kind) {
        added.append(["id": .integer(id), "content": .string(text), "special": .bool(kind != 4), "normalized": false])
      } else if kind == 1 {
        scores[text] = piece[1].doubleValue
      }
    }
    var pairs: [(left: String, right: String, score: Double)] = []
    for (text, score) in scores {
      for middle in text.unicodeScalars.indices.dropFirst() {
        let (left, right) = (String(text.unicodeScalars[..<middle]), String(text.unicodeScalars[middle...]))
        if scores[left] != nil, scores[right] != nil { pairs.append((left, right, score)) }
      }
    }
    pairs.sort { ($0.score, $1.left, $1.right) > ($1.score, $0.left, $0.right) }
    var merges: [JSONValue] = pairs.map { [.string($0.left), .string($0.right)] }
    change(&merges)
    return [
      "added_tokens": .array(added),
      "normalizer": [
        "type": "Sequence",
        "normalizers": [
          ["type": "Prepend", "prepend": "▁"], ["type": "Replace", "pattern": ["String": " "], "content": "▁"],
        ],
      ],
      "decoder": [
        "type": "Sequence",
        "decoders": [
          ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"], ["type": "Fuse"],
          ["type": "Strip", "content": " ", "start": 1, "stop": 0],
        ],
      ],
      "model": [
        "type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true, "vocab": .object(vocabulary),
        "merges": .array(merges),
      ],
    ]
  }

  @Test("Merges of characters become scores that cut hundreds of texts as SentencePiece does") func scores() throws {
    let configuration: JSONObject = ["bos_token": "<s>", "eos_token": "</s>"]
    let draft = try draft(sentencePiece(), configuration: configuration)
    let written = try GGUFTokenizer(draft, vocabularySize: 1536)
    #expect(written.warnings.isEmpty)
    let tokenizer = try readBack(written)
    try golden.check("sentencepiece") { tokenizer.encode(utf8: $0) }
    let original = Tokenizer(tables: try draft.assembled())
    for text in golden.texts.prefix(100) {
      let ids = tokenizer.encode(utf8: text)
      #expect(tokenizer.decode(ids) == original.decode(ids))
    }
  }

  @Test("A list of merges that scores cannot tell is refused, and one that they nearly can is warned of")
  func otherMerges() throws {
    // Every second pair is gone: what it would have made can still merge by its score.
    let halved = try draft(sentencePiece { $0 = $0.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) })
    let error = #expect(throws: TokenizerError.self) { try GGUFTokenizer(halved, vocabularySize: 1536) }
    #expect(error?.description.contains("model.merges") == true)
    let nearly = try draft(sentencePiece { $0.remove(at: 700) })
    #expect(try GGUFTokenizer(nearly, vocabularySize: 1536).warnings.count == 1)
  }
}
