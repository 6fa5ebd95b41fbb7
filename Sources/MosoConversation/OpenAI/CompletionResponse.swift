/// Continuations of texts.
public struct CompletionResponse: Sendable, Hashable {
  /// One continuation.
  public struct Choice: Sendable, Hashable {
    /// The continuation, after the prompt where that was asked for.
    public var text: String
    /// Why it ended.
    public var stopReason: StopReason
    /// The tokens of the text; `nil` where no log-probabilities were asked for.
    public var tokens: [MeasuredToken]?

    /// A continuation.
    public init(text: String, stopReason: StopReason, tokens: [MeasuredToken]? = nil) {
      self.text = text
      self.stopReason = stopReason
      self.tokens = tokens
    }
  }

  /// Names this answer.
  public var id: String
  /// The model that gave it.
  public var model: String
  /// The continuations: all of the first prompt, then all of the second …
  public var choices: [Choice]
  /// What all of them took.
  public var usage: Usage

  /// Continuations of one request's texts.
  public init(id: String, model: String, choices: [Choice], usage: Usage) {
    self.id = id
    self.model = model
    self.choices = choices
    self.usage = usage
  }
}

/// A token of a prompt or of its continuation, with its log-probability at that place.
public struct MeasuredToken: Sendable, Hashable {
  /// The token's bytes, which may be a part of a character.
  public var bytes: [UInt8]
  /// The natural logarithm of its probability; `nil` for the first token of a prompt, which nothing comes before.
  public var logProbability: Float?
  /// The tokens with the highest probabilities, best first.
  public var best: [TokenLogProbability.Alternative]

  /// A token with its log-probability.
  public init(bytes: [UInt8], logProbability: Float?, best: [TokenLogProbability.Alternative]) {
    self.bytes = bytes
    self.logProbability = logProbability
    self.best = best
  }

  /// A generated token.
  public init(_ token: TokenLogProbability) {
    self.init(bytes: token.chosen.bytes, logProbability: token.chosen.logProbability, best: token.best)
  }
}
