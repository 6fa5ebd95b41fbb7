extension Scheduler {
  /// Takes note of what a step has computed.
  ///
  /// - Parameter outcomes: For each request whose last token was read, what became of it.
  mutating func complete(_ step: Step, outcomes: [RequestID: StepOutcome]) {
    for work in step.works {
      guard var sequence = sequences[work.id] else { preconditionFailure("a work of an unknown request") }
      let wasAnswering = sequence.isAnswering
      sequence.isInStep = false
      sequence.readCount += work.tokens.count
      fileFullPages(of: &sequence)
      queue.charge(
        sequence.owner, wasAnswering ? FairQueue.writtenCost : FairQueue.readCost * work.tokens.count)
      let outcome = outcomes[work.id]
      if case .token(let token) = outcome { sequence.tokens.append(token) }
      sequences[work.id] = sequence
      if sequence.isCancelled || outcome == .ended { end(work.id) }
    }
  }

  /// Puts the page that is filled in part into the tree, unless what it holds is there already: what comes next in a
  /// conversation begins with it.
  mutating func fileLastPage(of sequence: inout ScheduledSequence) {
    let start = sequence.path.count * limits.pageLength
    guard sequence.readCount - start >= limits.copiedTokens else { return }
    let tokens = sequence.tokens[start..<sequence.readCount]
    let parent = parent(of: sequence)
    // The newest that begins alike may go on differently while an older one is just the same.
    if tree.find(tokens, after: parent) != nil { return }
    if let found = tree.findBeginning(of: tokens, after: parent), found.count == tokens.count { return }
    sequence.path.append(tree.insert(tokens, page: sequence.pages[sequence.path.count], after: parent))
  }

  /// Puts pages that are full into the tree, for others and for later; where somebody was faster, theirs is used.
  private mutating func fileFullPages(of sequence: inout ScheduledSequence) {
    while (sequence.path.count + 1) * limits.pageLength <= sequence.readCount {
      let start = sequence.path.count * limits.pageLength
      let tokens = sequence.tokens[start..<start + limits.pageLength]
      let parent = parent(of: sequence)
      let own = sequence.pages[sequence.path.count]
      if let found = tree.find(tokens, after: parent) {
        tree.retain(found.node)
        pool.give(own)
        sequence.pages[sequence.path.count] = found.page
        sequence.path.append(found.node)
      } else {
        sequence.path.append(tree.insert(tokens, page: own, after: parent))
      }
    }
  }
}
