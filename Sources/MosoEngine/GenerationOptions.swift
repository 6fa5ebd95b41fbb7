public import MosoConstraints
public import MosoConversation

/// How one answer is generated.
public struct GenerationOptions: Sendable {
  /// How each token is chosen from the model's scores.
  public var sampling: SamplingParameters
  /// The most tokens to generate; `nil` for as many as the context holds.
  public var maximumTokens: Int?
  /// Texts that end the answer when they come up in it; they are not part of it.
  public var stopStrings: [String]
  /// What the answer has to look like; `nil` for anything. It ends where nothing more may come.
  public var constraint: Constraint?
  /// How long the model may think; `nil` for as long as it likes.
  public var thoughtBudget: ThoughtBudget?
  /// How many alternatives to report with each token; `nil` for no log-probabilities at all. They are the model's own,
  /// whatever a constraint allows.
  public var reportedAlternatives: Int?
  /// Goes on when the model says it is done: for measuring.
  public var ignoresEndOfGeneration: Bool

  /// An answer that ends where the model ends it and reports no log-probabilities, unless told otherwise.
  public init(
    sampling: SamplingParameters = .init(), maximumTokens: Int? = nil, stopStrings: [String] = [],
    constraint: Constraint? = nil, reportedAlternatives: Int? = nil, ignoresEndOfGeneration: Bool = false
  ) {
    self.sampling = sampling
    self.maximumTokens = maximumTokens
    self.stopStrings = stopStrings
    self.constraint = constraint
    self.reportedAlternatives = reportedAlternatives
    self.ignoresEndOfGeneration = ignoresEndOfGeneration
  }
}

/// One step of an answer.
public struct GeneratedToken: Sendable {
  /// The chosen token, with the log-probabilities that were asked for.
  public var sampled: SampledToken
  /// The text that is complete now; empty while a character or a possible stop string is held back.
  public var text: String
}

/// How an answer ended and what it took.
public struct GenerationSummary: Sendable, Hashable {
  /// Why the answer ended.
  public var stopReason: StopReason
  /// The tokens of the prompt, those found in the cache included.
  public var promptTokens: Int
  /// How many of the prompt's tokens had been read before.
  public var cachedTokens: Int
  /// How many tokens were chosen, the one that ended the answer included.
  public var generatedTokens: Int
  /// How long the request waited before anything of it was read.
  public var waitTime: Duration = .zero
  /// How long reading the new part of the prompt took, up to the first choice.
  public var prefillTime: Duration
  /// How long everything after that took.
  public var decodeTime: Duration

  /// Generated tokens per second, without the prompt's time.
  public var tokensPerSecond: Double {
    let seconds = decodeTime / .seconds(1)
    return generatedTokens > 1 && seconds > 0 ? Double(generatedTokens - 1) / seconds : 0
  }
}

/// What an answer's stream carries: its tokens one by one, then how it ended.
public enum GenerationStep: Sendable {
  /// One more token was chosen; the one that ends the answer comes too.
  case token(GeneratedToken)
  /// The answer is over; `lastText` was held back and belongs after the text of the tokens.
  case finished(GenerationSummary, lastText: String)
}

/// A request that cannot be served as it is.
public enum GenerationError: Error, Equatable, Sendable {
  /// The prompt has no tokens.
  case emptyPrompt
  /// The prompt fills the context or goes beyond it, so that no room is left for an answer.
  case promptTooLong(tokens: Int, contextLength: Int)
  /// The prompt has a token that is not in the model's vocabulary.
  case tokenOutOfRange(token: Int32, vocabularySize: Int)
  /// Less than one token was asked for.
  case nothingToGenerate(maximumTokens: Int)
}

extension GenerationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .emptyPrompt: "the prompt has no tokens; give at least one character"
    case .promptTooLong(let tokens, let contextLength):
      "the prompt has \(tokens) tokens and the context holds \(contextLength), one of them for the answer; shorten the prompt or raise the context length"
    case .tokenOutOfRange(let token, let vocabularySize):
      "token \(token) is not in the model's vocabulary of \(vocabularySize)"
    case .nothingToGenerate(let maximumTokens):
      "\(maximumTokens) tokens were asked for; ask for at least 1"
    }
  }
}
