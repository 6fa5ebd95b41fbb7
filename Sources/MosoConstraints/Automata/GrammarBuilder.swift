import MosoFormats

/// Collects the rules of a grammar while it is made.
final class GrammarBuilder {
  let budget: GrammarBudget
  private var rules: [GrammarRule] = []
  private var numbers: [Key: Int32] = [:]

  /// What makes two rules the same.
  private enum Key: Hashable {
    case freeString
    case string(CharacterAutomaton, CountBounds)
    case plain(CharacterAutomaton)
  }

  /// Expressions inside one another; the builder is recursive.
  private static let maximumDepth = 64

  init(_ limits: GrammarLimits) { budget = GrammarBudget(limits) }

  /// A number for a rule that will be made later.
  func reserveRule(at path: String) -> Int32 {
    rules.append(GrammarRule(automaton: .never, bounds: nil, standard: nil, path: path, emptiness: nil))
    return Int32(rules.count - 1)
  }

  /// Makes a reserved rule.
  func setRule(_ number: Int32, _ automaton: RuleAutomaton, bounds: CountBounds? = nil, emptiness: String? = nil) {
    rules[Int(number)].automaton = automaton
    rules[Int(number)].bounds = bounds
    rules[Int(number)].emptiness = emptiness
  }

  /// All rules, once every reserved one has been made; names for other rules are replaced by what they stand for.
  func finishedRules() -> [GrammarRule] {
    let aliases = rules.map(\.automaton.alias)
    func resolved(_ rule: Int32) -> Int32 {
      var rule = rule
      var steps = 0
      while let alias = aliases[Int(rule)], rules[Int(rule)].bounds == nil, steps < rules.count {
        rule = alias
        steps += 1
      }
      return rule
    }
    var result = rules
    for index in result.indices {
      for state in result[index].automaton.states.indices {
        for call in result[index].automaton.states[state].calls.indices {
          let target = result[index].automaton.states[state].calls[call].rule
          result[index].automaton.states[state].calls[call].rule = resolved(target)
        }
      }
    }
    return result
  }

  /// The rule of a string with any escapes.
  func freeString(at path: String) throws(GrammarError) -> Int32 {
    try rule(.freeString, at: path) { () throws(GrammarError) in
      GrammarRule(automaton: JSONStringAutomaton.free, bounds: nil, standard: .freeString, path: path, emptiness: nil)
    }
  }

  /// The rule of a string of some texts and lengths, in the one canonical way to write it.
  func string(
    _ characters: CharacterAutomaton, lengths: CountBounds, at path: String
  ) throws(GrammarError) -> Int32 {
    try rule(.string(characters, lengths), at: path) { () throws(GrammarError) in
      let isCounted = lengths != CountBounds(minimum: 0, maximum: nil)
      return GrammarRule(
        automaton: JSONStringAutomaton.quoted(characters, isCounted: isCounted), bounds: isCounted ? lengths : nil,
        standard: isCounted && characters == .all ? .countedString : nil, path: path,
        emptiness: "no text satisfies the pattern, the format and the bounds of its length together")
    }
  }

  /// The rule of texts that stand as they are: numbers.
  func plain(_ characters: CharacterAutomaton, at path: String) throws(GrammarError) -> Int32 {
    try rule(.plain(characters), at: path) { () throws(GrammarError) in
      GrammarRule(
        automaton: JSONStringAutomaton.plain(characters), bounds: nil, standard: nil, path: path,
        emptiness: "no number is within the bounds and a multiple of multipleOf")
    }
  }

  private func rule(
    _ key: Key, at path: String, _ make: () throws(GrammarError) -> GrammarRule
  ) throws(GrammarError) -> Int32 {
    if let number = numbers[key] { return number }
    let rule = try make()
    try budget.spend(states: rule.automaton.states.count, at: path)
    let number = Int32(rules.count)
    rules.append(rule)
    numbers[key] = number
    return number
  }

  /// The rule that reads an expression.
  func rule(for expression: GrammarExpression) throws(GrammarError) -> Int32 {
    let number = reserveRule(at: "$")
    var network = NondeterministicAutomaton()
    let end = try append(expression, to: &network, from: 0, depth: 0)
    setRule(
      number, try network.determinized(final: end, budget: budget, path: "$"), emptiness: "the expression is impossible"
    )
    return number
  }

  private func append(
    _ expression: GrammarExpression, to network: inout NondeterministicAutomaton, from: Int32, depth: Int
  ) throws(GrammarError) -> Int32 {
    guard depth <= Self.maximumDepth else {
      throw GrammarError(path: "$", reason: .tooComplex("more than \(Self.maximumDepth) expressions in one another"))
    }
    switch expression {
    case .literal(let text):
      try budget.spend(states: text.utf8.count, at: "$")
      return network.append(literal: text.utf8, from: from)
    case .token(let token): return network.append(.token(token), from: from)
    case .sequence(let parts):
      var state = from
      for part in parts { state = try append(part, to: &network, from: state, depth: depth + 1) }
      return state
    case .choice(let parts):
      let end = network.addState()
      for part in parts {
        network.skip(try append(part, to: &network, from: from, depth: depth + 1), to: end)
      }
      return end
    case .repeated(let part, let separator, let minimum, let maximum):
      return try repeating(part, separator, minimum, maximum, in: &network, from: from, depth: depth)
    case .schema(let schema, let path):
      let compiler = SchemaCompiler(SchemaDocument(schema, path: path), builder: self)
      return network.append(.call(rule: try compiler.compile(), weight: 0), from: from)
    case .subschema(let schema, let keys, let path):
      let document = SchemaDocument(schema, path: path)
      guard let place = document.place(at: keys) else {
        throw document.root.error(.malformed(found: "nothing at \(keys)", expected: "a schema"))
      }
      let rule = try SchemaCompiler(document, builder: self).compile(place)
      return network.append(.call(rule: rule, weight: 0), from: from)
    case .text(let triggers):
      return try FreeText(triggers, budget: budget).append(to: &network, from: from, endsWithTrigger: true)
    case .closingText(let triggers):
      return try FreeText(triggers, budget: budget).append(to: &network, from: from, endsWithTrigger: false)
    }
  }

  private func repeating(
    _ part: GrammarExpression, _ separator: GrammarExpression, _ minimum: Int, _ maximum: Int?,
    in network: inout NondeterministicAutomaton, from: Int32, depth: Int
  ) throws(GrammarError) -> Int32 {
    guard minimum >= 0, minimum <= maximum ?? .max else {
      throw GrammarError(
        path: "$", reason: .malformed(found: "\(minimum) to \(maximum ?? -1) times", expected: "a count from 0"))
    }
    let end = network.addState()
    if minimum == 0 { network.skip(from, to: end) }
    if maximum == 0 { return end }
    if minimum <= 1, maximum == nil {
      let start = network.addState()
      network.skip(from, to: start)
      let after = try append(part, to: &network, from: start, depth: depth + 1)
      network.skip(after, to: end)
      network.skip(try append(separator, to: &network, from: after, depth: depth + 1), to: start)
      return end
    }
    // Counted repetitions are a rule of their own, with a counter, and so is what they repeat.
    let item = reserveRule(at: "$")
    var itemNetwork = NondeterministicAutomaton()
    let itemEnd = try append(part, to: &itemNetwork, from: 0, depth: depth + 1)
    let automaton = try itemNetwork.determinized(final: itemEnd, budget: budget, path: "$")
    if automaton.states.first?.isFinal == true {
      throw GrammarError(
        path: "$",
        reason: .unsupported(
          found: "a counted repetition of something that may be empty",
          supported: "repeat what is not empty, as often as it likes or with a count"))
    }
    setRule(item, automaton, emptiness: "what is repeated is impossible")
    let loop = reserveRule(at: "$")
    var loopNetwork = NondeterministicAutomaton()
    let after = loopNetwork.append(.call(rule: item, weight: 1), from: 0)
    let again = try append(separator, to: &loopNetwork, from: after, depth: depth + 1)
    loopNetwork.skip(again, to: 0)
    setRule(
      loop, try loopNetwork.determinized(final: after, budget: budget, path: "$"),
      bounds: CountBounds(minimum: max(minimum, 1), maximum: maximum), emptiness: "what is repeated is impossible")
    network.connect(from, .call(rule: loop, weight: 0), to: end)
    return end
  }
}
