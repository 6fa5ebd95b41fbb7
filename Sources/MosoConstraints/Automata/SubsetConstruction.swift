extension NondeterministicAutomaton {
  /// The deterministic automaton that reads the same, from state 0 to `final`.
  func determinized(final: Int32, budget: GrammarBudget, path: String) throws(GrammarError) -> RuleAutomaton {
    var construction = SubsetConstruction(automaton: self, final: final, budget: budget, path: path)
    return try construction.run()
  }
}

/// Makes an automaton deterministic: each of its states stands for a set of states.
private struct SubsetConstruction {
  let automaton: NondeterministicAutomaton
  let final: Int32
  let budget: GrammarBudget
  let path: String
  private var numbers: [[Int32]: Int32] = [:]
  private var sets: [[Int32]] = []
  /// Marks for `closure`: the states that the closure with this number has reached.
  private var seen: [Int]
  private var closures = 0

  init(automaton: NondeterministicAutomaton, final: Int32, budget: GrammarBudget, path: String) {
    self.automaton = automaton
    self.final = final
    self.budget = budget
    self.path = path
    seen = [Int](repeating: 0, count: automaton.edges.count)
  }

  mutating func run() throws(GrammarError) -> RuleAutomaton {
    var states: [RuleAutomaton.State] = []
    _ = try number(of: [0])
    while states.count < sets.count { states.append(try state(of: sets[states.count])) }
    return RuleAutomaton(states: states)
  }

  /// The number of the state for everything that `targets` reach without reading.
  private mutating func number(of targets: [Int32]) throws(GrammarError) -> Int32 {
    closures += 1
    var reached: [Int32] = []
    for target in targets where seen[Int(target)] != closures {
      seen[Int(target)] = closures
      reached.append(target)
    }
    var next = 0
    while next < reached.count {
      for target in automaton.skips[Int(reached[next])] where seen[Int(target)] != closures {
        seen[Int(target)] = closures
        reached.append(target)
      }
      next += 1
    }
    // Only states that read something, or end, tell one set from another.
    let set = reached.filter { !automaton.edges[Int($0)].isEmpty || $0 == final }.sorted()
    try budget.spend(steps: reached.count, at: path)
    if let number = numbers[set] { return number }
    try budget.spend(states: 1, at: path)
    let number = Int32(sets.count)
    numbers[set] = number
    sets.append(set)
    return number
  }

  private mutating func state(of set: [Int32]) throws(GrammarError) -> RuleAutomaton.State {
    var state = RuleAutomaton.State(isFinal: set.contains(final))
    var ranges: [(low: UInt8, high: UInt8, target: Int32)] = []
    var calls: [NondeterministicAutomaton.Symbol: [Int32]] = [:]
    var callOrder: [NondeterministicAutomaton.Symbol] = []
    var tokens: [Int32: [Int32]] = [:]
    var controls: [(except: [Int32], target: Int32)] = []
    for member in set {
      for edge in automaton.edges[Int(member)] {
        switch edge.symbol {
        case .bytes(let low, let high): ranges.append((low, high, edge.target))
        case .call:
          if calls[edge.symbol] == nil { callOrder.append(edge.symbol) }
          calls[edge.symbol, default: []].append(edge.target)
        case .token(let token): tokens[token, default: []].append(edge.target)
        case .control(let except): controls.append((except, edge.target))
        }
      }
    }
    try budget.spend(steps: ranges.count + calls.count + tokens.count + 1, at: path)
    state.bytes = try byteEdges(ranges)
    for symbol in callOrder {
      guard case .call(let rule, let weight) = symbol, let targets = calls[symbol] else { continue }
      state.calls.append(.init(rule: rule, target: try number(of: targets), weight: weight))
    }
    let special = Set(tokens.keys).union(controls.flatMap(\.except)).sorted()
    for token in special {
      let free = controls.filter { !$0.except.contains(token) }.map(\.target)
      let targets = (tokens[token] ?? []) + free
      if targets.isEmpty && controls.isEmpty { continue }
      state.tokens.append(.init(token: token, target: targets.isEmpty ? nil : try number(of: targets)))
    }
    if !controls.isEmpty { state.control = try number(of: controls.map(\.target)) }
    return state
  }

  private mutating func byteEdges(
    _ ranges: [(low: UInt8, high: UInt8, target: Int32)]
  ) throws(GrammarError) -> [RuleAutomaton.ByteEdge] {
    guard !ranges.isEmpty else { return [] }
    var isStart = [Bool](repeating: false, count: 257)
    for range in ranges {
      isStart[Int(range.low)] = true
      isStart[Int(range.high) + 1] = true
    }
    var targets = [[Int32]](repeating: [], count: 256)
    for range in ranges {
      for byte in Int(range.low)...Int(range.high) where isStart[byte] { targets[byte].append(range.target) }
    }
    var edges: [RuleAutomaton.ByteEdge] = []
    var byte = 0
    while byte < 256 {
      var end = byte
      while end < 255 && !isStart[end + 1] { end += 1 }
      if !targets[byte].isEmpty {
        let target = try number(of: targets[byte])
        if let last = edges.last, last.target == target, Int(last.high) + 1 == byte {
          edges[edges.count - 1].high = UInt8(end)
        } else {
          edges.append(.init(low: UInt8(byte), high: UInt8(end), target: target, weight: 0))
        }
      }
      byte = end + 1
    }
    return edges
  }
}
