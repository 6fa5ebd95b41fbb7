/// Finds out which rules can be ended at all, and at what depth, and removes everything else.
struct GrammarAnalysis {
  private(set) var rules: [GrammarRule]
  /// For each rule how many frames it needs at least, its own among them; 0 for a rule that cannot end.
  private(set) var ruleDepths: [Int32]
  /// For each rule and state how many frames are enough to end the rule from there, without looking at its counter.
  private(set) var depths: [[Int32]] = []
  /// The most frames that any state needs.
  private(set) var deepest: Int32 = 1
  private var tables: [[(depth: Int32, table: CountTable)]] = []
  private var firstBytes: [ByteSet]
  private let budget: GrammarBudget

  init(_ grammar: Grammar, bytes: ByteSet, tokenCount: Int) throws(GrammarError) {
    rules = grammar.rules
    budget = GrammarBudget(grammar.limits)
    ruleDepths = [Int32](repeating: 0, count: rules.count)
    firstBytes = [ByteSet](repeating: ByteSet(), count: rules.count)
    if bytes != .all || tokenCount != .max { removeUnwritable(bytes, tokenCount) }
    try findDepths()
    guard ruleDepths[Int(grammar.start)] > 0 else { throw Self.emptiness(of: rules, ruleDepths, from: grammar.start) }
    guard ruleDepths[Int(grammar.start)] <= GrammarTables.frameLimit / 2 else {
      throw GrammarError(
        path: rules[Int(grammar.start)].path,
        reason: .tooComplex("the smallest valid document nests \(ruleDepths[Int(grammar.start)]) rules"))
    }
    try removeImpossible()
    try findFirstBytes()
  }

  /// The rule for the flat tables.
  func rule(_ number: Int, start: Int32) -> GrammarTables.Rule {
    let rule = rules[number]
    var result = GrammarTables.Rule(start: start, depth: ruleDepths[number], bounds: rule.bounds, usualState: start)
    var counts = [Int](repeating: 0, count: rule.automaton.states.count)
    for edge in rule.automaton.states.flatMap(\.bytes) { counts[Int(edge.target)] += Int(edge.high - edge.low) + 1 }
    if let most = counts.max(), let state = counts.firstIndex(of: most) { result.usualState += Int32(state) }
    result.tables = tables[number]
    result.standard = rule.standard
    result.firstBytes = firstBytes[number]
    let readsBytesOnly = rule.automaton.states.allSatisfy { state in
      state.calls.isEmpty && state.tokens.isEmpty && state.control == nil
    }
    let isUniform = tables[number].last?.table.isUniform { state in rule.automaton.states[state].isEmpty } ?? false
    result.isUniform = readsBytesOnly && isUniform
    return result
  }

  /// Removes bytes and tokens that a vocabulary does not have.
  private mutating func removeUnwritable(_ bytes: ByteSet, _ tokenCount: Int) {
    for rule in rules.indices {
      for state in rules[rule].automaton.states.indices {
        var edges: [RuleAutomaton.ByteEdge] = []
        for edge in rules[rule].automaton.states[state].bytes {
          for byte in edge.low...edge.high where bytes.contains(byte) {
            if let last = edges.last, last.target == edge.target, Int(last.high) + 1 == Int(byte) {
              edges[edges.count - 1].high = byte
            } else {
              edges.append(.init(low: byte, high: byte, target: edge.target, weight: edge.weight))
            }
          }
        }
        rules[rule].automaton.states[state].bytes = edges
        rules[rule].automaton.states[state].tokens.removeAll {
          $0.target != nil && ($0.token < 0 || Int($0.token) >= tokenCount)
        }
      }
    }
  }

  /// Round by round: a rule that can be ended by rules found so far needs one frame more than they.
  private mutating func findDepths() throws(GrammarError) {
    var callers = [[Int]](repeating: [], count: rules.count)
    for (number, rule) in rules.enumerated() {
      for state in rule.automaton.states {
        for call in state.calls where callers[Int(call.rule)].last != number { callers[Int(call.rule)].append(number) }
      }
    }
    var candidates = Array(rules.indices)
    var depth: Int32 = 0
    while !candidates.isEmpty {
      depth += 1
      var found: [Int] = []
      for number in candidates where ruleDepths[number] == 0 {
        if try canEnd(number, callsBelow: depth) { found.append(number) }
      }
      for number in found { ruleDepths[number] = depth }
      candidates = Array(Set(found.flatMap { callers[$0] })).sorted()
    }
  }

  /// The automaton of a rule with only those calls that need fewer frames than `depth`.
  private func automaton(_ number: Int, callsBelow depth: Int32) -> RuleAutomaton {
    var automaton = rules[number].automaton
    for state in automaton.states.indices {
      automaton.states[state].calls.removeAll { call in
        let needed = ruleDepths[Int(call.rule)]
        return needed == 0 || needed >= depth
      }
    }
    return automaton
  }

  private func canEnd(_ number: Int, callsBelow depth: Int32) throws(GrammarError) -> Bool {
    let automaton = automaton(number, callsBelow: depth)
    let path = rules[number].path
    guard let bounds = rules[number].bounds else {
      try budget.spend(steps: automaton.states.count, at: path)
      return Self.ending(automaton)[0]
    }
    let table = try CountTable(automaton, maximum: bounds.maximum, budget: budget, path: path)
    guard let count = table.next(from: 0, least: bounds.minimum) else { return false }
    return count <= bounds.maximum ?? .max
  }

  /// From which states of an automaton its end can be reached.
  private static func ending(_ automaton: RuleAutomaton) -> [Bool] {
    var sources = [[Int32]](repeating: [], count: automaton.states.count)
    for (index, state) in automaton.states.enumerated() {
      for target in state.targets { sources[Int(target)].append(Int32(index)) }
    }
    var isEnding = automaton.states.map(\.isFinal)
    var pending = isEnding.indices.filter { isEnding[$0] }
    while let state = pending.popLast() {
      for source in sources[state] where !isEnding[Int(source)] {
        isEnding[Int(source)] = true
        pending.append(Int(source))
      }
    }
    return isEnding
  }

  /// Removes calls of rules that cannot end and edges to states from which the rule cannot end, and notes depths.
  private mutating func removeImpossible() throws(GrammarError) {
    for number in rules.indices {
      var automaton = automaton(number, callsBelow: .max)
      let isEnding = Self.ending(automaton)
      for state in automaton.states.indices { automaton.states[state].keepTargets { isEnding[Int($0)] } }
      rules[number].automaton = automaton
      depths.append([Int32](repeating: 1, count: automaton.states.count))
      tables.append([])
      let calls = Set(automaton.states.flatMap { $0.calls.map { ruleDepths[Int($0.rule)] } }).sorted()
      try budget.spend(steps: automaton.states.count * (1 + calls.count), at: rules[number].path)
      guard let bounds = rules[number].bounds else {
        var isKnown = [Bool](repeating: false, count: automaton.states.count)
        for depth in [0] + calls {
          let ending = Self.ending(self.automaton(number, callsBelow: depth + 1))
          for state in isKnown.indices where ending[state] && !isKnown[state] {
            isKnown[state] = true
            depths[number][state] = depth + 1
          }
        }
        deepest = max(deepest, depths[number].max() ?? 1)
        continue
      }
      for depth in [0] + calls {
        let limited = self.automaton(number, callsBelow: depth + 1)
        let table = try CountTable(limited, maximum: bounds.maximum, budget: budget, path: rules[number].path)
        tables[number].append((depth + 1, table))
        deepest = max(deepest, depth + 1)
      }
    }
  }

  /// What each rule begins with. A rule that begins with itself could be entered for ever.
  private mutating func findFirstBytes() throws(GrammarError) {
    var isDone = [Bool](repeating: false, count: rules.count)
    var isOpen = isDone
    for root in rules.indices where !isDone[root] {
      var stack = [root]
      while let number = stack.last {
        guard !isDone[number], let start = rules[number].automaton.states.first else {
          stack.removeLast()
          continue
        }
        isOpen[number] = true
        let waiting = start.calls.map { Int($0.rule) }.filter { !isDone[$0] }
        if let loop = waiting.first(where: { isOpen[$0] }) {
          throw GrammarError(
            path: rules[loop].path,
            reason: .unsatisfiable("the schema is defined by itself, with no array or object between"))
        }
        if !waiting.isEmpty {
          stack += waiting
          continue
        }
        for edge in start.bytes { for byte in edge.low...edge.high { firstBytes[number].insert(byte) } }
        for call in start.calls { firstBytes[number].formUnion(firstBytes[Int(call.rule)]) }
        isOpen[number] = false
        isDone[number] = true
        stack.removeLast()
      }
    }
  }

  /// The error for a grammar in which nothing can be written: it names the deepest rule that is to blame.
  private static func emptiness(of rules: [GrammarRule], _ depths: [Int32], from start: Int32) -> GrammarError {
    var seen: Set<Int32> = []
    var rule = start
    while seen.insert(rule).inserted {
      let calls = rules[Int(rule)].automaton.states.flatMap(\.calls)
      guard let next = calls.first(where: { depths[Int($0.rule)] == 0 && !seen.contains($0.rule) }) else { break }
      rule = next.rule
    }
    let blamed = rules[Int(rule)]
    return GrammarError(
      path: blamed.path, reason: .unsatisfiable(blamed.emptiness ?? "what is demanded cannot be written"))
  }
}

extension RuleAutomaton.State {
  fileprivate var targets: [Int32] {
    bytes.map(\.target) + calls.map(\.target) + tokens.compactMap(\.target) + (control.map { [$0] } ?? [])
  }

  fileprivate mutating func keepTargets(_ isKept: (Int32) -> Bool) {
    bytes.removeAll { !isKept($0.target) }
    calls.removeAll { !isKept($0.target) }
    for index in tokens.indices {
      if let target = tokens[index].target, !isKept(target) { tokens[index].target = nil }
    }
    if let target = control, !isKept(target) { control = nil }
  }
}
