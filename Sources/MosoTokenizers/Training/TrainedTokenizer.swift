public import MosoFormats

/// A tokenizer as it was learned, ready to be written.
public struct TrainedTokenizer: Sendable {
  /// Two tokens that become one.
  struct Merge: Sendable {
    var left: [UInt8]
    var right: [UInt8]
  }

  let preTokenizer: PreTokenizer
  let controlTokens: [String]
  /// The bytes of each token after the control tokens.
  let pieces: [[UInt8]]
  let merges: [Merge]

  /// How many tokens there are.
  public var vocabularySize: Int { controlTokens.count + pieces.count }

  /// The contents of a `tokenizer.json`, which Hugging Face's `tokenizers` reads too.
  ///
  /// The first control token stands before every text: in training it comes between documents, so that a model expects it
  /// where one begins.
  public var json: [UInt8] {
    var vocabulary = JSONObject()
    for (id, token) in controlTokens.enumerated() { vocabulary[token] = .integer(id) }
    for (place, piece) in pieces.enumerated() {
      vocabulary[ByteCharacters.piece(for: piece)] = .integer(controlTokens.count + place)
    }
    let merges: [JSONValue] = merges.map { merge in
      .array([.string(ByteCharacters.piece(for: merge.left)), .string(ByteCharacters.piece(for: merge.right))])
    }
    let first = JSONValue.string(controlTokens[0])
    let beginning: JSONValue = ["SpecialToken": ["id": first, "type_id": 0]]
    func text(_ name: String, _ type: Int) -> JSONValue {
      ["Sequence": ["id": .string(name), "type_id": .integer(type)]]
    }
    let content: JSONValue = [
      "version": "1.0",
      "truncation": nil,
      "padding": nil,
      "added_tokens": .array(
        controlTokens.enumerated().map { id, token in
          [
            "id": .integer(id), "content": .string(token), "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true,
          ]
        }),
      "normalizer": preTokenizer.normalization.contains(.composition) ? ["type": "NFC"] : nil,
      "pre_tokenizer": preTokenizer.json,
      "post_processor": [
        "type": "TemplateProcessing",
        "single": [beginning, text("A", 0)],
        "pair": [beginning, text("A", 0), text("B", 1)],
        "special_tokens": .object([
          controlTokens[0]: ["id": first, "ids": [0], "tokens": [first]]
        ]),
      ],
      "decoder": ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true],
      "model": [
        "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil, "end_of_word_suffix": nil,
        "fuse_unk": false, "byte_fallback": false, "ignore_merges": false, "vocab": .object(vocabulary),
        "merges": .array(merges),
      ],
    ]
    return content.serializedBytes(indentation: 1)
  }

  /// The contents of a `tokenizer_config.json`.
  public var configuration: JSONObject {
    [
      "tokenizer_class": "PreTrainedTokenizerFast",
      "bos_token": .string(controlTokens[0]),
      "eos_token": .string(controlTokens[0]),
      "add_bos_token": true,
      "clean_up_tokenization_spaces": false,
    ]
  }
}
