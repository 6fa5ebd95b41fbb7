import MosoConversation
import Synchronization

/// Where requests are handed in and given up: the one owner of the scheduler's lock.
final class ServingDesk: Sendable {
  typealias Continuation = AsyncThrowingStream<ServingEvent, any Error>.Continuation

  /// A request that was taken, on its way to the loop.
  struct Arrival: Sendable {
    let id: RequestID
    let request: ServingRequest
    let continuation: Continuation
    let time: ContinuousClock.Instant
  }

  private struct State: Sendable {
    var scheduler: Scheduler
    var arrivals: [Arrival] = []
    var departures: [RequestID] = []
    var nextID: RequestID = 0
    var isRunning = false
    var pace = StepPace()
    var counts = Counts()
  }

  private struct Counts: Sendable {
    var promptTokens = 0
    var reusedTokens = 0
    var generatedTokens = 0
    var steps = 0
  }

  private let state: Mutex<State>

  init(limits: SchedulerLimits) {
    state = Mutex(State(scheduler: Scheduler(limits: limits)))
  }

  /// Takes a request.
  ///
  /// - Returns: Its number, and whether the loop has to be started.
  func take(
    _ request: ServingRequest, _ continuation: Continuation
  ) throws(EngineOverloaded) -> (id: RequestID, mustStart: Bool) {
    let wanted: Submission.Wanted =
      switch request.goal {
      case .answer: request.options.maximumTokens == 0 ? .nothing : .answer
      case .scoredAnswer: .everyScore
      case .embedding: .hiddenStates
      }
    let arrival = state.withLock { state -> (RequestID, Bool)? in
      let id = state.nextID
      let submission = Submission(id: id, owner: request.owner, prompt: request.prompt, wanted: wanted)
      guard state.scheduler.submit(submission) else { return nil }
      state.nextID += 1
      state.arrivals.append(Arrival(id: id, request: request, continuation: continuation, time: .now))
      let mustStart = !state.isRunning
      state.isRunning = true
      return (id, mustStart)
    }
    guard let arrival else {
      throw state.withLock { EngineOverloaded(running: $0.scheduler.runningCount, waiting: $0.scheduler.waitingCount) }
    }
    return arrival
  }

  /// Nobody waits for a request any more.
  func cancel(_ id: RequestID) {
    state.withLock { state in
      state.scheduler.cancel(id)
      state.departures.append(id)
    }
  }

  /// What is to be computed next, and who came and went since the last time; `nil` when there is nothing to do, and then
  /// the loop is over until `take` says otherwise.
  func next() -> (step: Step?, arrivals: [Arrival], departures: [RequestID]) {
    state.withLock { state in
      let step = state.scheduler.nextStep()
      if step == nil { state.isRunning = false }
      defer {
        state.arrivals = []
        state.departures = []
      }
      return (step, state.arrivals, state.departures)
    }
  }

  /// Takes note of what a step has computed.
  func complete(_ step: Step, outcomes: [RequestID: StepOutcome], duration: Duration) {
    state.withLock { state in
      state.scheduler.complete(step, outcomes: outcomes)
      state.pace.learn(step, duration)
      state.scheduler.promptTokensBesideAnswers = state.pace.promptTokens(most: state.scheduler.limits)
      state.counts.steps += 1
      for work in step.works {
        let isWritten = work.tokens.count == 1 && work.firstPosition > 0
        state.counts.promptTokens += isWritten ? 0 : work.tokens.count
      }
      for case .token in outcomes.values { state.counts.generatedTokens += 1 }
    }
  }

  /// How many tokens of a request's prompt were found read.
  func reusedTokens(of id: RequestID) -> Int {
    state.withLock { state in
      let count = state.scheduler.sequences[id]?.reusedCount ?? 0
      state.counts.reusedTokens += count
      return count
    }
  }

  var load: ServingLoad {
    state.withLock { state in
      let scheduler = state.scheduler
      return ServingLoad(
        running: scheduler.runningCount, waiting: scheduler.waitingCount, pages: scheduler.limits.pages,
        usedPages: scheduler.usedPages, keptPages: scheduler.keptPages, lostPages: scheduler.lostPages,
        pageLength: scheduler.limits.pageLength, promptTokens: state.counts.promptTokens,
        reusedTokens: state.counts.reusedTokens, generatedTokens: state.counts.generatedTokens,
        steps: state.counts.steps)
    }
  }
}
