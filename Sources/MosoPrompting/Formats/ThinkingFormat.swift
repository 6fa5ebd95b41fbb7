/// What stands around a model's thoughts.
public struct ThinkingFormat: Sendable, Hashable {
  /// What begins the thoughts.
  public var opening: String
  /// What ends them.
  public var closing: String

  /// Thoughts between two texts, neither of them empty.
  public init(opening: String, closing: String) {
    precondition(!opening.isEmpty && !closing.isEmpty, "thoughts need a beginning and an end")
    self.opening = opening
    self.closing = closing
  }

  /// Thoughts in `<think>`, as DeepSeek R1, Qwen 3, SmolLM3 and most others write them.
  public static let think = ThinkingFormat(opening: "<think>", closing: "</think>")
  /// Thoughts in `[THINK]`, as Magistral writes them.
  public static let mistral = ThinkingFormat(opening: "[THINK]", closing: "[/THINK]")
  /// Thoughts as Command A writes them.
  public static let command = ThinkingFormat(opening: "<|START_THINKING|>", closing: "<|END_THINKING|>")

  /// The format that a chat template's source shows; `nil` when it shows none.
  public static func detect(inTemplate source: String) -> ThinkingFormat? {
    let bytes = Array(source.utf8)
    return [mistral, command, think].first { bytes.contains(text: $0.closing) }
  }
}
