/// A deterministic automaton over characters: the texts of a pattern, a format or a number.
///
/// State 0 is the first; a character without an edge ends in failure.
struct CharacterAutomaton: Hashable, Sendable {
  struct Edge: Hashable, Sendable {
    var range: ClosedRange<UInt32>
    var target: Int32
  }

  struct State: Hashable, Sendable {
    /// In the order of their ranges, which do not overlap.
    var edges: [Edge] = []
    var accepts = false
  }

  var states: [State]

  /// All texts.
  static let all = CharacterAutomaton(states: [
    State(edges: CharacterSet.all.ranges.map { Edge(range: $0, target: 0) }, accepts: true)
  ])

  /// Just these texts.
  init(texts: some Sequence<String>) {
    states = [State()]
    for text in texts {
      var state = 0
      for scalar in text.unicodeScalars {
        let value = scalar.value
        let place = states[state].edges.firstIndex { $0.range.lowerBound >= value } ?? states[state].edges.count
        if place < states[state].edges.count, states[state].edges[place].range.lowerBound == value {
          state = Int(states[state].edges[place].target)
        } else {
          states[state].edges.insert(Edge(range: value...value, target: Int32(states.count)), at: place)
          state = states.count
          states.append(State())
        }
      }
      states[state].accepts = true
    }
  }

  init(states: [State]) { self.states = states }

  /// Texts of `lengths.lowerBound` to `lengths.upperBound` characters.
  init(lengths: ClosedRange<Int>) {
    states = (0...lengths.upperBound).map { length in
      var state = State(accepts: lengths.contains(length))
      if length < lengths.upperBound {
        state.edges = CharacterSet.all.ranges.map { Edge(range: $0, target: Int32(length + 1)) }
      }
      return state
    }
  }

  /// Whether there is a text at all.
  var isEmpty: Bool { !trimmed.states.contains { $0.accepts } }

  func accepts(_ text: String) -> Bool {
    var state = 0
    for scalar in text.unicodeScalars {
      guard let edge = states[state].edges.first(where: { $0.range.contains(scalar.value) }) else { return false }
      state = Int(edge.target)
    }
    return states[state].accepts
  }

  /// The texts that both read.
  func intersection(
    _ other: CharacterAutomaton, budget: GrammarBudget, path: String
  ) throws(GrammarError) -> CharacterAutomaton {
    struct Pair: Hashable {
      var one: Int32
      var two: Int32
    }
    var numbers = [Pair(one: 0, two: 0): Int32(0)]
    var pairs = [Pair(one: 0, two: 0)]
    var result: [State] = []
    while result.count < pairs.count {
      let pair = pairs[result.count]
      let one = states[Int(pair.one)]
      let two = other.states[Int(pair.two)]
      try budget.spend(states: 1, at: path)
      try budget.spend(steps: 4 + one.edges.count + two.edges.count, at: path)
      var state = State(accepts: one.accepts && two.accepts)
      var first = 0
      var second = 0
      while first < one.edges.count && second < two.edges.count {
        let edge = one.edges[first]
        let match = two.edges[second]
        let low = max(edge.range.lowerBound, match.range.lowerBound)
        let high = min(edge.range.upperBound, match.range.upperBound)
        if low <= high {
          let target = Pair(one: edge.target, two: match.target)
          if numbers[target] == nil {
            numbers[target] = Int32(pairs.count)
            pairs.append(target)
          }
          state.edges.append(Edge(range: low...high, target: numbers[target] ?? 0))
        }
        if edge.range.upperBound < match.range.upperBound { first += 1 } else { second += 1 }
      }
      result.append(state)
    }
    return CharacterAutomaton(states: result).trimmed
  }

  /// Every text that this one does not read.
  var inverted: CharacterAutomaton {
    let sink = Int32(states.count)
    var result = states + [State()]
    for index in result.indices {
      result[index].accepts.toggle()
      let missing = CharacterSet(result[index].edges.map(\.range)).inverted
      result[index].edges += missing.ranges.map { Edge(range: $0, target: sink) }
      result[index].edges.sort { $0.range.lowerBound < $1.range.lowerBound }
    }
    return CharacterAutomaton(states: result)
  }

  /// The same without states from which no text ends.
  var trimmed: CharacterAutomaton {
    var sources = [[Int32]](repeating: [], count: states.count)
    for (index, state) in states.enumerated() {
      for edge in state.edges { sources[Int(edge.target)].append(Int32(index)) }
    }
    var isUseful = states.map(\.accepts)
    var pending = states.indices.filter { states[$0].accepts }
    while let state = pending.popLast() {
      for source in sources[state] where !isUseful[Int(source)] {
        isUseful[Int(source)] = true
        pending.append(Int(source))
      }
    }
    guard isUseful.contains(false) else { return self }
    var numbers = [Int32](repeating: 0, count: states.count)
    var kept: [State] = []
    // The first state stays, even if nothing can be read from it.
    for index in states.indices where isUseful[index] || index == 0 {
      numbers[index] = Int32(kept.count)
      kept.append(states[index])
    }
    for index in kept.indices {
      kept[index].edges = kept[index].edges.compactMap { edge in
        guard isUseful[Int(edge.target)] else { return nil }
        return Edge(range: edge.range, target: numbers[Int(edge.target)])
      }
    }
    return CharacterAutomaton(states: kept)
  }
}
