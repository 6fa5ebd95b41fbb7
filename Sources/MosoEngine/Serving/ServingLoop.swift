import MosoConversation
import MosoInference
import MosoModel
import MosoTensor

/// Carries out the scheduler's steps, one after another, on a thread of its own.
actor ServingLoop {
  private nonisolated let executor = EngineExecutor()
  private let context: InferenceContext
  private let pool: ThreadPool
  private let model: LanguageModel
  private let contextLength: Int
  private let desk: ServingDesk
  private let observer: (any ServingObserver)?
  private var served: [RequestID: ServedRequest] = [:]

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(
    _ context: sending InferenceContext, pool: ThreadPool, model: LanguageModel, contextLength: Int, desk: ServingDesk,
    observer: (any ServingObserver)?
  ) {
    self.context = context
    self.pool = pool
    self.model = model
    self.contextLength = contextLength
    self.desk = desk
    self.observer = observer
  }

  /// Works until there is nothing to do.
  func run() {
    while true {
      let (step, arrivals, departures) = desk.next()
      for arrival in arrivals {
        served[arrival.id] = ServedRequest(
          arrival, tokenizer: model.tokenizer, contextLength: contextLength, observer: observer)
      }
      for id in departures { served[id] = nil }
      guard let step else { return }
      let begin = ContinuousClock.now
      let outcomes = compute(step, begin)
      let end = ContinuousClock.now
      desk.complete(step, outcomes: outcomes, duration: end - begin)
      for case (let id, .ended) in outcomes { served.removeValue(forKey: id)?.end() }
      for id in served.keys { served[id]?.remind(at: end) }
    }
  }

  private func compute(_ step: Step, _ begin: ContinuousClock.Instant) -> [RequestID: StepOutcome] {
    for copy in step.copies { context.copy(page: copy.from, to: copy.to) }
    var batch = Batch()
    for (index, work) in step.works.enumerated() {
      batch.append(work.tokens, to: index, at: work.firstPosition, outputs: Array(work.outputs))
    }
    let pages = step.works.map(\.pages)
    let rows = step.wantsHiddenStates ? context.hiddenStates(batch, pages: pages) : context.logits(batch, pages: pages)
    return read(rows, of: step, begin)
  }

  /// Chooses the answers' next tokens, on all threads: what is left to do for one answer takes a hundredth of a step of
  /// sixteen, and the others' threads would wait for it.
  private func read(_ rows: Rows, of step: Step, _ begin: ContinuousClock.Instant) -> [RequestID: StepOutcome] {
    var readings: [Reading] = []
    var firstRow = 0
    for work in step.works {
      // Taken out, so that each is changed where it lies.
      if let request = served.removeValue(forKey: work.id) {
        readings.append(Reading(request: request, work: work, firstRow: firstRow))
      }
      firstRow += step.wantsHiddenStates ? work.tokens.count : work.outputs.count
    }
    let outcomes = pool.map(&readings) { [desk] _, reading in
      reading.request.read(reading.work, rows, firstRow: reading.firstRow, stepBegin: begin, desk: desk)
    }
    var outcomesByID: [RequestID: StepOutcome] = [:]
    for (reading, outcome) in zip(readings, outcomes) {
      served[reading.work.id] = reading.request
      outcomesByID[reading.work.id] = outcome
    }
    return outcomesByID
  }

  /// A request, and where its rows are.
  private struct Reading: Sendable {
    var request: ServedRequest
    let work: Step.Work
    let firstRow: Int
  }
}
