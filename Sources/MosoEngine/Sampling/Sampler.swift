public import MosoConstraints
public import MosoConversation
import MosoRandom
import MosoTensor

/// A token with its log-probability under the model, before any sampling parameter.
public struct ScoredToken: Sendable, Hashable {
  /// The token's number in the vocabulary.
  public var token: Int32
  /// The natural logarithm of the token's probability.
  public var logProbability: Float

  /// A token with the natural logarithm of its probability.
  public init(token: Int32, logProbability: Float) {
    self.token = token
    self.logProbability = logProbability
  }
}

/// A chosen token and, where asked for, the model's own best ones.
public struct SampledToken: Sendable, Hashable {
  /// The number of the token that was chosen.
  public var token: Int32
  /// The natural logarithm of its probability under the model; `nil` unless log-probabilities were asked for.
  public var logProbability: Float?
  /// The tokens that the model gives the highest probabilities, best first; as many as were asked for.
  public var alternatives: [ScoredToken] = []
}

/// No token can be chosen.
public enum SamplingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The scores that a model gave are not numbers.
  case scoresNotFinite
  /// Of the tokens that may come next, none has a score.
  case nothingToChoose

  public var description: String {
    switch self {
    case .scoresNotFinite:
      "the model's scores are not finite numbers; its file is damaged or its values overflow a half, so check the file's hash or use an f32 cache"
    case .nothingToChoose:
      "no token that the answer's form allows next can be chosen, which is a fault of this program; a simpler schema may do"
    }
  }
}

/// Chooses tokens for one sequence.
///
/// The choice depends on the scores, the parameters and the tokens accepted so far: never on other sequences.
public struct Sampler: Sendable {
  /// How tokens are chosen.
  public let parameters: SamplingParameters
  /// How many alternatives to report; `nil` for no log-probabilities at all.
  public let reportedAlternatives: Int?
  private var generator: RandomNumbers
  private var history: [Int32]
  private var generatedCounts: [Int32: Int] = [:]

  /// Chooses by `parameters`, beginning with the tokens of a prompt as its history.
  ///
  /// - Parameters:
  ///   - prompt: The tokens before the first choice, which the repetition penalty counts.
  ///   - seed: Used when the parameters name none.
  public init(
    _ parameters: SamplingParameters, prompt: [Int32] = [], reportedAlternatives: Int? = nil,
    seed: UInt64 = .random(in: 0 ... .max)
  ) {
    self.parameters = parameters
    self.reportedAlternatives = reportedAlternatives
    history = parameters.repetitionPenalty == 1 ? [] : prompt
    generator = RandomNumbers(seed: parameters.seed ?? seed)
  }

  /// Chooses the next token from `row`, one score per token of the vocabulary, and remembers it.
  ///
  /// - Parameter mask: The tokens that may be chosen; `nil` for all of them.
  public mutating func next(from row: Span<Float>, allowing mask: TokenMask? = nil) throws(SamplingError)
    -> SampledToken
  {
    guard let best = Scores.best(of: row) else { throw .scoresNotFinite }
    // Copying a row of scores takes longer than finding the best of it.
    if takesBest && mask?.isEverything != false {
      remember(Int32(best))
      return SampledToken(token: Int32(best))
    }
    var scores = Scores(row)
    let model = reportedAlternatives.map { _ in scores }
    adjust(&scores)
    if let mask, !mask.isEverything { scores.keep(mask.words) }
    guard let best = scores.best else { throw .nothingToChoose }
    var chosen = Int32(best)
    if draws {
      chosen = draw(from: &scores, best: chosen)
    }
    remember(chosen)
    guard let model, let reportedAlternatives else { return SampledToken(token: chosen) }
    return Self.report(chosen, model, alternatives: reportedAlternatives)
  }

  /// Takes `token` as if it had been chosen, and remembers it.
  mutating func take(_ token: Int32, from row: Span<Float>) throws(SamplingError) -> SampledToken {
    remember(token)
    guard let reportedAlternatives else { return SampledToken(token: token) }
    let model = Scores(row)
    guard model.best != nil else { throw .scoresNotFinite }
    return Self.report(token, model, alternatives: reportedAlternatives)
  }

  // MARK: Steps

  private var draws: Bool { parameters.temperature > 0 && parameters.topK != 1 }

  /// Whether the model's own best token is chosen, and nothing more is to be said about it.
  private var takesBest: Bool {
    !draws && reportedAlternatives == nil && parameters.logitBias.isEmpty && parameters.repetitionPenalty == 1
      && generatedCounts.isEmpty
  }

  private mutating func remember(_ token: Int32) {
    if parameters.repetitionPenalty != 1 { history.append(token) }
    if parameters.presencePenalty != 0 || parameters.frequencyPenalty != 0 {
      generatedCounts[token, default: 0] += 1
    }
  }

  private func adjust(_ scores: inout Scores) {
    for (token, bias) in parameters.logitBias where Int(token) < scores.count { scores[Int(token)] += bias }
    if parameters.repetitionPenalty != 1 {
      let window = parameters.repetitionWindow == 0 ? history.count : parameters.repetitionWindow
      for token in Set(history.suffix(window)) where Int(token) < scores.count {
        let score = scores[Int(token)]
        scores[Int(token)] =
          score > 0 ? score / parameters.repetitionPenalty : score * parameters.repetitionPenalty
      }
    }
    for (token, count) in generatedCounts where Int(token) < scores.count {
      scores[Int(token)] -= parameters.presencePenalty + Float(count) * parameters.frequencyPenalty
    }
  }

  private mutating func draw(from scores: inout Scores, best: Int32) -> Int32 {
    scores.scale(by: 1 / parameters.temperature)
    scores.softmax()
    let point = generator.uniform()
    var candidates: Candidates
    if parameters.topK > 0 && parameters.topK < scores.count {
      candidates = Candidates(best: parameters.topK, of: scores.values)
    } else if parameters.typicalP < 1 {
      candidates = Candidates(holding: 1, of: scores.values)
    } else if parameters.topP < 1 {
      candidates = Candidates(holding: parameters.topP, of: scores.values)
    } else if parameters.minP > 0 {
      candidates = Candidates(above: parameters.minP * scores[Int(best)], of: scores.values)
    } else {
      return Self.token(at: point, of: scores.values) ?? best
    }
    if parameters.typicalP < 1 { candidates.keepTypical(mass: parameters.typicalP) }
    if parameters.topP < 1 { candidates.keepTop(mass: parameters.topP) }
    if parameters.minP > 0 { candidates.keepAbove(share: parameters.minP) }
    return candidates.token(at: point) ?? best
  }

  /// The token at `point` of the probabilities cumulated in the order of the vocabulary.
  private static func token(at point: Double, of probabilities: [Float]) -> Int32? {
    var left = point
    var last: Int32?
    for (token, probability) in probabilities.enumerated() where probability > 0 {
      left -= Double(probability)
      last = Int32(token)
      if left < 0 { break }
    }
    return last
  }

  /// A token with its log-probability under the model, and the `alternatives` best ones.
  static func report(_ token: Int32, _ model: Scores, alternatives: Int) -> SampledToken {
    var probabilities = model
    let normalizer = probabilities.softmax()
    var sampled = SampledToken(token: token, logProbability: model[Int(token)] - normalizer)
    if alternatives > 0 {
      sampled.alternatives = Candidates(best: alternatives, of: model.values).list.map {
        ScoredToken(token: $0.token, logProbability: $0.probability - normalizer)
      }
    }
    return sampled
  }
}
