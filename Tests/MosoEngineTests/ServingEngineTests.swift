import MosoConversation
import MosoModel
import MosoTensor
import Testing

@testable import MosoEngine

@Suite("ServingEngine") struct ServingEngineTests {
  /// A tiny random model with a tokenizer (`Scripts/make_model_ggufs.py`).
  private static func model() throws -> LanguageModel {
    let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
    return try LanguageModel(gguf: folder + "/Fixtures/Models/llama3/model.gguf")
  }

  private static func prompt(_ count: Int, seed: Int = 0) -> [Int32] {
    (0..<count).map { Int32(($0 * 5 + seed * 11) % 80 + 5) }
  }

  private static func request(
    _ prompt: [Int32], count: Int = 12, seed: UInt64? = 7, owner: String = "", goal: ServingRequest.Goal = .answer
  ) -> ServingRequest {
    var sampling = SamplingParameters()
    sampling.temperature = seed == nil ? 0 : 1
    sampling.seed = seed
    let options = GenerationOptions(
      sampling: sampling, maximumTokens: count, reportedAlternatives: 2, ignoresEndOfGeneration: true)
    return ServingRequest(prompt: prompt, owner: owner, options: options, goal: goal)
  }

  /// What came of a request.
  private struct Outcome: Sendable {
    var tokens: [SampledToken] = []
    var scores: [SampledToken] = []
    var embedding: [Float] = []
    var summary: GenerationSummary?
  }

  private static func outcome(_ ticket: ServingTicket) async throws -> Outcome {
    var outcome = Outcome()
    for try await event in ticket.events {
      switch event {
      case .started, .waiting: break
      case .promptScores(let scores): outcome.scores = scores
      case .embedding(let vector): outcome.embedding = vector
      case .token(let token): outcome.tokens.append(token.sampled)
      case .finished(let summary, _): outcome.summary = summary
      }
    }
    return outcome
  }

  @Test("An answer is the same bits alone, in company, from the cache, and when pages run out", arguments: [nil, 7])
  func sameBits(seed: UInt64?) async throws {
    let model = try Self.model()
    let request = Self.request(Self.prompt(90), count: 30, seed: seed)
    let alone = try await Self.outcome(try ServingEngine(model).submit(request))
    #expect(alone.tokens.count == 30)

    let engine = try ServingEngine(model)
    let others = try (1..<16).map { try engine.submit(Self.request(Self.prompt(40 + $0 * 3, seed: $0), count: 20)) }
    let company = try await Self.outcome(try engine.submit(request))
    #expect(company.tokens == alone.tokens)
    for other in others { #expect(try await Self.outcome(other).tokens.count == 20) }

    let again = try await Self.outcome(try engine.submit(request))
    #expect(again.tokens == alone.tokens)
    // The last token is always read.
    #expect(again.summary?.cachedTokens == 89)
    #expect(company.summary?.cachedTokens == 0)

    var options = ServingOptions()
    options.contextLength = 128
    options.cacheBytes = 1
    options.running = 4
    options.promptTokens = 7
    options.promptTokensBesideAnswers = 5
    let narrow = try ServingEngine(model, options: options)
    let crowd = try (0..<8).map { try narrow.submit(Self.request(Self.prompt(90, seed: $0), count: 30, seed: seed)) }
    #expect(try await Self.outcome(crowd[0]).tokens == alone.tokens)
    for ticket in crowd.dropFirst() { #expect(try await Self.outcome(ticket).tokens.count == 30) }
    // The last news of an answer comes a moment before its pages are given back.
    while narrow.load.running > 0 { await Task.yield() }
    #expect(narrow.load.usedPages == 0)
    #expect(narrow.load.lostPages == 0)
  }

  @Test("It is the answer that a session gives") func session() async throws {
    let model = try Self.model()
    let request = Self.request(Self.prompt(20))
    var tokens: [SampledToken] = []
    for try await case .token(let token) in try Session(model).generate(request.prompt, options: request.options) {
      tokens.append(token.sampled)
    }
    #expect(try await Self.outcome(try ServingEngine(model).submit(request)).tokens == tokens)
  }

  @Test("The probabilities of a prompt are those of its tokens as answers, however it is cut") func promptScores()
    async throws
  {
    let model = try Self.model()
    let prompt = Self.prompt(70)
    let whole = try await Self.outcome(
      try ServingEngine(model).submit(Self.request(prompt, count: 1, goal: .scoredAnswer)))
    #expect(whole.scores.count == 69)
    #expect(whole.scores.map(\.token) == Array(prompt.dropFirst()))
    var options = ServingOptions()
    options.promptTokens = 9
    let engine = try ServingEngine(model, options: options)
    _ = try await Self.outcome(try engine.submit(Self.request(prompt, count: 1)))
    let cut = try await Self.outcome(try engine.submit(Self.request(prompt, count: 1, goal: .scoredAnswer)))
    #expect(cut.scores == whole.scores)
    // The probability of a token after a prompt is what an answer reports that chose it.
    var request = Self.request(Array(prompt.prefix(50)), count: 1, seed: nil)
    request.options.sampling.logitBias = [prompt[50]: 1_000]
    let forced = try await Self.outcome(try engine.submit(request))
    #expect(forced.tokens.first?.token == prompt[50])
    #expect(forced.tokens.first?.logProbability == whole.scores[49].logProbability)
  }

  @Test("An embedding is that of a session, alone and in company") func embedding() async throws {
    let model = try Self.model()
    let expected = try await Session(model).embedding(of: Self.prompt(33))
    let engine = try ServingEngine(model)
    let answer = try engine.submit(Self.request(Self.prompt(50, seed: 3), count: 40))
    let embedding = try engine.submit(ServingRequest(prompt: Self.prompt(33), goal: .embedding))
    #expect(try await Self.outcome(embedding).embedding == expected)
    #expect(try await Self.outcome(answer).tokens.count == 40)
  }

  @Test("Embeddings that are computed together are those of each text alone") func manyEmbeddings() async throws {
    let model = try Self.model()
    let engine = try ServingEngine(model)
    let prompts = (1...24).map { Self.prompt(1 + 7 * $0 % 40, seed: $0) }
    let tickets = try prompts.map { try engine.submit(ServingRequest(prompt: $0, goal: .embedding)) }
    for (prompt, ticket) in zip(prompts, tickets) {
      let expected = try await Session(model).embedding(of: prompt)
      #expect(try await Self.outcome(ticket).embedding == expected)
    }
  }

  @Test("Asking for no token reads the prompt for the next request") func warming() async throws {
    let engine = try ServingEngine(try Self.model())
    let warm = try await Self.outcome(try engine.submit(Self.request(Self.prompt(70), count: 0)))
    #expect(warm.tokens.isEmpty)
    #expect(warm.summary?.stopReason == .maximumTokens)
    #expect(warm.summary?.generatedTokens == 0)
    let next = try await Self.outcome(try engine.submit(Self.request(Self.prompt(75), count: 2)))
    #expect(next.summary?.cachedTokens == 64)
  }

  @Test("One owner's prompts are not found by another") func owners() async throws {
    let engine = try ServingEngine(try Self.model())
    _ = try await Self.outcome(try engine.submit(Self.request(Self.prompt(70), owner: "ada")))
    let stranger = try await Self.outcome(try engine.submit(Self.request(Self.prompt(70), owner: "bob")))
    #expect(stranger.summary?.cachedTokens == 0)
    let friend = try await Self.outcome(try engine.submit(Self.request(Self.prompt(70), owner: "ada")))
    #expect(friend.summary?.cachedTokens == 64)
  }

  @Test("A stream that is dropped, and one that is cancelled, give their pages back") func dropping() async throws {
    let engine = try ServingEngine(try Self.model())
    for index in 0..<6 {
      let ticket = try engine.submit(Self.request(Self.prompt(30, seed: index), count: 10_000))
      if index % 2 == 0 {
        for try await case .token in ticket.events { break }
      } else {
        for try await case .token in ticket.events {
          ticket.cancel()
          break
        }
      }
    }
    while engine.load.running + engine.load.waiting > 0 { await Task.yield() }
    #expect(engine.load.usedPages == 0)
    #expect(engine.load.lostPages == 0)
  }

  @Test("What cannot be served is refused before anything is computed") func refusals() async throws {
    var options = ServingOptions()
    options.contextLength = 64
    options.running = 1
    options.waiting = 0
    let engine = try ServingEngine(try Self.model(), options: options)
    #expect(throws: GenerationError.emptyPrompt) { try engine.submit(Self.request([])) }
    #expect(throws: GenerationError.promptTooLong(tokens: 64, contextLength: 64)) {
      try engine.submit(Self.request(Self.prompt(64)))
    }
    #expect(throws: GenerationError.self) { try engine.submit(Self.request([1, 1_000_000])) }
    #expect(throws: SamplingParameterError.self) {
      var request = Self.request(Self.prompt(3))
      request.options.sampling.topP = 2
      _ = try engine.submit(request)
    }
    let first = try engine.submit(Self.request(Self.prompt(3), count: 50))
    #expect(throws: EngineOverloaded.self) { try engine.submit(Self.request(Self.prompt(3))) }
    #expect(try await Self.outcome(first).tokens.count == 50)
    #expect(try await Self.outcome(try engine.submit(Self.request(Self.prompt(3), count: 2))).tokens.count == 2)
  }

  @Test("The context's end is said and not hidden") func contextFull() async throws {
    var options = ServingOptions()
    options.contextLength = 24
    let engine = try ServingEngine(try Self.model(), options: options)
    let outcome = try await Self.outcome(try engine.submit(Self.request(Self.prompt(20), count: 100)))
    #expect(outcome.summary?.stopReason == .contextFull)
    #expect(outcome.tokens.count == 5)
  }
}
