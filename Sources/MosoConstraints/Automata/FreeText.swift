/// Text in which triggers are looked for, as an automaton: each state is how much of a trigger has been written.
struct FreeText {
  private var steps: [[UInt8: Int]] = [[:]]
  /// The longest other beginning of a trigger that a state's text ends with.
  private var fallbacks: [Int] = [0]
  private var isTrigger: [Bool] = [false]
  private let tokens: [Int32]

  init(_ triggers: [GrammarTrigger], budget: GrammarBudget) throws(GrammarError) {
    let tokens = triggers.compactMap { if case .token(let token) = $0 { token } else { nil } }
    self.tokens = Set(tokens).sorted()
    for case .text(let text) in triggers {
      guard !text.isEmpty else {
        throw GrammarError(path: "$", reason: .malformed(found: "an empty trigger", expected: "a text to look for"))
      }
      try budget.spend(states: 2 * text.utf8.count, at: "$")
      try budget.spend(steps: 64 * text.utf8.count, at: "$")
      add(text)
    }
    findFallbacks()
  }

  private mutating func add(_ text: String) {
    var state = 0
    for byte in text.utf8 {
      if let next = steps[state][byte] {
        state = next
      } else {
        steps[state][byte] = steps.count
        state = steps.count
        steps.append([:])
        fallbacks.append(0)
        isTrigger.append(false)
      }
    }
    isTrigger[state] = true
  }

  /// Breadth first, as in the algorithm of Aho and Corasick.
  private mutating func findFallbacks() {
    var queue = Array(steps[0].values)
    var next = 0
    while next < queue.count {
      let state = queue[next]
      next += 1
      for (byte, target) in steps[state] {
        fallbacks[target] = step(fallbacks[state], byte)
        if isTrigger[fallbacks[target]] { isTrigger[target] = true }
        queue.append(target)
      }
    }
  }

  private func step(_ state: Int, _ byte: UInt8) -> Int {
    var state = state
    while true {
      if let next = steps[state][byte] { return next }
      if state == 0 { return 0 }
      state = fallbacks[state]
    }
  }

  /// Adds the text to a network and returns the state at its end.
  ///
  /// - Parameter endsWithTrigger: Whether it ends when a trigger has been written, or anywhere and without any.
  func append(
    to network: inout NondeterministicAutomaton, from: Int32, endsWithTrigger: Bool
  ) throws(GrammarError) -> Int32 {
    let end = network.addState()
    let states = steps.indices.map { isTrigger[$0] ? end : network.addState() }
    network.skip(from, to: states[0])
    for state in steps.indices where !isTrigger[state] {
      var targets = (0..<256).map { _ in 0 }
      var followed = [state]
      while let last = followed.last, last != 0 { followed.append(fallbacks[last]) }
      for source in followed.reversed() {
        for (byte, target) in steps[source] { targets[Int(byte)] = target }
      }
      var low = 0
      while low < 256 {
        var high = low
        while high < 255 && targets[high + 1] == targets[low] { high += 1 }
        if endsWithTrigger || !isTrigger[targets[low]] {
          network.connect(states[state], .bytes(UInt8(low), UInt8(high)), to: states[targets[low]])
        }
        low = high + 1
      }
      // A token without text leaves the text as it is.
      network.connect(states[state], .control(except: tokens), to: states[state])
      if endsWithTrigger {
        for token in tokens { network.connect(states[state], .token(token), to: end) }
      } else {
        network.skip(states[state], to: end)
      }
    }
    return end
  }
}
