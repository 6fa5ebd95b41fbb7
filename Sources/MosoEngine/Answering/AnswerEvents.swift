public import MosoConversation
import MosoPrompting
import MosoTokenizers

/// The events of one answer, read out of the engine's tokens as they are asked for.
public struct AnswerEvents: AsyncSequence, Sendable {
  public typealias Element = GenerationEvent

  private let ticket: ServingTicket
  private let answer: PreparedAnswer
  private let reader: AnswerReader
  private let tokenizer: Tokenizer
  private let id: String
  private let name: String

  init(
    _ ticket: ServingTicket, answer: PreparedAnswer, reader: AnswerReader,
    tokenizer: Tokenizer, id: String, name: String
  ) {
    self.ticket = ticket
    self.answer = answer
    self.reader = reader
    self.tokenizer = tokenizer
    self.id = id
    self.name = name
  }

  public func makeAsyncIterator() -> Iterator { Iterator(ticket.events.makeAsyncIterator(), self) }

  /// Ends the answer from outside of whoever reads it; for them the events end with `reason`.
  public func cancel(_ reason: any Error = CancellationError()) { ticket.cancel(reason) }

  /// Reads the engine's tokens one by one.
  public struct Iterator: AsyncIteratorProtocol {
    private var steps: AsyncThrowingStream<ServingEvent, any Error>.AsyncIterator
    private let source: AnswerEvents
    private var reader: AnswerReader
    private var usage = Usage()
    /// What is known already and was not asked for yet, the first last.
    private var ready: [GenerationEvent] = []
    /// Log-probabilities of tokens whose text is held back.
    private var waiting: [TokenLogProbability] = []

    fileprivate init(_ steps: AsyncThrowingStream<ServingEvent, any Error>.AsyncIterator, _ source: AnswerEvents) {
      self.steps = steps
      self.source = source
      reader = source.reader
    }

    public mutating func next() async throws -> GenerationEvent? {
      while ready.isEmpty {
        guard let step = try await steps.next() else { return nil }
        ready = Array(shown(events(of: step)).reversed())
      }
      return ready.popLast()
    }

    /// Without the thoughts' text where the reader asked not to see it; its signature is there all the same.
    private func shown(_ events: [GenerationEvent]) -> [GenerationEvent] {
      guard source.answer.request.thinking?.display == "omitted" else { return events }
      return events.filter { if case .blockGrew(_, .thinking) = $0 { false } else { true } }
    }

    private mutating func events(of step: ServingEvent) -> [GenerationEvent] {
      switch step {
      case .started(let reused):
        usage = source.answer.usage(reused: reused)
        return [.started(id: source.id, model: source.name, usage: usage)]
      case .waiting: return [.ping]
      case .promptScores, .embedding: return []
      case .token(let token): return read(token)
      case .finished(let summary, let lastText): return finish(summary, lastText)
      }
    }

    private mutating func read(_ token: GeneratedToken) -> [GenerationEvent] {
      usage.output += 1
      if reader.isThinking { usage.thinking += 1 }
      if let described = token.sampled.described(by: source.tokenizer) { waiting.append(described) }
      var events: [GenerationEvent] = []
      if !token.text.isEmpty {
        events = reader.read(token.text, logProbabilities: waiting)
        waiting = []
      }
      let tokenizer = source.tokenizer, id = token.sampled.token
      if tokenizer.isControl(id), !tokenizer.endOfGeneration.contains(id), let piece = tokenizer.piece(of: id) {
        events += reader.read(piece, isControl: true)
      }
      return events
    }

    private mutating func finish(_ summary: GenerationSummary, _ lastText: String) -> [GenerationEvent] {
      var events = lastText.isEmpty ? [] : reader.read(lastText, logProbabilities: waiting)
      events += reader.finish()
      var reason = summary.stopReason
      if reason == .endOfTurn && reader.toolUseCount > 0 { reason = .toolUse }
      usage.output = summary.generatedTokens
      events.append(.finished(reason, usage: usage))
      return events
    }
  }
}
