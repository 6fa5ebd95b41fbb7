import MosoConversation
import MosoModel
import MosoTensor
import Synchronization
import Testing

@testable import MosoEngine

@Suite("Session") struct SessionTests {
  /// A tiny random model with a tokenizer (`Scripts/make_model_ggufs.py`).
  private static func model(_ name: String = "llama3") throws -> LanguageModel {
    let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
    return try LanguageModel(gguf: folder + "/Fixtures/Models/\(name)/model.gguf")
  }

  private static let prompt: [Int32] = (0..<20).map { Int32($0 * 5 % 80 + 5) }

  private static func options(_ count: Int, seed: UInt64? = nil) -> GenerationOptions {
    var sampling = SamplingParameters()
    sampling.temperature = seed == nil ? 0 : 1
    sampling.seed = seed
    return GenerationOptions(
      sampling: sampling, maximumTokens: count, reportedAlternatives: 2, ignoresEndOfGeneration: true)
  }

  private func answer(
    _ session: Session, _ options: GenerationOptions, prompt: [Int32] = prompt
  ) async throws -> (tokens: [SampledToken], summary: GenerationSummary) {
    var tokens: [SampledToken] = []
    var summary: GenerationSummary?
    for try await step in session.generate(prompt, options: options) {
      switch step {
      case .token(let token): tokens.append(token.sampled)
      case .finished(let last, _): summary = last
      }
    }
    return (tokens, try #require(summary))
  }

  @Test("Answers are the same bits for any chunk and any number of threads", arguments: [nil, 7] as [UInt64?])
  func sameBits(seed: UInt64?) async throws {
    let model = try Self.model()
    var results: [[SampledToken]] = []
    for (chunk, threads) in [(512, 1), (512, 2), (1, 2), (3, 3), (7, 1)] {
      var options = SessionOptions()
      options.prefillChunk = chunk
      options.threads = threads
      let session = try Session(model, options: options)
      results.append(try await answer(session, Self.options(12, seed: seed)).tokens)
    }
    #expect(results[0].count == 12)
    for other in results.dropFirst() { #expect(other == results[0]) }
  }

  @Test("What was read before is not read again, and changes nothing") func prefixReuse() async throws {
    let model = try Self.model()
    let fresh = try await answer(try Session(model), Self.options(8))
    let session = try Session(model)
    _ = try await answer(session, Self.options(5), prompt: Self.prompt.prefix(12) + [9, 9, 9])
    let reused = try await answer(session, Self.options(8))
    #expect(reused.tokens == fresh.tokens)
    #expect(reused.summary.cachedTokens == 12)
    #expect(fresh.summary.cachedTokens == 0)
  }

  @Test("The context's end is said and not hidden") func contextFull() async throws {
    var options = SessionOptions()
    options.contextLength = 24
    let session = try Session(try Self.model(), options: options)
    let result = try await answer(session, Self.options(100))
    #expect(result.summary.stopReason == .contextFull)
    #expect(result.tokens.count == 5)
  }

  @Test("The most tokens asked for are not passed") func maximumTokens() async throws {
    let result = try await answer(try Session(try Self.model()), Self.options(3))
    #expect(result.summary.stopReason == .maximumTokens)
    #expect(result.tokens.count == 3)
  }

  @Test("Prompts that cannot be read are errors with a sentence") func badPrompts() async throws {
    let session = try Session(try Self.model())
    let length = session.contextLength
    let cases: [([Int32], GenerationError)] = [
      ([], .emptyPrompt),
      (Array(repeating: 1, count: length), .promptTooLong(tokens: length, contextLength: length)),
      ([5, -1], .tokenOutOfRange(token: -1, vocabularySize: session.model.architecture.vocabularySize)),
    ]
    for (prompt, expected) in cases {
      await #expect(throws: expected) { try await answer(session, Self.options(2), prompt: prompt) }
    }
    #expect(try await answer(session, Self.options(2)).tokens.count == 2)
  }

  @Test("Dropping the stream stops the answer, and the session goes on") func dropping() async throws {
    let model = try Self.model()
    let session = try Session(model)
    var seen = 0
    for try await step in session.generate(Self.prompt, options: Self.options(session.contextLength)) {
      if case .token = step { seen += 1 }
      if seen == 2 { break }
    }
    // Otherwise it would have gone on to the context's end.
    #expect(await session.length < session.contextLength)
    let next = try await answer(session, Self.options(4))
    #expect(next.tokens == (try await answer(try Session(model), Self.options(4))).tokens)
  }

  @Test("A cancelled answer ends with the step it is at, and says so") func cancelling() async throws {
    let session = try Session(try Self.model())
    let steps = Counter()
    try await Task {
      try await session.answer(Self.prompt, Self.options(session.contextLength)) { step in
        switch step {
        case .token:
          if steps.next() == 3 { cancelThisTask() }
        case .finished(let summary, _):
          #expect(summary.stopReason == .cancelled)
          #expect(summary.generatedTokens == 3)
        }
      }
    }.value
    #expect(steps.value == 3)
    #expect(await session.length == Self.prompt.count + 2)
  }

  @Test("A prompt that nobody waits for is left within a chunk") func cancelledPrompt() async throws {
    var options = SessionOptions()
    options.prefillChunk = 1
    let session = try Session(try Self.model(), options: options)
    let prompt = (0..<session.contextLength - 2).map { Int32($0 % 80 + 5) }
    for try await _ in session.generate(prompt, options: Self.options(1)).prefix(0) {}
    #expect(await session.length < prompt.count)
    let task = Task {
      cancelThisTask()
      try await session.answer(Array(prompt.reversed()), Self.options(1)) { step in
        guard case .finished(let summary, _) = step else { return }
        #expect(summary.stopReason == .cancelled)
        #expect(summary.generatedTokens == 0)
      }
    }
    try await task.value
    #expect(await session.length == 0)
  }

  @Test("Scores and embeddings that are cancelled are errors and not shorter") func cancelledScores() async throws {
    var options = SessionOptions()
    options.prefillChunk = 4
    let session = try Session(try Self.model(), options: options)
    let chunks = Counter()
    let scores = Task {
      try await session.scores(of: Self.prompt) { _ in
        if chunks.next() == 2 { cancelThisTask() }
      }
    }
    await #expect(throws: CancellationError.self) { try await scores.value }
    #expect(chunks.value == 2)
    let embedding = Task {
      cancelThisTask()
      return try await session.embedding(of: Self.prompt)
    }
    await #expect(throws: CancellationError.self) { try await embedding.value }
    #expect(try await session.embedding(of: Self.prompt).count == session.model.architecture.width)
  }

  @Test("Any number of alternatives may be asked for; there are as many as tokens") func alternatives() async throws {
    var options = Self.options(1)
    options.reportedAlternatives = .max
    let session = try Session(try Self.model())
    let token = try #require(try await answer(session, options).tokens.first)
    #expect(token.alternatives.count == session.model.architecture.vocabularySize)
  }

  @Test("Scores of a text agree with those of generation") func scores() async throws {
    let model = try Self.model()
    let generated = try await answer(try Session(model), Self.options(4)).tokens
    let text = Self.prompt + generated.map(\.token)
    let session = try Session(model)
    let best = try await session.bestTokens(of: text)
    #expect(Array(best[(Self.prompt.count - 1)...].prefix(4)) == generated.map(\.token))
  }

  @Test("An embedding has length 1 and does not depend on the chunks") func embedding() async throws {
    let model = try Self.model()
    var vectors: [[Float]] = []
    for chunk in [512, 3] {
      var options = SessionOptions()
      options.prefillChunk = chunk
      vectors.append(try await Session(model, options: options).embedding(of: Self.prompt))
    }
    #expect(vectors[0] == vectors[1])
    #expect(abs(vectors[0].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
  }
}

private func cancelThisTask() { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }

/// Counts from any thread.
private final class Counter: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

extension Session {
  /// The best token after each of `prompt`'s.
  fileprivate func bestTokens(of prompt: [Int32]) throws -> [Int32] {
    var best: [Int32] = []
    try scores(of: prompt) { rows in
      for row in 0..<rows.count {
        let scores = rows.array(row: row)
        best.append(Int32(scores.firstIndex(of: scores.max() ?? 0) ?? 0))
      }
    }
    return best
  }
}
