import MosoFormats

/// How a new tokenizer cuts text before merging: no token reaches across such a cut.
public enum PreTokenizer: String, Sendable, Hashable, CaseIterable {
  /// Words with the space before them, runs of digits, runs of signs (Radford et al., 2019).
  case gpt2
  /// The same with each digit on its own, as SmolLM has it.
  case smollm
  /// Words that keep a sign before them and all line ends together; at most three digits.
  case llama3
  /// The same with each digit on its own, over composed characters.
  case qwen2
  /// Qwen 2's with marks counted as letters.
  case qwen35
  /// Llama 3's, which also cuts before a capital inside a word.
  case gpt4o
  /// GPT-4o's without contractions and with each digit on its own.
  case tekken
  /// Three digits, runs of Chinese and Japanese, then words.
  case deepseek3 = "deepseek-v3"

  /// The name that GGUF files have for it.
  var ggufName: String {
    switch self {
    case .gpt2: "gpt-2"
    case .llama3: "llama-bpe"
    case .gpt4o: "gpt-4o"
    default: rawValue
    }
  }

  var splitters: [Splitter] { PreTokenizerName(ggufName)?.splitters ?? [] }
  var normalization: [NormalizationStep] { PreTokenizerName(ggufName)?.normalization ?? [] }

  /// What `tokenizer.json` has for it under `pre_tokenizer`.
  var json: JSONValue {
    func byteLevel(usesExpression: Bool) -> JSONValue {
      [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": .bool(usesExpression),
      ]
    }
    if self == .gpt2 { return byteLevel(usesExpression: true) }
    var steps: [JSONValue] = splitters.compactMap { splitter in
      if case .digits(let individual) = splitter {
        return ["type": "Digits", "individual_digits": .bool(individual)]
      }
      guard let expression = SplitPattern.expression(of: splitter) else { return nil }
      return [
        "type": "Split", "pattern": ["Regex": .string(expression)], "behavior": "Isolated", "invert": false,
      ]
    }
    steps.append(byteLevel(usesExpression: false))
    return ["type": "Sequence", "pretokenizers": .array(steps)]
  }
}
