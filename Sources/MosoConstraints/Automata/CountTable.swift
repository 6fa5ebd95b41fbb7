/// For each state of an automaton, how often it may still count on the way to an end.
///
/// With it a rule never enters a state from which its bounds cannot be kept. The set of states that can end after
/// counting exactly n times more follows from that for n - 1, so the sets repeat themselves after a while: the table
/// ends there, however large the bounds are.
struct CountTable: Sendable {
  /// The number of states.
  private let states: Int
  /// How many counts have a row of their own.
  private let rows: Int
  /// After so many rows they repeat, this many at a time; 0 when the counts beyond are never asked for.
  private let period: Int
  /// For each row and state the least count from there on after which the rule can end; -1 for none.
  private let next: [Int32]

  static let none: Int32 = -1

  /// - Parameters:
  ///   - automaton: The automaton, with only those edges that may be used.
  ///   - maximum: The largest count that is ever asked for.
  init(
    _ automaton: RuleAutomaton, maximum: Int?, budget: GrammarBudget, path: String
  ) throws(GrammarError) {
    let count = automaton.states.count
    var plain = [[Int32]](repeating: [], count: count)
    var counting = [[Int32]](repeating: [], count: count)
    var edges = count
    for (index, state) in automaton.states.enumerated() {
      func add(_ target: Int32, _ weight: Int32) {
        if weight == 0 { plain[Int(target)].append(Int32(index)) } else { counting[Int(target)].append(Int32(index)) }
        edges += 1
      }
      for edge in state.bytes { add(edge.target, edge.weight) }
      for edge in state.calls { add(edge.target, edge.weight) }
      for edge in state.tokens { if let target = edge.target { add(target, 0) } }
      if let target = state.control { add(target, 0) }
    }
    var sets: [[Bool]] = []
    var known: [[Bool]: Int] = [:]
    var start: Int?
    var set = automaton.states.map(\.isFinal)
    while true {
      var pending = set.indices.filter { set[$0] }
      while let state = pending.popLast() {
        for source in plain[state] where !set[Int(source)] {
          set[Int(source)] = true
          pending.append(Int(source))
        }
      }
      try budget.spend(steps: edges / 4 + count + 4, at: path)
      start = known[set]
      if start != nil || sets.count > maximum ?? .max { break }
      known[set] = sets.count
      sets.append(set)
      var before = [Bool](repeating: false, count: count)
      for state in set.indices where set[state] {
        for source in counting[state] { before[Int(source)] = true }
      }
      set = before
    }
    states = count
    rows = sets.count
    period = start.map { sets.count - $0 } ?? 0
    var table = [Int32](repeating: Self.none, count: rows * count)
    // Twice, because what comes after the last row are the repeated ones.
    for pass in 0..<2 {
      for row in stride(from: rows - 1, through: 0, by: -1) {
        for state in 0..<count {
          var value = Self.none
          if sets[row][state] {
            value = Int32(row)
          } else if row + 1 < rows {
            value = table[(row + 1) * count + state]
          } else if period > 0, pass == 1 {
            let wrapped = table[(rows - period) * count + state]
            if wrapped != Self.none { value = wrapped + Int32(period) }
          }
          table[row * count + state] = value
        }
      }
    }
    next = table
  }

  /// The least count of at least `least` after which the rule can end from `state`; `nil` for none.
  func next(from state: Int, least: Int) -> Int? {
    if least < rows {
      let value = next[least * states + state]
      return value == Self.none ? nil : Int(value)
    }
    guard period > 0 else { return nil }
    let row = rows - period + (least - rows) % period
    let value = next[row * states + state]
    return value == Self.none ? nil : Int(value) - row + least
  }

  /// Whether, from every state but the last ones, the rule can end after any count from the least on, so that there only
  /// the rule's maximum matters.
  func isUniform(except isLast: (Int) -> Bool) -> Bool {
    guard period <= 1, rows > 0 else { return false }
    for state in 0..<states where next[state] != Self.none && !isLast(state) {
      for row in Int(next[state])..<rows where next[row * states + state] != Int32(row) { return false }
    }
    return true
  }

  /// What it takes, in bytes.
  var memory: Int { 4 * next.count }

  /// From this count on, whether a state can end depends on the count's remainder by `repeatLength` alone.
  var settled: Int { rows }

  /// How many rows repeat; 1 when there is nothing to tell apart.
  var repeatLength: Int { max(period, 1) }
}
