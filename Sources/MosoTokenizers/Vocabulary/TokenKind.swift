/// What a token is for; the raw values are those of `tokenizer.ggml.token_type`.
enum TokenKind: UInt8, Sendable {
  /// A piece of text that merges produce.
  case normal = 1
  /// Stands for what the vocabulary cannot express.
  case unknown = 2
  /// Steers the model and stands for no text: a beginning, an end, a change of speaker.
  case control = 3
  /// A text that is one token wherever it stands, outside of merges.
  case userDefined = 4
  /// A place kept free.
  case unused = 5
  /// One byte of text, spelled `<0x0A>`.
  case byte = 6
}
