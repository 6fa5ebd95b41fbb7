/// Turns tokens into text while they come in, and never gives out half a character.
///
/// A character may be spread over several tokens: its bytes are held back until it is whole. What is given out, put together,
/// is what `Tokenizer.decode` makes of all the tokens.
///
/// ```swift
/// var detokenizer = StreamingDetokenizer(tokenizer)
/// for token in answer { print(detokenizer.append(token), terminator: "") }
/// print(detokenizer.finish())
/// ```
public struct StreamingDetokenizer: Sendable {
  private let tokenizer: Tokenizer
  private let skipControlTokens: Bool
  /// Whether the next byte may be the space that the tokenizer put in front of the text.
  private var stripsSpace: Bool
  /// The first bytes of a character that is not whole yet.
  private var pending: [UInt8] = []

  /// Begins a text.
  ///
  /// - Parameters:
  ///   - skipControlTokens: Whether tokens that steer the model are left out, or spelled like `<|im_end|>`.
  ///   - continuesText: Whether other text comes before, as when a model continues a sentence; then a space that the first
  ///     token begins with is kept.
  public init(_ tokenizer: Tokenizer, skipControlTokens: Bool = true, continuesText: Bool = false) {
    self.tokenizer = tokenizer
    self.skipControlTokens = skipControlTokens
    if case .characters(let scheme) = tokenizer.tables.scheme {
      stripsSpace = scheme.stripsLeadingSpace && !continuesText
    } else {
      stripsSpace = false
    }
  }

  /// Takes the next token and returns the text that is complete now; it may be empty.
  public mutating func append(_ token: Int32) -> String {
    add(token)
    return takeComplete()
  }

  /// Takes the next tokens and returns the text that is complete now.
  public mutating func append(_ tokens: some Sequence<Int32>) -> String {
    for token in tokens { add(token) }
    return takeComplete()
  }

  /// Ends the text: what is left of a character that never became whole is given out as U+FFFD.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }

  private mutating func add(_ token: Int32) {
    if tokenizer.isControl(token) {
      if skipControlTokens { return }
      stripsSpace = false
    }
    let start = pending.count
    tokenizer.appendBytes(of: token, to: &pending)
    if stripsSpace, start < pending.count {
      if pending[start] == UInt8(ascii: " ") { pending.remove(at: start) }
      stripsSpace = false
    }
  }

  private mutating func takeComplete() -> String {
    let held = UTF8Repair.lengthOfUnfinishedCharacter(in: pending)
    let text = String(decoding: pending.dropLast(held), as: UTF8.self)
    pending.removeFirst(pending.count - held)
    return text
  }
}
