/// The texts of tokens that end an answer, whatever a file says of them.
enum EndOfGeneration {
  private static let texts: Set<String> = [
    "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<end_of_turn>", "<|endoftext|>", "</s>",
    "<|eom_id|>", "<EOT>", "<|eot|>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>",
    "<|tool_response>", "<|end▁of▁sentence|>", "<｜end▁of▁sentence｜>",
  ]

  /// Whether a token with this text ends an answer.
  static func contains(_ text: String) -> Bool { texts.contains(text) }

  /// Whether a token with this text can be nothing else than a control token, so that a file that calls it a normal one is
  /// wrong; `</s>` or `[EOS]`, on the other hand, may be ordinary text in a vocabulary.
  static func isUnmistakable(_ text: String) -> Bool {
    texts.contains(text) && (text.hasPrefix("<|") || text.hasPrefix("<｜") || text.hasPrefix("<end_of_"))
  }

  /// The tokens that end an answer: those named by id, and those of `tokens` with such a text.
  static func tokens(named: [Int32?], among tokens: some Sequence<(text: String, token: Int32)>) -> Set<Int32> {
    var result = Set(named.compactMap(\.self))
    var byText: [String: Int32] = [:]
    for (text, token) in tokens where contains(text) { byText[text] = token }
    // gpt-oss ends a message with <|end|> and goes on to the next; only <|return|> and <|call|> end its answer.
    if byText["<|return|>"] != nil, byText["<|call|>"] != nil, let end = byText.removeValue(forKey: "<|end|>") {
      result.remove(end)
    }
    return result.union(byText.values)
  }
}
