/// A run of text and whether control tokens may be recognised in it.
///
/// A chat template's own text may contain `<|im_start|>`; what a user typed may not become one. The template renderer
/// therefore marks every piece of its output with where it came from, and the tokenizer honours the mark.
public struct TextSegment: Sendable, Hashable {
  public var text: String
  public var mayContainControlTokens: Bool

  public init(_ text: String, mayContainControlTokens: Bool) {
    self.text = text
    self.mayContainControlTokens = mayContainControlTokens
  }
}
