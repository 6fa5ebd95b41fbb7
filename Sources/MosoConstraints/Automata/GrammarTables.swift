/// A grammar as it is used: flat tables without anything from which no end can be reached.
final class GrammarTables: Sendable {
  struct State: Sendable {
    var rule: Int32
    var firstByteEdge: Int32
    var endByteEdge: Int32
    var firstCall: Int32
    var endCall: Int32
    var firstToken: Int32
    var endToken: Int32
    /// Where control tokens lead that have no edge of their own; -1 for nowhere.
    var control: Int32
    var isFinal: Bool
    /// Whether nothing comes after it.
    var isLast: Bool
    /// How many frames may be needed to get from here to the end of the rule, below this one, without counting.
    var depth: Int32

    var hasCalls: Bool { firstCall < endCall }
  }

  struct Rule: Sendable {
    var start: Int32
    /// How many frames it needs at least.
    var depth: Int32
    var bounds: CountBounds?
    /// For rules that count: ways to end with calls of growing depth only, the last of which is every way.
    var tables: [(depth: Int32, table: CountTable)] = []
    var isUniform = false
    /// The state that most bytes lead to: others often read almost the same.
    var usualState: Int32
    var standard: StandardRule?
    /// The bytes that it can begin with.
    var firstBytes = ByteSet()
  }

  let states: [State]
  let byteEdges: [RuleAutomaton.ByteEdge]
  let calls: [RuleAutomaton.CallEdge]
  let tokens: [RuleAutomaton.TokenEdge]
  let rules: [Rule]
  let start: Int32
  /// The largest depth of any state.
  let maximumDepth: Int32

  /// Frames that may be open at once; each array or object inside another takes one or two. Readers of JSON take 128 levels
  /// and more, and a call's arguments stand within a message.
  static let frameLimit: Int32 = 100

  /// - Parameters:
  ///   - grammar: The grammar.
  ///   - bytes: The bytes that can be written one by one.
  ///   - tokenCount: Tokens from this on do not exist.
  init(_ grammar: Grammar, bytes: ByteSet, tokenCount: Int) throws(GrammarError) {
    let analysis = try GrammarAnalysis(grammar, bytes: bytes, tokenCount: tokenCount)
    var states: [State] = []
    var byteEdges: [RuleAutomaton.ByteEdge] = []
    var calls: [RuleAutomaton.CallEdge] = []
    var tokens: [RuleAutomaton.TokenEdge] = []
    var rules: [Rule] = []
    for (number, rule) in analysis.rules.enumerated() {
      let offset = Int32(states.count)
      rules.append(analysis.rule(number, start: offset))
      for (index, state) in rule.automaton.states.enumerated() {
        let first = (Int32(byteEdges.count), Int32(calls.count), Int32(tokens.count))
        byteEdges += state.bytes.sorted { $0.low < $1.low }.map {
          .init(low: $0.low, high: $0.high, target: $0.target + offset, weight: $0.weight)
        }
        calls += state.calls.map { .init(rule: $0.rule, target: $0.target + offset, weight: $0.weight) }
        tokens += state.tokens.map { .init(token: $0.token, target: $0.target.map { $0 + offset }) }
        states.append(
          State(
            rule: Int32(number), firstByteEdge: first.0, endByteEdge: Int32(byteEdges.count), firstCall: first.1,
            endCall: Int32(calls.count), firstToken: first.2, endToken: Int32(tokens.count),
            control: state.control.map { $0 + offset } ?? -1, isFinal: state.isFinal, isLast: state.isEmpty,
            depth: analysis.depths[number][index]))
      }
    }
    self.states = states
    self.byteEdges = byteEdges
    self.calls = calls
    self.tokens = tokens
    self.rules = rules
    start = rules[Int(grammar.start)].start
    maximumDepth = analysis.deepest
  }

  /// What the tables take, in bytes.
  var memory: Int {
    let edges = MemoryLayout<RuleAutomaton.ByteEdge>.stride * byteEdges.count
    let others = MemoryLayout<RuleAutomaton.CallEdge>.stride * (calls.count + tokens.count)
    let counts = rules.reduce(0) { $0 + $1.tables.reduce(0) { $0 + $1.table.memory } }
    return MemoryLayout<State>.stride * states.count + MemoryLayout<Rule>.stride * rules.count + edges + others + counts
  }

  /// The edge by which a state reads a byte.
  func byteEdge(from state: Int32, reading byte: UInt8) -> RuleAutomaton.ByteEdge? {
    let state = states[Int(state)]
    for index in Int(state.firstByteEdge)..<Int(state.endByteEdge) where byte <= byteEdges[index].high {
      return byte >= byteEdges[index].low ? byteEdges[index] : nil
    }
    return nil
  }

  /// Whether two states of a rule read mostly the same, and the same special tokens.
  func reads(_ one: Int32, like other: Int32) -> Bool {
    let first = states[Int(one)]
    let second = states[Int(other)]
    guard !first.hasCalls, !second.hasCalls, (first.control >= 0) == (second.control >= 0) else { return false }
    let own = tokens[Int(first.firstToken)..<Int(first.endToken)]
    let others = tokens[Int(second.firstToken)..<Int(second.endToken)]
    guard own.elementsEqual(others, by: { $0.token == $1.token && ($0.target == nil) == ($1.target == nil) }) else {
      return false
    }
    let differences = (UInt8.min...UInt8.max).count {
      byteEdge(from: one, reading: $0)?.target != byteEdge(from: other, reading: $0)?.target
    }
    return differences <= 16
  }

  /// Whether the rule of `state` can still end after having counted to `count`.
  func isViable(_ state: Int32, _ count: Int32) -> Bool {
    let rule = rules[Int(states[Int(state)].rule)]
    guard let bounds = rule.bounds, let last = rule.tables.last else { return true }
    return Self.canEnd(Int(state - rule.start), Int(count), bounds, last.table)
  }

  /// Whether the rule of `state`, having counted to `count`, can end where it is.
  func mayEnd(_ state: Int32, _ count: Int32) -> Bool {
    guard states[Int(state)].isFinal else { return false }
    return rules[Int(states[Int(state)].rule)].bounds?.contains(Int(count)) ?? true
  }

  /// How many frames, with its own, are enough to end the rule of `state` after having counted to `count`.
  func depth(_ state: Int32, _ count: Int32) -> Int32 {
    let rule = rules[Int(states[Int(state)].rule)]
    guard let bounds = rule.bounds else { return states[Int(state)].depth }
    for (depth, table) in rule.tables where Self.canEnd(Int(state - rule.start), Int(count), bounds, table) {
      return depth
    }
    return .max
  }

  private static func canEnd(_ state: Int, _ count: Int, _ bounds: CountBounds, _ table: CountTable) -> Bool {
    guard count <= bounds.maximum ?? .max else { return false }
    guard let more = table.next(from: state, least: max(bounds.minimum - count, 0)) else { return false }
    return more <= (bounds.maximum ?? .max) - count
  }
}
