import MosoConversation
import Testing

@testable import MosoEngine

@Suite("Sampler") struct SamplerTests {
  private let scores: [Float] = [1, 3, 2, 3, -1, 0.5, 2.5, -4]

  /// How often each token comes in `count` draws.
  private func frequencies(_ parameters: SamplingParameters, _ scores: [Float], count: Int = 20_000) throws -> [Double]
  {
    var parameters = parameters
    parameters.seed = 42
    var sampler = Sampler(parameters)
    var counts = [Double](repeating: 0, count: scores.count)
    for _ in 0..<count { counts[Int(try sampler.next(from: scores.span).token)] += 1 }
    return counts.map { $0 / Double(count) }
  }

  private func softmax(_ scores: [Float], keeping kept: Set<Int>? = nil, temperature: Double = 1) -> [Double] {
    let weights = scores.indices.map { index in
      kept?.contains(index) ?? true ? exponential((Double(scores[index]) - 3) / temperature) : 0
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  private func exponential(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for n in 1...30 {
      term *= x / 256 / Double(n)
      sum += term
    }
    return (0..<8).reduce(sum) { value, _ in value * value }
  }

  private func expect(_ found: [Double], _ expected: [Double]) {
    for (a, b) in zip(found, expected) {
      // Four standard deviations of a frequency over 20,000 draws.
      #expect(abs(a - b) <= 4 * (b * (1 - b) / 20_000).squareRoot() + 1e-9)
    }
  }

  @Test("Greedy takes the best token, the first among equals") func greedy() throws {
    var sampler = Sampler(.greedy)
    #expect(try sampler.next(from: scores.span).token == 1)
  }

  @Test("Without truncation the model's distribution comes out", arguments: [0.5, 1, 2] as [Float])
  func temperature(temperature: Float) throws {
    var parameters = SamplingParameters()
    parameters.temperature = temperature
    expect(try frequencies(parameters, scores), softmax(scores, temperature: Double(temperature)))
  }

  @Test("Top-k keeps the best and renormalises") func topK() throws {
    var parameters = SamplingParameters()
    parameters.topK = 3
    expect(try frequencies(parameters, scores), softmax(scores, keeping: [1, 3, 6]))
  }

  @Test("Top-p keeps the fewest best tokens that hold the mass") func topP() throws {
    var parameters = SamplingParameters()
    // The probabilities in order: 0.311, 0.311, 0.189, …: two hold 0.623, three 0.812.
    parameters.topP = 0.65
    expect(try frequencies(parameters, scores), softmax(scores, keeping: [1, 3, 6]))
  }

  @Test("Min-p drops what is improbable beside the best") func minP() throws {
    var parameters = SamplingParameters()
    // exp(-1) is 0.37: tokens 2 (score 2) and 6 (2.5) stay, token 0 (score 1) goes.
    parameters.minP = 0.3
    expect(try frequencies(parameters, scores), softmax(scores, keeping: [1, 2, 3, 6]))
  }

  @Test("Typical-p keeps the tokens whose surprise is closest to the expected one") func typicalP() throws {
    var parameters = SamplingParameters()
    // The expected surprise is 1.55; token 6 (probability 0.189) is off by 0.12, tokens 1 and 3 (0.311) by 0.38, token 2
    // (0.115) by 0.62: two of them hold 0.5, four hold 0.93.
    parameters.typicalP = 0.4
    expect(try frequencies(parameters, scores), softmax(scores, keeping: [1, 6]))
    parameters.typicalP = 0.85
    expect(try frequencies(parameters, scores), softmax(scores, keeping: [1, 2, 3, 6]))
    parameters.typicalP = 0.15
    expect(try frequencies(parameters, scores), softmax(scores, keeping: [6]))
  }

  @Test("The frequency penalty grows with every time a token was generated") func frequencyPenalty() throws {
    var parameters = SamplingParameters.greedy
    parameters.frequencyPenalty = 0.3
    // The prompt does not count. Tokens 1 and 3 begin at 3, token 6 at 2.5, token 2 at 2.
    var sampler = Sampler(parameters, prompt: [1, 1, 1])
    let chosen = try (0..<7).map { _ in try sampler.next(from: scores.span).token }
    #expect(chosen == [1, 3, 1, 3, 6, 1, 3])
  }

  @Test("Bias and penalties change scores before anything else") func biasAndPenalties() throws {
    var biased = SamplingParameters.greedy
    biased.logitBias = [7: 10, 99: 5]
    var sampler = Sampler(biased)
    #expect(try sampler.next(from: scores.span).token == 7)

    var repeating = SamplingParameters.greedy
    repeating.repetitionPenalty = 2
    sampler = Sampler(repeating, prompt: [1])
    #expect(try sampler.next(from: scores.span).token == 3)
    #expect(try sampler.next(from: scores.span).token == 6)

    var present = SamplingParameters.greedy
    present.presencePenalty = 1
    sampler = Sampler(present, prompt: [1])
    #expect(try (0..<4).map { _ in try sampler.next(from: scores.span).token } == [1, 3, 6, 1])
  }

  @Test("A seed repeats itself and two differ") func seeds() throws {
    func draw(_ seed: UInt64) throws -> [Int32] {
      var parameters = SamplingParameters()
      parameters.seed = seed
      var sampler = Sampler(parameters)
      return try (0..<50).map { _ in try sampler.next(from: scores.span).token }
    }
    #expect(try draw(1) == draw(1))
    #expect(try draw(1) != draw(2))
  }

  @Test("Log-probabilities are the model's own, whatever the parameters") func logProbabilities() throws {
    var parameters = SamplingParameters()
    parameters.temperature = 0.3
    parameters.topK = 2
    parameters.seed = 5
    var sampler = Sampler(parameters, reportedAlternatives: 3)
    let token = try sampler.next(from: scores.span)
    let expected = softmax(scores)
    let found = exponential(Double(try #require(token.logProbability)))
    #expect(abs(found - expected[Int(token.token)]) < 1e-5)
    #expect(token.alternatives.map(\.token) == [1, 3, 6])
  }

  @Test("Scores that are not numbers are an error", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) {
    var sampler = Sampler(.greedy)
    #expect(throws: SamplingError.self) { try sampler.next(from: [value, value].span) }
  }

  @Test("Parameters out of range are named") func validation() {
    var parameters = SamplingParameters()
    parameters.topP = 1.5
    #expect(throws: SamplingParameterError(parameter: "top_p", found: "1.5", expected: "between 0 and 1")) {
      try parameters.validate()
    }
  }
}
