import MosoConstraints
import MosoFormats
import MosoPrompting
import MosoTokenizers

/// A vocabulary of the 256 bytes, with markers as control tokens behind them.
struct ByteVocabulary {
  static let end = "<|im_end|>"
  let tokenizer: Tokenizer
  let trie: TokenTrie
  private let tokens: [String: Int32]

  init(controlTokens: [String]) throws {
    var vocabulary = JSONObject()
    // The characters that byte-level vocabularies write bytes with: printable ones for themselves, others from U+0100.
    var next: UInt32 = 0x100
    for byte in UInt32(0)..<256 {
      var point = byte
      if !(0x21...0x7E).contains(byte) && !(0xA1...0xAC).contains(byte) && byte < 0xAE {
        point = next
        next += 1
      }
      vocabulary[Unicode.Scalar(point).map { String($0) } ?? ""] = .integer(Int(byte))
    }
    let names = [Self.end] + controlTokens
    tokens = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32(256 + $0)) })
    let added = names.enumerated().map { index, name -> JSONValue in
      [
        "id": .integer(256 + index), "content": .string(name), "special": true, "single_word": false, "lstrip": false,
        "rstrip": false, "normalized": false,
      ]
    }
    let json: JSONValue = [
      "version": "1.0", "added_tokens": .array(added), "normalizer": nil,
      "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
      "post_processor": nil, "decoder": ["type": "ByteLevel"],
      "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": []],
    ]
    tokenizer = try Tokenizer(json: json.serializedBytes(), configuration: ["eos_token": .string(Self.end)])
    trie = TokenTrie(tokenizer)
  }

  func controlToken(_ text: String) -> Int32? { tokens[text] }

  func constraint(_ grammar: Grammar) throws -> Constraint { try Constraint(grammar, trie) }

  func accepts(_ answer: String, _ grammar: Grammar) throws -> Bool { accepts(answer, try constraint(grammar)) }

  /// Whether an answer may be written and may end; control tokens stand between `⟦` and `⟧`.
  func accepts(_ answer: String, _ constraint: Constraint) -> Bool {
    var matcher = ConstraintMatcher(constraint)
    for piece in ReaderKind.pieces(answer) {
      let tokens = piece.isControl ? [controlToken(piece.text) ?? -1] : piece.text.utf8.map { Int32($0) }
      for token in tokens where !matcher.accept(token) { return false }
    }
    return matcher.mayEnd
  }
}
