import Testing

@testable import MosoEngine

/// A scheduler with a memory that remembers what was written where, and a "model" whose next token depends on everything
/// before it. Whatever a wrong page would give a real model, shows here as a wrong token.
final class SchedulerWorld {
  var scheduler: Scheduler
  /// What each page holds: at each position, the number of the whole prefix that was read up to there.
  private var memory: [Int32: [UInt64]] = [:]
  private(set) var answers: [RequestID: [Int32]] = [:]
  private(set) var ended: Set<RequestID> = []
  private var lengths: [RequestID: Int] = [:]
  private var requests: [RequestID: Submission] = [:]
  /// How many tokens were read in all.
  private(set) var readTokens = 0
  private(set) var steps: [Step] = []

  init(
    pages: Int, running: Int = 4, waiting: Int = 100, pageLength: Int = 4, promptTokens: Int = 16, beside: Int = 6,
    copiedTokens: Int = 2
  ) {
    var limits = SchedulerLimits(
      pages: pages, pageLength: pageLength, running: running, waiting: waiting, promptTokens: promptTokens,
      promptTokensBesideAnswers: beside)
    limits.copiedTokens = copiedTokens
    scheduler = Scheduler(limits: limits)
  }

  @discardableResult
  func submit(
    _ id: RequestID, owner: String = "a", _ prompt: [Int32], length: Int, wanted: Submission.Wanted = .answer
  ) -> Bool {
    let submission = Submission(id: id, owner: owner, prompt: prompt, wanted: wanted)
    guard scheduler.submit(submission) else { return false }
    requests[id] = submission
    lengths[id] = length
    answers[id] = []
    return true
  }

  func cancel(_ id: RequestID) {
    scheduler.cancel(id)
    lengths[id] = nil
  }

  /// One step; returns false when there was nothing to do.
  func step(cancelling: RequestID? = nil) -> Bool {
    guard let step = scheduler.nextStep() else { return false }
    steps.append(step)
    for copy in step.copies {
      memory[copy.to] = memory[copy.from]
      #expect(step.works.contains { $0.pages.contains(copy.to) }, "a copy for nobody")
    }
    var outcomes: [RequestID: StepOutcome] = [:]
    for work in step.works {
      readTokens += work.tokens.count
      outcomes[work.id] = compute(work)
    }
    if let cancelling { cancel(cancelling) }
    scheduler.complete(step, outcomes: outcomes)
    checkPages()
    return true
  }

  func run(most: Int = 10_000) {
    var count = 0
    while step() {
      count += 1
      if count > most {
        Issue.record("no end after \(most) steps")
        return
      }
    }
  }

  /// What the answer has to be, computed without any scheduler.
  static func expectedAnswer(_ prompt: [Int32], length: Int) -> [Int32] {
    var tokens = prompt
    for _ in 0..<length { tokens.append(next(after: tokens.reduce(0, Self.extend))) }
    return Array(tokens.dropFirst(prompt.count))
  }

  private func compute(_ work: Step.Work) -> StepOutcome? {
    let length = scheduler.limits.pageLength
    var prefix: UInt64 = 0
    if work.firstPosition > 0 {
      let last = work.firstPosition - 1
      let page = memory[work.pages[last / length], default: []]
      guard last % length < page.count else {
        Issue.record("request \(work.id) continues at \(work.firstPosition), before which nothing was written")
        return .ended
      }
      prefix = page[last % length]
    }
    for (offset, token) in work.tokens.enumerated() {
      let position = work.firstPosition + offset
      prefix = Self.extend(prefix, token)
      var page = memory[work.pages[position / length], default: []]
      page.removeSubrange(min(position % length, page.count)...)
      #expect(page.count == position % length, "a gap before position \(position) of request \(work.id)")
      page.append(prefix)
      memory[work.pages[position / length]] = page
    }
    guard let request = requests[work.id], let length = lengths[work.id] else { return .ended }
    guard let sequence = scheduler.sequences[work.id],
      work.firstPosition + work.tokens.count == sequence.tokens.count
    else { return nil }
    if request.wanted == .nothing || request.wanted == .hiddenStates || length == 0 {
      ended.insert(work.id)
      return .ended
    }
    let token = Self.next(after: prefix)
    answers[work.id]?.append(token)
    if answers[work.id]?.count == length {
      ended.insert(work.id)
      return .ended
    }
    return .token(token)
  }

  private func checkPages() {
    #expect(scheduler.lostPages == 0)
    // No page stands in two tables, unless both have it from the tree.
    var own: Set<Int32> = []
    for sequence in scheduler.sequences.values {
      #expect(sequence.reusedCount <= sequence.submission.prompt.count)
      for page in sequence.pages.dropFirst(sequence.path.count) {
        #expect(own.insert(page).inserted, "page \(page) belongs to two requests")
      }
    }
  }

  private static func extend(_ prefix: UInt64, _ token: Int32) -> UInt64 {
    (prefix &+ UInt64(UInt32(bitPattern: token)) &+ 1) &* 0x9e37_79b9_7f4a_7c15 ^ (prefix >> 29)
  }

  private static func next(after prefix: UInt64) -> Int32 { Int32(prefix >> 40 & 0xff) }
}
