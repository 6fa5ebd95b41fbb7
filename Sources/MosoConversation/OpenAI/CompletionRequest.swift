/// What somebody asks a model to continue: texts or tokens, without a conversation around them.
public struct CompletionRequest: Sendable, Hashable {
  /// One text to be continued or measured.
  public enum Prompt: Sendable, Hashable {
    /// A text, which the tokenizer takes as it is.
    case text(String)
    /// Numbers of tokens, none of them negative; whether the vocabulary has them is for the model to say.
    case tokens([Int32])
  }

  /// How many tokens are generated when a request does not say, as OpenAI has it.
  public static let defaultMaximumTokens = 16

  /// The model's name.
  public var model: String
  /// What is continued, each by itself.
  public var prompts: [Prompt]
  /// The most tokens to generate; 0 only measures the prompt; `nil` for `defaultMaximumTokens`.
  public var maximumTokens: Int?
  /// Whether the prompt stands before its continuation, with its own log-probabilities where those are asked for.
  public var echoesPrompt = false
  /// How many of the model's best tokens are reported at each place; `nil` for no log-probabilities at all.
  public var alternatives: Int?
  /// What the sampling differs in from the model's recommended one.
  public var sampling = SamplingRequest()
  /// Texts that end a continuation.
  public var stopSequences: [String]?
  /// How many continuations of each prompt; `nil` for one.
  public var count: Int?
  /// Whether the continuation comes in pieces.
  public var isStreamed = false
  /// Whether the last piece of a stream tells the usage.
  public var streamIncludesUsage = false
  /// Who asks, as the client calls them; opaque.
  public var userID: String?
  /// Where the fields stand that nobody here knows and that are not `null`.
  public var unknownFields: [String] = []

  /// A request to continue each of `prompts` once.
  public init(model: String, prompts: [Prompt]) {
    self.model = model
    self.prompts = prompts
  }
}

/// What somebody wants the meaning of, as vectors.
public struct EmbeddingRequest: Sendable, Hashable {
  /// How vectors are written.
  public enum Encoding: String, Sendable, Hashable, CaseIterable {
    /// As lists of numbers.
    case float
    /// As the bytes of 32-bit numbers, the lowest first, in Base64.
    case base64
  }

  /// The model's name.
  public var model: String
  /// What gets a vector, each by itself.
  public var inputs: [CompletionRequest.Prompt]
  /// How vectors are written.
  public var encoding = Encoding.float
  /// How many numbers a vector has; `nil` for as many as the model gives.
  public var dimensions: Int?
  /// Who asks, as the client calls them; opaque.
  public var userID: String?
  /// Where the fields stand that nobody here knows and that are not `null`.
  public var unknownFields: [String] = []

  /// A request for the vector of each of `inputs`.
  public init(model: String, inputs: [CompletionRequest.Prompt]) {
    self.model = model
    self.inputs = inputs
  }
}
