extension Scheduler {
  /// What to compute next; `nil` when there is nothing to do.
  ///
  /// Every answer on its way gets its next token in each step. What is left of the step goes to prompts, those that began
  /// first first, so that no stream stalls behind a long prompt. Hidden states, of any number of texts, need steps of their own,
  /// which take turns with the others.
  ///
  /// - Precondition: The step before has been completed.
  mutating func nextStep() -> Step? {
    precondition(!sequences.values.contains { $0.isInStep }, "a step that has not been completed")
    admit()
    var step = Step()
    defer { lastWantedHiddenStates = step.wantsHiddenStates }
    if !lastWantedHiddenStates, appendHiddenStates(to: &step) { return step }
    // Looked up anew each time: making room for one may set others aside.
    for id in running where sequences[id]?.isAnswering == true && running.contains(id) {
      append(id, most: 1, to: &step)
    }
    var budget = step.works.isEmpty ? limits.promptTokens : promptTokensBesideAnswers
    var claims: Set<Claim> = []
    for id in running where sequences[id]?.isInStep == false && running.contains(id) {
      if budget <= 0 { break }
      reuse(id)
      if let claim = claim(of: id), !claims.insert(claim).inserted { continue }
      if sequences[id]?.submission.wanted == .hiddenStates { continue }
      reuseBeginning(id, in: &step)
      budget -= append(id, most: budget, to: &step)
    }
    // Where there is nothing else to do, they need not wait for their turn.
    if step.works.isEmpty { _ = appendHiddenStates(to: &step) }
    return step.works.isEmpty ? nil : step
  }

  /// Adds works that want hidden states, as many as there is room for. Their step computes something else for every row of
  /// theirs, so it has no other works.
  ///
  /// - Returns: Whether there are any.
  private mutating func appendHiddenStates(to step: inout Step) -> Bool {
    let isBeside = running.contains { sequences[$0]?.isAnswering == true }
    var budget = isBeside ? promptTokensBesideAnswers : limits.promptTokens
    // Looked up anew each time: making room for one may set others aside.
    for id in running where sequences[id]?.submission.wanted == .hiddenStates && running.contains(id) {
      if budget <= 0 { break }
      budget -= append(id, most: budget, to: &step)
    }
    step.wantsHiddenStates = !step.works.isEmpty
    return step.wantsHiddenStates
  }

  /// The page that a prompt fills next. Two prompts that agree up to the end of it need not both compute it: the later one
  /// waits and finds it in the tree.
  private struct Claim: Hashable {
    let parent: PrefixTree.NodeID
    let tokens: ArraySlice<Int32>
  }

  private mutating func claim(of id: RequestID) -> Claim? {
    guard let sequence = sequences[id], sequence.mayReuse else { return nil }
    let start = sequence.path.count * limits.pageLength
    let end = start + limits.pageLength
    guard end < sequence.tokens.count else { return nil }
    return Claim(parent: parent(of: sequence), tokens: sequence.tokens[start..<end])
  }

  /// Takes the pages that somebody has filled with the tokens that come next.
  ///
  /// The last token is always read: its scores are what is asked for.
  private mutating func reuse(_ id: RequestID) {
    guard var sequence = sequences[id], sequence.mayReuse, sequence.readCount % limits.pageLength == 0,
      sequence.pages.count == sequence.path.count
    else { return }
    while sequence.readCount + limits.pageLength < sequence.tokens.count {
      let range = sequence.readCount..<sequence.readCount + limits.pageLength
      guard let found = tree.find(sequence.tokens[range], after: parent(of: sequence)) else { break }
      tree.retain(found.node)
      sequence.path.append(found.node)
      sequence.pages.append(found.page)
      sequence.skip(range.count)
    }
    sequences[id] = sequence
  }

  /// Takes a copy of a page that begins with the tokens that come next and then goes on differently, or ends.
  private mutating func reuseBeginning(_ id: RequestID, in step: inout Step) {
    guard var sequence = sequences[id], sequence.mayReuse, sequence.pages.count == sequence.path.count,
      sequence.readCount == sequence.path.count * limits.pageLength
    else { return }
    // The last token is always read.
    let end = min(sequence.readCount + limits.pageLength, sequence.tokens.count - 1)
    guard sequence.readCount < end,
      let found = tree.findBeginning(of: sequence.tokens[sequence.readCount..<end], after: parent(of: sequence))
    else { return }
    // Held, so that it is not dropped to make room for its copy.
    tree.retain(found.node)
    defer { tree.release(CollectionOfOne(found.node)) }
    guard let page = pool.take() ?? tree.evict() else { return }
    step.copies.append(Step.Copy(from: found.page, to: page))
    sequence.pages.append(page)
    sequence.skip(found.count)
    sequences[id] = sequence
  }

  mutating func parent(of sequence: ScheduledSequence) -> PrefixTree.NodeID {
    sequence.path.last ?? tree.root(of: sequence.owner)
  }

  /// Adds the next tokens of a request to a step, at most `most`; fewer where there are no pages for more.
  ///
  /// - Returns: How many.
  @discardableResult
  private mutating func append(_ id: RequestID, most: Int, to step: inout Step) -> Int {
    guard let before = sequences[id] else { return 0 }
    var count = min(before.unreadCount, most)
    // A row of scores for each token takes much memory.
    if case .everyScore = before.submission.wanted { count = min(count, limits.scoredTokens) }
    if count < before.unreadCount {
      // A cut at the end of a page lets others who wait for the page go on.
      let aligned = (before.readCount + count) / limits.pageLength * limits.pageLength - before.readCount
      if aligned > 0 { count = aligned }
    }
    count = reserve(count, for: id)
    guard count > 0, let sequence = sequences[id] else { return 0 }
    let end = sequence.readCount + count
    let outputs: Range<Int> =
      switch sequence.submission.wanted {
      case .everyScore where sequence.readCount < sequence.submission.prompt.count: 0..<count
      case .answer, .everyScore: end == sequence.tokens.count ? count - 1..<count : count..<count
      case .hiddenStates, .nothing: count..<count
      }
    step.works.append(
      Step.Work(
        id: id, tokens: Array(sequence.tokens[sequence.readCount..<end]), firstPosition: sequence.readCount,
        pages: sequence.pages, outputs: outputs))
    sequences[id]?.isInStep = true
    return count
  }

  /// Makes sure that a request has pages for its next `count` tokens.
  ///
  /// Pages come from the free ones, then from the oldest prefixes, then from the youngest running request, which is set
  /// aside. The oldest always gets what it needs, so that something always goes on.
  ///
  /// - Returns: For how many tokens there are pages.
  private mutating func reserve(_ count: Int, for id: RequestID) -> Int {
    while let sequence = sequences[id] {
      let room = sequence.pages.count * limits.pageLength - sequence.readCount
      if room >= count { return count }
      if let page = pool.take() ?? tree.evict() {
        sequences[id]?.pages.append(page)
        continue
      }
      if room > 0 { return room }
      guard let youngest = running.last(where: { sequences[$0]?.isInStep == false }), youngest != id else {
        // Whoever began later is in the step already, or there is nobody: this one waits.
        if sequence.isAnswering && running.count > 1 { preempt(id) }
        return 0
      }
      preempt(youngest)
    }
    return 0
  }
}
