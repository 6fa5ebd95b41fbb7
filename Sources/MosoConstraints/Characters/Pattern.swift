/// A regular expression of ECMA-262, as far as it is a regular language.
indirect enum Pattern: Sendable {
  case characters(CharacterSet)
  case sequence([Pattern])
  case choice([Pattern])
  case repeated(Pattern, minimum: Int, maximum: Int?)
  case start
  case end

  /// The texts in which the pattern is found, as the keyword `pattern` means it.
  func searched(budget: GrammarBudget, path: String) throws(GrammarError) -> CharacterAutomaton {
    var network = CharacterNetwork(budget: budget, path: path)
    let final = try network.addState()
    network.connect(0, .all, to: 0)
    network.connect(final, .all, to: final)
    let begin = try network.addState()
    network.skip(0, to: begin)
    let end = try network.append(self, from: begin)
    network.skip(end, to: final)
    return try network.determinized(final: final)
  }

  /// The texts that are the pattern from beginning to end.
  func matchedWhole(budget: GrammarBudget, path: String) throws(GrammarError) -> CharacterAutomaton {
    var network = CharacterNetwork(budget: budget, path: path)
    let final = try network.append(self, from: 0)
    return try network.determinized(final: final)
  }
}

extension CharacterNetwork {
  /// Reads `pattern` from a state, and returns the state at its end.
  mutating func append(_ pattern: Pattern, from: Int32) throws(GrammarError) -> Int32 {
    try budget.spend(steps: 1, at: path)
    switch pattern {
    case .characters(let set):
      let target = try addState()
      connect(from, set, to: target)
      return target
    case .sequence(let parts):
      var state = from
      for part in parts { state = try append(part, from: state) }
      return state
    case .choice(let parts):
      let end = try addState()
      for part in parts { skip(try append(part, from: from), to: end) }
      return end
    case .repeated(let part, let minimum, let maximum):
      var state = from
      for _ in 0..<minimum {
        let next = try append(part, from: state)
        // What is nothing is nothing however often it is repeated.
        if next == state { break }
        state = next
      }
      guard let maximum else {
        let loop = try addState()
        skip(state, to: loop)
        skip(try append(part, from: loop), to: loop)
        let end = try addState()
        skip(loop, to: end)
        return end
      }
      let end = try addState()
      skip(state, to: end)
      for _ in minimum..<max(minimum, maximum) {
        state = try append(part, from: state)
        skip(state, to: end)
      }
      return end
    case .start, .end:
      let target = try addState()
      var condition = Condition.atEnd
      if case .start = pattern { condition = .atStart }
      skip(from, to: target, condition)
      return target
    }
  }
}
