import MosoFormats

/// Makes the rules of a grammar from the schemas of one document.
///
/// A value is described by all the schemas that it must satisfy at once; each such set is one rule, however often it is
/// met, so recursive schemas become recursive rules.
final class SchemaCompiler {
  let reader: SchemaReader
  let builder: GrammarBuilder
  private var rules: [[ExactText]: Int32] = [:]
  /// Rules that have a number and no automaton yet. A list instead of recursion: documents may nest as they like.
  private var pending: [(rule: Int32, locations: [SchemaLocation])] = []

  /// Constants of a member's value up to this many are written into the object's automaton, so that a member that tells
  /// alternatives apart does so at once.
  private static let maximumInlineValues = 64

  var budget: GrammarBudget { builder.budget }

  init(_ document: SchemaDocument, builder: GrammarBuilder) {
    self.builder = builder
    reader = SchemaReader(document, budget: builder.budget)
  }

  /// The rule of the whole document, or of a place in it.
  func compile(_ place: SchemaLocation? = nil) throws(GrammarError) -> Int32 {
    let start = try rule(for: [place ?? reader.document.root])
    while let (rule, locations) = pending.popLast() {
      var network = NondeterministicAutomaton()
      let end = network.addState()
      let path = locations.first?.path ?? reader.document.root.path
      for facts in try reader.alternatives(locations) {
        try append(facts, to: &network, from: 0, end: end)
        try budget.spend(steps: network.edges.count / 16, at: path)
      }
      try reader.proveExclusions()
      let automaton = try network.determinized(final: end, budget: budget, path: path)
      builder.setRule(rule, automaton, emptiness: "what the schema demands excludes every value")
    }
    return start
  }

  /// The rule of values that satisfy all of `locations`.
  func rule(for locations: [SchemaLocation]) throws(GrammarError) -> Int32 {
    let sorted = locations.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    var unique: [SchemaLocation] = []
    for location in sorted where unique.last.map({ ExactText($0.path) != ExactText(location.path) }) ?? true {
      if location.value != .bool(true) { unique.append(location) }
    }
    let key = unique.map { ExactText($0.path) }
    if let rule = rules[key] { return rule }
    let rule = builder.reserveRule(at: unique.first?.path ?? reader.document.root.path)
    try budget.spend(states: 2, at: reader.document.root.path)
    rules[key] = rule
    pending.append((rule, unique))
    return rule
  }

  /// Reads a value that satisfies all of `locations`, and returns the state after it.
  func appendValue(
    _ locations: [SchemaLocation], weight: Int32, to network: inout NondeterministicAutomaton, from: Int32
  ) throws(GrammarError) -> Int32 {
    if weight == 0, let values = try constants(locations) {
      let end = network.addState()
      for value in values { append(value, to: &network, from: from, end: end) }
      return end
    }
    return network.append(.call(rule: try rule(for: locations), weight: weight), from: from)
  }

  /// The few values that satisfy `locations`, if they are few.
  private func constants(_ locations: [SchemaLocation]) throws(GrammarError) -> [JSONValue]? {
    var result: [JSONValue] = []
    for facts in try reader.alternatives(locations) {
      guard let values = facts.values, values.count + result.count <= Self.maximumInlineValues else { return nil }
      for value in values where try reader.isValid(value, facts) { result.append(value) }
    }
    return result.isEmpty ? nil : result
  }

  private func append(
    _ value: JSONValue, to network: inout NondeterministicAutomaton, from: Int32, end: Int32
  ) {
    network.skip(network.append(literal: value.serializedBytes(), from: from), to: end)
  }

  /// Adds every way to write a value that is what `facts` demand.
  private func append(
    _ facts: SchemaFacts, to network: inout NondeterministicAutomaton, from: Int32, end: Int32
  ) throws(GrammarError) {
    if let values = facts.values {
      for value in values where try reader.isValid(value, facts) {
        let text = value.serializedBytes()
        try budget.spend(states: text.count, at: facts.path)
        network.skip(network.append(literal: text, from: from), to: end)
      }
      return
    }
    if facts.types.contains(.null) { append(.null, to: &network, from: from, end: end) }
    if facts.types.contains(.boolean) {
      append(true, to: &network, from: from, end: end)
      append(false, to: &network, from: from, end: end)
    }
    if !facts.types.isDisjoint(with: .number) {
      network.connect(from, .call(rule: try number(facts), weight: 0), to: end)
    }
    if facts.types.contains(.string) {
      network.connect(from, .call(rule: try string(facts), weight: 0), to: end)
    }
    if facts.types.contains(.array) { try appendArray(facts, to: &network, from: from, end: end) }
    if facts.types.contains(.object) { try appendObject(facts, to: &network, from: from, end: end) }
  }

  private func number(_ facts: SchemaFacts) throws(GrammarError) -> Int32 {
    guard facts.divisor <= NumberAutomaton.largestDivisor else {
      throw GrammarError(
        path: facts.path,
        reason: .unsupported(
          found: "a common multiple of several multipleOf above \(NumberAutomaton.largestDivisor)",
          supported: "whole numbers up to \(NumberAutomaton.largestDivisor) are supported"))
    }
    let numbers = NumberAutomaton(budget: budget, path: facts.path)
    if facts.types.contains(.fraction), facts.divisor == 1 {
      return try builder.plain(numbers.numbers(facts.range), at: facts.path)
    }
    return try builder.plain(numbers.integers(facts.range, multipleOf: facts.divisor), at: facts.path)
  }

  private func string(_ facts: SchemaFacts) throws(GrammarError) -> Int32 {
    if facts.texts.isEmpty, facts.lengths == CountBounds(minimum: 0, maximum: nil) {
      return try builder.freeString(at: facts.path)
    }
    let characters = try reader.characters(of: facts.texts)
    return try builder.string(characters, lengths: facts.lengths, at: facts.path)
  }
}
