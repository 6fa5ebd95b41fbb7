import MosoConversation
import MosoEngine
import MosoModel
import MosoTokenizers

/// One text that is continued, measured, or both.
struct Continuation: Sendable {
  private let model: AnsweringModel
  private let request: ServingRequest
  /// The text that is continued.
  private let text: String
  private let echoes: Bool

  /// How many continuations of one request are on their way at a time.
  private static let together = 16

  /// Everything that a request asks for, each prompt as often as it says.
  static func all(
    of request: CompletionRequest, on model: AnsweringModel, owner: String, seed: UInt64
  ) throws(RequestError) -> [Continuation] {
    let tokenizer = model.model.tokenizer
    var options = GenerationOptions(
      sampling: try request.sampling.parameters(over: model.model.recommendedSampling),
      maximumTokens: request.maximumTokens ?? CompletionRequest.defaultMaximumTokens,
      stopStrings: request.stopSequences ?? [], reportedAlternatives: request.alternatives)
    let isScored = request.echoesPrompt && request.alternatives != nil
    var all: [Continuation] = []
    for (index, prompt) in request.prompts.enumerated() {
      let tokens: [Int32], text: String
      switch prompt {
      case .text(let given):
        text = given
        // Whoever continues a text may have put it through a template themselves.
        tokens = tokenizer.encode(
          [TextSegment(given, mayContainControlTokens: true)], addBeginning: tokenizer.addsBeginningOfSequence)
      case .tokens(let given):
        let size = model.model.architecture.vocabularySize
        if let wrong = given.first(where: { $0 < 0 || $0 >= size }) {
          throw RequestError(
            .invalidRequest, "prompt \(index) has the token \(wrong), but the vocabulary has \(size)", field: "prompt")
        }
        tokens = given
        text = tokenizer.decode(given, skipControlTokens: false)
      }
      guard !tokens.isEmpty else {
        throw RequestError(
          .invalidRequest, "prompt \(index) has no tokens; give at least one character", field: "prompt")
      }
      let room = options.maximumTokens == 0 ? 0 : 1
      guard tokens.count + room <= model.engine.contextLength else {
        throw .promptTooLong(tokens: tokens.count, maximum: model.engine.contextLength)
      }
      for choice in 0..<(request.count ?? 1) {
        options.sampling.seed = seed &+ UInt64(choice)
        all.append(
          Continuation(
            model: model,
            request: ServingRequest(
              prompt: tokens, owner: owner, options: options, goal: isScored ? .scoredAnswer : .answer),
            text: text, echoes: request.echoesPrompt))
      }
    }
    return all
  }

  // MARK: Computing

  /// Hands the work in.
  func begin(_ tickets: Tickets) throws(RequestError) -> ServingTicket {
    try tickets.take(request, by: model.engine)
  }

  /// Hands the work in as soon as the engine takes it.
  func beginWhenPossible(_ tickets: Tickets) async throws -> ServingTicket {
    try await tickets.takeWhenPossible(request, by: model.engine)
  }

  /// All continuations, in order.
  static func whole(
    _ all: [Continuation], _ request: CompletionRequest, id: String, _ tickets: Tickets
  ) async throws -> CompletionResponse {
    var results: [Result?] = Array(repeating: nil, count: all.count)
    // Whether there is room at all is found out before anything is waited for.
    var opened = [0: try all[0].begin(tickets)]
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      for (index, continuation) in all.enumerated() {
        if index >= together, let (done, result) = try await group.next() { results[done] = result }
        let ticket: ServingTicket
        if let first = opened.removeValue(forKey: index) {
          ticket = first
        } else {
          ticket = try await continuation.beginWhenPossible(tickets)
        }
        group.addTask { (index, try await continuation.result(ticket)) }
      }
      for try await (done, result) in group { results[done] = result }
    }
    var usage = Usage()
    var choices: [CompletionResponse.Choice] = []
    for (index, result) in results.enumerated() {
      guard let result else { throw CancellationError() }
      // The continuations of one prompt share it.
      if index % (request.count ?? 1) == 0 {
        usage.input += all[index].request.prompt.count
        usage.reused += result.reused
      }
      usage.output += result.generated
      choices.append(result.choice)
    }
    return CompletionResponse(id: id, model: request.model, choices: choices, usage: usage)
  }

  private struct Result: Sendable {
    var choice: CompletionResponse.Choice
    var reused = 0
    var generated = 0
  }

  private func result(_ ticket: ServingTicket) async throws -> Result {
    let wantsTokens = request.options.reportedAlternatives != nil
    var text = echoes ? self.text : ""
    var tokens: [MeasuredToken] = []
    var result = Result(choice: CompletionResponse.Choice(text: "", stopReason: .endOfTurn))
    for try await event in ticket.events {
      switch event {
      case .started(let reused): result.reused = reused
      case .waiting, .embedding: break
      case .promptScores(let scores): tokens += promptTokens(scores)
      case .token(let token):
        text += token.text
        if let described = token.sampled.described(by: model.model.tokenizer) {
          tokens.append(MeasuredToken(described))
        }
      case .finished(let summary, let lastText):
        text += lastText
        result.generated = summary.generatedTokens
        result.choice = CompletionResponse.Choice(
          text: text, stopReason: summary.stopReason, tokens: wantsTokens ? tokens : nil)
        return result
      }
    }
    throw CancellationError()
  }

  /// The tokens of the prompt with what is known of them: of the first, nothing.
  private func promptTokens(_ scores: [SampledToken]) -> [MeasuredToken] {
    let tokenizer = model.model.tokenizer
    let first = request.prompt.prefix(1).map {
      MeasuredToken(bytes: tokenizer.bytes(of: $0), logProbability: nil, best: [])
    }
    return first + scores.compactMap { $0.described(by: tokenizer).map { MeasuredToken($0) } }
  }

  // MARK: Streaming

  /// What a step of the engine is on the wire.
  func frames(
    for step: ServingEvent, choice: Int, id: String, request: CompletionRequest,
    _ encoder: inout CompletionStreamEncoder
  ) -> [UInt8] {
    switch step {
    case .started(let reused):
      var usage = Usage(input: self.request.prompt.count)
      usage.reused = reused
      var bytes = encoder.frames(for: .started(id: id, model: request.model, usage: usage), choice: choice)
      if echoes, self.request.goal == .answer { bytes += encoder.frames(forPrompt: text, tokens: nil, choice: choice) }
      return bytes
    case .promptScores(let scores):
      return encoder.frames(forPrompt: text, tokens: promptTokens(scores), choice: choice)
    case .waiting: return encoder.frames(for: .ping, choice: choice)
    case .embedding: return []
    case .token(let token):
      let described = token.sampled.described(by: model.model.tokenizer).map { [$0] } ?? []
      return encoder.frames(for: .blockGrew(index: 0, .text(token.text, described)), choice: choice)
    case .finished(let summary, let lastText):
      var usage = Usage(input: self.request.prompt.count, output: summary.generatedTokens)
      usage.reused = summary.cachedTokens
      return encoder.frames(for: .blockGrew(index: 0, .text(lastText, [])), choice: choice)
        + encoder.frames(for: .finished(summary.stopReason, usage: usage), choice: choice)
    }
  }
}
