import MosoConversation
import MosoTensor
import MosoTokenizers

/// One request in the loop: turns rows of scores into tokens, text and events.
struct ServedRequest {
  private let id: RequestID
  private let request: ServingRequest
  private let continuation: ServingDesk.Continuation
  private let arrival: ContinuousClock.Instant
  private let contextLength: Int
  private let observer: (any ServingObserver)?
  private var answer: Answer
  private var begin: ContinuousClock.Instant?
  /// When whoever asked heard something the last time.
  private var lastNews: ContinuousClock.Instant
  private var reused: Int?
  /// What is said when the pages have been given back.
  private var farewell: (event: ServingEvent?, failure: (any Error)?) = (nil, nil)
  /// How many tokens the sequence has, those chosen included.
  private var count: Int
  /// How probable the tokens of the prompt are, as far as it is read.
  private var scores: [SampledToken] = []
  /// The sum of the hidden states so far.
  private var sum: [Double] = []

  init(
    _ arrival: ServingDesk.Arrival, tokenizer: Tokenizer, contextLength: Int, observer: (any ServingObserver)?
  ) {
    id = arrival.id
    request = arrival.request
    continuation = arrival.continuation
    self.arrival = arrival.time
    lastNews = arrival.time
    self.contextLength = contextLength
    self.observer = observer
    answer = Answer(tokenizer, request.options, prompt: request.prompt)
    count = request.prompt.count
  }

  /// Takes what a step has computed for this request: rows from `firstRow` on.
  ///
  /// - Parameter stepBegin: When the step was begun.
  /// - Returns: What became of it; `nil` while its prompt is being read.
  mutating func read(
    _ work: Step.Work, _ rows: Rows, firstRow: Int, stepBegin: ContinuousClock.Instant, desk: ServingDesk
  ) -> StepOutcome? {
    if begin == nil { begin = stepBegin }
    switch request.goal {
    case .embedding: addHiddenStates(work, rows, firstRow)
    case .scoredAnswer: score(work, rows, firstRow)
    case .answer: break
    }
    guard work.firstPosition + work.tokens.count == count else { return nil }
    if reused == nil { start(desk.reusedTokens(of: id)) }
    if request.goal == .embedding || request.options.maximumTokens == 0 { return finish(.maximumTokens) }
    return choose(rows, firstRow + work.outputs.count - 1)
  }

  private mutating func start(_ reused: Int) {
    self.reused = reused
    answer.decodeStart = .now
    continuation.yield(.started(reusedTokens: reused))
    switch request.goal {
    case .answer: break
    case .scoredAnswer: continuation.yield(.promptScores(scores))
    case .embedding:
      let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      continuation.yield(.embedding(sum.map { Float(length > 0 ? $0 / length : 0) }))
    }
  }

  private mutating func choose(_ rows: Rows, _ row: Int) -> StepOutcome {
    do {
      let token = try rows.withRow(row) { row in try answer.next(from: row) }
      if let duration = answer.maskTime { observer?.mask(took: duration) }
      observe()
      count += 1
      continuation.yield(.token(token))
      if let reason = answer.stopReason { return finish(reason) }
      return count > contextLength ? finish(.contextFull) : .token(token.sampled.token)
    } catch {
      farewell.failure = error
      return .ended
    }
  }

  private mutating func observe() {
    let now = ContinuousClock.now
    if count == request.prompt.count {
      observer?.firstToken(after: now - arrival)
    } else {
      observer?.nextToken(after: now - lastNews)
    }
    lastNews = now
  }

  private mutating func finish(_ reason: StopReason) -> StepOutcome {
    let text = answer.finish()
    var summary = answer.summary(reason, request.prompt.count, reused ?? 0, start: begin ?? arrival)
    summary.waitTime = (begin ?? arrival) - arrival
    observer?.finished(summary)
    farewell.event = .finished(summary, lastText: text)
    return .ended
  }

  /// Ends the stream. By now the pages are free and the place is empty, so whoever asks next because this answer is over
  /// finds room.
  func end() {
    if let event = farewell.event { continuation.yield(event) }
    continuation.finish(throwing: farewell.failure)
  }

  /// Says that the answer is still coming, where nothing was said for long.
  mutating func remind(at now: ContinuousClock.Instant) {
    guard now - lastNews > Self.longestSilence else { return }
    lastNews = now
    continuation.yield(.waiting)
  }

  /// What stands between a client and the server may take a longer silence for the end.
  private static let longestSilence = Duration.seconds(10)

  // MARK: Prompts

  /// What each row says about the token after it. A prompt that was set aside and begun again is not scored twice.
  private mutating func score(_ work: Step.Work, _ rows: Rows, _ firstRow: Int) {
    let alternatives = request.options.reportedAlternatives ?? 0
    for (index, offset) in work.outputs.enumerated() {
      let next = work.firstPosition + offset + 1
      guard next == scores.count + 1, next < request.prompt.count else { continue }
      scores.append(
        rows.withRow(firstRow + index) { row in
          Sampler.report(request.prompt[next], Scores(row), alternatives: alternatives)
        })
    }
  }

  private mutating func addHiddenStates(_ work: Step.Work, _ rows: Rows, _ firstRow: Int) {
    if work.firstPosition == 0 { sum = Array(repeating: 0, count: rows.width) }
    for row in firstRow..<firstRow + work.tokens.count {
      rows.withRow(row) { values in for index in values.indices { sum[index] += Double(values[index]) } }
    }
  }
}
