import MosoConversation
import MosoInference
import MosoModel
import MosoTensor

/// Carries out the scheduler's steps, one after another, on a thread of its own.
actor ServingLoop {
  private nonisolated let executor = EngineExecutor()
  private let context: InferenceContext
  private let model: LanguageModel
  private let contextLength: Int
  private let desk: ServingDesk
  private let observer: (any ServingObserver)?
  private var served: [RequestID: ServedRequest] = [:]

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(
    _ context: sending InferenceContext, model: LanguageModel, contextLength: Int, desk: ServingDesk,
    observer: (any ServingObserver)?
  ) {
    self.context = context
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
    var batch = Batch()
    for (index, work) in step.works.enumerated() {
      batch.append(work.tokens, to: index, at: work.firstPosition, outputs: Array(work.outputs))
    }
    let pages = step.works.map(\.pages)
    let rows = step.wantsHiddenStates ? context.hiddenStates(batch, pages: pages) : context.logits(batch, pages: pages)
    var outcomes: [RequestID: StepOutcome] = [:]
    var firstRow = 0
    for work in step.works {
      let count = step.wantsHiddenStates ? work.tokens.count : work.outputs.count
      outcomes[work.id] = served[work.id]?.read(work, rows, firstRow: firstRow, stepBegin: begin, desk: desk)
      firstRow += count
    }
    return outcomes
  }
}
