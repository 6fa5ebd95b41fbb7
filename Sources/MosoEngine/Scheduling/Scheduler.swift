/// Decides who is read and written in each step, and where their keys and values are kept.
///
/// A pure state machine: it computes nothing, waits for nothing and knows no clock. Whoever drives it asks for the next
/// step, carries it out, and says what came of it:
///
/// ```swift
/// while let step = scheduler.nextStep() {
///   scheduler.complete(step, outcomes: engine.compute(step))
/// }
/// ```
///
/// Answers do not depend on its decisions: every result is the same bits whatever else is in a step, however a prompt is
/// cut, and whether a page was filled by this request or an earlier one. So a request that is in the way may be set aside
/// and begun again without a trace.
struct Scheduler: Sendable {
  let limits: SchedulerLimits
  var sequences: [RequestID: ScheduledSequence] = [:]
  /// The requests that have pages, in the order in which they began to run.
  var running: [RequestID] = []
  var queue = FairQueue()
  var pool: PagePool
  var tree: PrefixTree
  /// How many tokens of prompts a step reads beside answers; whoever measures the machine may lower it.
  var promptTokensBesideAnswers: Int
  /// Whether the last step was one for hidden states.
  var lastWantedHiddenStates = false

  init(limits: SchedulerLimits) {
    precondition(limits.pages > 0 && limits.pageLength > 0 && limits.running > 0 && limits.promptTokens > 0)
    self.limits = limits
    promptTokensBesideAnswers = limits.promptTokensBesideAnswers
    pool = PagePool(capacity: limits.pages)
    tree = PrefixTree(beginningLength: limits.copiedTokens)
  }

  /// How many requests wait to be begun.
  var waitingCount: Int { queue.count }
  /// How many requests have been begun.
  var runningCount: Int { running.count }
  /// How many pages hold something of requests that have been begun.
  var usedPages: Int { limits.pages - pool.freeCount - tree.unusedCount }
  /// How many pages are kept though no request uses them, in case their tokens come again.
  var keptPages: Int { tree.unusedCount }
  /// How many pages belong to nobody: always 0, or some were lost.
  var lostPages: Int {
    let own = sequences.values.reduce(0) { $0 + $1.pages.count - $1.path.count }
    return limits.pages - pool.freeCount - tree.count - own
  }

  // MARK: Coming and going

  /// Takes a request, unless too many wait already.
  ///
  /// - Returns: Whether it was taken.
  /// - Precondition: Its prompt has a token, and it fits the pages with what may be written after it.
  mutating func submit(_ submission: Submission) -> Bool {
    precondition(!submission.prompt.isEmpty, "a prompt without tokens")
    guard sequences.count < limits.running + limits.waiting else { return false }
    let owners = Set(sequences.values.map(\.owner))
    if !owners.contains(submission.owner) { queue.level(submission.owner, with: owners) }
    sequences[submission.id] = ScheduledSequence(submission)
    queue.append(submission.id, of: submission.owner)
    return true
  }

  /// Lets go of a request that nobody waits for any more: at once, or when the step that it is in has come back.
  mutating func cancel(_ id: RequestID) {
    guard let sequence = sequences[id] else { return }
    if sequence.isInStep {
      sequences[id]?.isCancelled = true
    } else {
      end(id)
    }
  }

  /// Forgets a request and gives its pages back.
  mutating func end(_ id: RequestID) {
    guard let sequence = sequences[id] else { return }
    queue.remove(id, of: sequence.owner)
    release(id)
    sequences[id] = nil
    if sequences.isEmpty { queue.forgetService() }
  }

  /// Gives a request's pages back, and what it has filled to the tree of prefixes.
  private mutating func release(_ id: RequestID) {
    guard var sequence = sequences[id] else { return }
    fileLastPage(of: &sequence)
    for page in sequence.pages.dropFirst(sequence.path.count) { pool.give(page) }
    tree.release(sequence.path)
    sequences[id]?.setAside()
    running.removeAll { $0 == id }
  }

  /// Sets a running request aside; it goes on where it was as soon as there is room, from the pages that are left then.
  mutating func preempt(_ id: RequestID) {
    guard let sequence = sequences[id] else { return }
    release(id)
    queue.append(id, of: sequence.owner, atHead: true)
  }

  // MARK: Beginning

  /// Begins requests that wait, as long as there is room for them.
  mutating func admit() {
    while queue.count > 0, let next = nextToBegin() {
      if let victim = next.victim { preempt(victim) }
      queue.remove(next.id, of: next.owner)
      running.append(next.id)
    }
  }

  /// The first request that can begin, and who has to make room for it.
  private func nextToBegin() -> (id: RequestID, owner: String, victim: RequestID?)? {
    for head in queue.heads {
      // What is free is kept for it: those who ask for less would take it again and again.
      guard canBegin(head.id) else { return nil }
      if running.count < limits.running { return (head.id, head.owner, nil) }
      if let victim = victimOfFairness(for: head.owner) { return (head.id, head.owner, victim) }
    }
    return nil
  }

  /// Whether the pages suffice for a request's prompt beside those that run.
  private func canBegin(_ id: RequestID) -> Bool {
    guard let sequence = sequences[id] else { return false }
    return running.isEmpty || pages(for: sequence.tokens.count) + running.count <= pool.freeCount + tree.unusedCount
  }

  /// The youngest request of an owner who runs at least two more than `owner` would with one more.
  private func victimOfFairness(for owner: String) -> RequestID? {
    var counts: [String: Int] = [:]
    for id in running { if let sequence = sequences[id] { counts[sequence.owner, default: 0] += 1 } }
    let own = counts[owner, default: 0]
    guard let most = counts.values.max(), most > own + 1 else { return nil }
    return running.last { id in
      guard let sequence = sequences[id], !sequence.isInStep else { return false }
      return counts[sequence.owner] == most
    }
  }

  func pages(for tokens: Int) -> Int { (tokens + limits.pageLength - 1) / limits.pageLength }
}
