/// What somebody wants of an engine that serves many.
public struct ServingRequest: Sendable {
  /// What is computed.
  public enum Goal: Sendable, Hashable {
    /// Tokens that continue the prompt.
    case answer
    /// Tokens that continue the prompt, and how probable each token of the prompt is.
    case scoredAnswer
    /// The prompt's place in the model's space: the mean of its tokens' last hidden states, of length 1.
    case embedding
  }

  /// The tokens to begin with.
  public var prompt: [Int32]
  /// Who asks. What one owner sends is never found by another, and owners get even shares of the machine.
  public var owner: String
  /// How the answer is generated; `maximumTokens` of 0 only reads the prompt, for the next request that begins like it.
  public var options: GenerationOptions
  /// What is computed.
  public var goal: Goal

  /// A request for an answer, unless told otherwise.
  public init(prompt: [Int32], owner: String = "", options: GenerationOptions = .init(), goal: Goal = .answer) {
    self.prompt = prompt
    self.owner = owner
    self.options = options
    self.goal = goal
  }
}

/// What an engine says about one request, in this order: once `started`, at most once `promptScores` or `embedding`, any
/// number of tokens, once `finished`.
public enum ServingEvent: Sendable {
  /// Nothing new, and the last news is some time ago; may come at any place before the end.
  case waiting
  /// The prompt is read; `reusedTokens` of it had been read before.
  case started(reusedTokens: Int)
  /// How probable each token of the prompt is after those before it; nothing is known of the first.
  case promptScores([SampledToken])
  /// The prompt's place in the model's space.
  case embedding([Float])
  /// One more token was chosen.
  case token(GeneratedToken)
  /// The answer is over; `lastText` was held back and belongs after the text of the tokens.
  case finished(GenerationSummary, lastText: String)
}

/// The engine has as many requests as it may.
public struct EngineOverloaded: Error, Equatable, Sendable, CustomStringConvertible {
  /// How many requests are being answered.
  public var running: Int
  /// How many wait for their turn.
  public var waiting: Int

  public var description: String {
    "\(running) requests are being answered and \(waiting) are waiting, and no more are taken; try again later"
  }
}
