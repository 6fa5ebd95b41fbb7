/// A run of text and whether control tokens may be recognised in it.
///
/// A chat template's own text may contain `<|im_start|>`; what a user typed may not become one. The template renderer
/// therefore marks every piece of its output with where it came from, and the tokenizer honours the mark.
public struct TextSegment: Sendable, Hashable {
  /// What the segment says.
  public var text: String
  /// Whether the text may become control tokens: only where the template itself wrote it.
  public var mayContainControlTokens: Bool

  /// A run of text with its mark.
  public init(_ text: String, mayContainControlTokens: Bool) {
    self.text = text
    self.mayContainControlTokens = mayContainControlTokens
  }
}
