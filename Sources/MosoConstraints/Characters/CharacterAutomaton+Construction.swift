/// An automaton over characters under construction: several edges may read the same, and some read nothing.
struct CharacterNetwork {
  /// When an edge that reads nothing may be taken.
  enum Condition {
    case always
    /// Before the first character.
    case atStart
    /// After the last character.
    case atEnd
  }

  private var edges: [[(set: CharacterSet, target: Int32)]] = [[]]
  private var skips: [[(condition: Condition, target: Int32)]] = [[]]
  let budget: GrammarBudget
  let path: String

  init(budget: GrammarBudget, path: String) {
    self.budget = budget
    self.path = path
  }

  mutating func addState() throws(GrammarError) -> Int32 {
    try budget.spend(states: 1, at: path)
    edges.append([])
    skips.append([])
    return Int32(edges.count - 1)
  }

  mutating func connect(_ from: Int32, _ set: CharacterSet, to target: Int32) {
    edges[Int(from)].append((set, target))
  }

  mutating func skip(_ from: Int32, to target: Int32, _ condition: Condition = .always) {
    skips[Int(from)].append((condition, target))
  }

  /// The deterministic automaton that reads the same, from state 0 to `final`.
  func determinized(final: Int32) throws(GrammarError) -> CharacterAutomaton {
    let start = try closure(of: [0], atStart: true, atEnd: false)
    var numbers: [[Int32]: Int32] = [:]
    var sets: [[Int32]] = [start]
    var states: [CharacterAutomaton.State] = []
    while states.count < sets.count {
      let set = sets[states.count]
      let isStart = states.isEmpty
      let ends = try closure(of: set, atStart: isStart, atEnd: true)
      var state = CharacterAutomaton.State(accepts: ends.contains(final))
      try budget.spend(states: 1, at: path)
      for (range, targets) in try split(set) {
        let next = try closure(of: targets, atStart: false, atEnd: false)
        var number = numbers[next]
        if number == nil {
          number = Int32(sets.count)
          numbers[next] = number
          sets.append(next)
        }
        guard let number else { continue }
        if let last = state.edges.last, last.target == number, last.range.upperBound + 1 == range.lowerBound {
          state.edges[state.edges.count - 1].range = last.range.lowerBound...range.upperBound
        } else {
          state.edges.append(.init(range: range, target: number))
        }
      }
      states.append(state)
    }
    return CharacterAutomaton(states: states).trimmed
  }

  /// The characters that the states of a set read, cut so that each part leads to the same states.
  private func split(_ set: [Int32]) throws(GrammarError) -> [(range: ClosedRange<UInt32>, targets: [Int32])] {
    var bounds: Set<UInt32> = []
    var count = 0
    for member in set {
      for (characters, _) in edges[Int(member)] {
        for range in characters.ranges {
          bounds.insert(range.lowerBound)
          bounds.insert(range.upperBound + 1)
          count += 1
        }
      }
    }
    let cuts = bounds.sorted()
    guard cuts.count > 1 else { return [] }
    var targets = [[Int32]](repeating: [], count: cuts.count)
    for member in set {
      for (characters, target) in edges[Int(member)] {
        for range in characters.ranges {
          var place = Self.position(of: range.lowerBound, in: cuts)
          while place < cuts.count && cuts[place] <= range.upperBound {
            targets[place].append(target)
            place += 1
            count += 1
          }
        }
      }
    }
    try budget.spend(steps: count, at: path)
    return cuts.indices.dropLast().compactMap { targets[$0].isEmpty ? nil : (cuts[$0]...cuts[$0 + 1] - 1, targets[$0]) }
  }

  private static func position(of value: UInt32, in cuts: [UInt32]) -> Int {
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func closure(of targets: [Int32], atStart: Bool, atEnd: Bool) throws(GrammarError) -> [Int32] {
    var reached = Set(targets)
    var pending = Array(reached)
    while let state = pending.popLast() {
      for (condition, target) in skips[Int(state)] {
        switch condition {
        case .always: break
        case .atStart: if !atStart { continue }
        case .atEnd: if !atEnd { continue }
        }
        if reached.insert(target).inserted { pending.append(target) }
      }
    }
    try budget.spend(steps: reached.count, at: path)
    return reached.sorted()
  }
}
