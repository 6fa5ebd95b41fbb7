/// How the next token is chosen from the model's scores.
///
/// The defaults choose from the model's own distribution. Steps apply in this order: bias, penalties, temperature,
/// top-k, typical, top-p, min-p; each truncation sees the renormalised result of the one before.
public struct SamplingParameters: Sendable, Hashable {
  /// What the scores are divided by; 0 always takes the best token.
  public var temperature: Float = 1
  /// How many of the best tokens are kept; 0 keeps all.
  public var topK: Int = 0
  /// The least probability mass that the kept tokens hold together; 1 keeps all.
  public var topP: Float = 1
  /// Tokens less probable than this share of the best one are dropped; 0 keeps all.
  public var minP: Float = 0
  /// The mass of locally typical tokens (Meister et al., 2023) that is kept; 1 keeps all.
  public var typicalP: Float = 1
  /// Scores of tokens seen in the window are divided (or, if negative, multiplied) by this; 1 does nothing.
  public var repetitionPenalty: Float = 1
  /// How many of the latest tokens, the prompt's included, the repetition penalty looks at; 0 for all.
  public var repetitionWindow: Int = 64
  /// Subtracted from the scores of tokens already generated.
  public var presencePenalty: Float = 0
  /// Subtracted from the scores of tokens already generated, once for each time.
  public var frequencyPenalty: Float = 0
  /// Added to the scores of single tokens.
  public var logitBias: [Int32: Float] = [:]
  /// Makes the choice repeatable; `nil` draws a new one.
  public var seed: UInt64?

  /// The model's own distribution, without a fixed seed.
  public init() {}

  /// Always the best token.
  public static var greedy: SamplingParameters {
    var parameters = SamplingParameters()
    parameters.temperature = 0
    return parameters
  }
}

/// A sampling parameter outside its range.
public struct SamplingParameterError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The parameter's name, as in `top_p`.
  public var parameter: String
  /// The value, in words.
  public var found: String
  /// The range, in words.
  public var expected: String

  /// An error about one value.
  public init(parameter: String, found: String, expected: String) {
    self.parameter = parameter
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(parameter) is \(found), but has to be \(expected)" }
}

extension SamplingParameters {
  /// Checks every range.
  ///
  /// - Throws: The first parameter that is out of range, with what was expected.
  public func validate() throws(SamplingParameterError) {
    try check("temperature", temperature, 0...100, "between 0 and 100")
    if topK < 0 { throw SamplingParameterError(parameter: "top_k", found: "\(topK)", expected: "0 or more") }
    try check("top_p", topP, 0...1, "between 0 and 1")
    try check("min_p", minP, 0...1, "between 0 and 1")
    try check("typical_p", typicalP, 0...1, "between 0 and 1")
    try check("repetition_penalty", repetitionPenalty, 0.01...100, "between 0.01 and 100")
    if repetitionWindow < 0 {
      throw SamplingParameterError(
        parameter: "repetition_window", found: "\(repetitionWindow)", expected: "0 or more")
    }
    try check("presence_penalty", presencePenalty, -100...100, "between -100 and 100")
    try check("frequency_penalty", frequencyPenalty, -100...100, "between -100 and 100")
    for (token, bias) in logitBias.sorted(by: { $0.key < $1.key }) {
      if token < 0 {
        throw SamplingParameterError(parameter: "logit_bias", found: "token \(token)", expected: "a token id")
      }
      try check("logit_bias of token \(token)", bias, -1_000...1_000, "between -1000 and 1000")
    }
  }

  private func check(
    _ name: String, _ value: Float, _ range: ClosedRange<Float>, _ expected: String
  ) throws(SamplingParameterError) {
    guard range.contains(value) else {
      throw SamplingParameterError(parameter: name, found: "\(value)", expected: expected)
    }
  }
}
