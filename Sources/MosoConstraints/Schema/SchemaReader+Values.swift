import MosoFormats

extension SchemaReader {
  /// Values inside one another that `const` and `enum` may have; checking them is recursive.
  private static let maximumValueDepth = 24
  /// How far `areDisjoint` looks into members of members.
  private static let maximumProofDepth = 4

  /// Whether `value` satisfies all of `locations`.
  func isValid(_ value: JSONValue, _ locations: [SchemaLocation], depth: Int = 0) throws(GrammarError) -> Bool {
    for facts in try alternatives(locations) where try isValid(value, facts, depth: depth) { return true }
    return false
  }

  /// Whether `value` is what `facts` demand.
  func isValid(_ value: JSONValue, _ facts: SchemaFacts, depth: Int = 0) throws(GrammarError) -> Bool {
    try budget.spend(steps: 8, at: facts.path)
    guard depth < Self.maximumValueDepth else {
      throw GrammarError(path: facts.path, reason: .tooComplex("a const or enum of very deep values"))
    }
    guard facts.types.isSuperset(of: SchemaTypes(of: value)) else { return false }
    if let values = facts.values {
      try budget.spend(steps: values.count, at: facts.path)
      if !values.contains(where: { $0.means(value) }) { return false }
    }
    switch value {
    case .null, .bool: return true
    case .integer, .number:
      guard let decimal = DecimalText(value), facts.range.contains(decimal) else { return false }
      return facts.divisor == 1 || value.integerValue.map { $0 % facts.divisor == 0 } ?? false
    case .string(let text): return try isValid(text, facts)
    case .array(let elements): return try areValid(elements, facts, depth: depth)
    case .object(let object): return try isValid(object, facts, depth: depth)
    }
  }

  private func isValid(_ text: String, _ facts: SchemaFacts) throws(GrammarError) -> Bool {
    try budget.spend(steps: text.utf8.count * (1 + facts.texts.count), at: facts.path)
    guard facts.lengths.contains(text.unicodeScalars.count) else { return false }
    for fact in facts.texts where try !automaton(of: fact).accepts(text) { return false }
    return true
  }

  private func areValid(_ elements: [JSONValue], _ facts: SchemaFacts, depth: Int) throws(GrammarError) -> Bool {
    guard facts.elementCounts.contains(elements.count) else { return false }
    if facts.uniqueness != nil {
      try budget.spend(steps: elements.count * elements.count, at: facts.path)
      for (index, element) in elements.enumerated() where elements[..<index].contains(where: { $0.means(element) }) {
        return false
      }
    }
    for fact in facts.arrays {
      for (index, element) in elements.enumerated() {
        guard let schema = fact.schema(at: index) else { continue }
        guard try isValid(element, [schema], depth: depth + 1) else { return false }
      }
    }
    return true
  }

  private func isValid(_ object: JSONObject, _ facts: SchemaFacts, depth: Int) throws(GrammarError) -> Bool {
    guard facts.memberCounts.contains(object.count) else { return false }
    guard facts.required.allSatisfy({ object[$0.string] != nil }) else { return false }
    for (key, value) in object {
      guard try isValid(value, try schemas(ofMember: ExactText(key), facts), depth: depth + 1) else { return false }
      guard try isValid(.string(key), facts.names, depth: depth + 1) else { return false }
    }
    return true
  }

  /// The schemas that a member of an object must satisfy, by its name.
  func schemas(ofMember key: ExactText, _ facts: SchemaFacts) throws(GrammarError) -> [SchemaLocation] {
    var result: [SchemaLocation] = []
    for fact in facts.objects {
      try budget.spend(steps: 1 + fact.patterns.count, at: facts.path)
      let declared = fact.schema(of: key)
      var isDescribed = declared != nil
      if let declared { result.append(declared) }
      for (pattern, schema) in fact.patterns where try automaton(of: pattern).accepts(key.string) {
        isDescribed = true
        result.append(schema)
      }
      if !isDescribed, let additional = fact.additional { result.append(additional) }
    }
    return result
  }

  /// Whether it is certain that no value satisfies both.
  func areDisjoint(_ one: SchemaFacts, _ other: SchemaFacts) throws(GrammarError) -> Bool {
    try one.merged(with: other).map { (merged) throws(GrammarError) in try isImpossible(merged, depth: 0) } ?? true
  }

  /// Whether it is certain that no value satisfies `facts`.
  private func isImpossible(_ facts: SchemaFacts, depth: Int) throws(GrammarError) -> Bool {
    try budget.spend(steps: 16 + facts.required.count, at: facts.path)
    if let values = facts.values {
      for value in values where try isValid(value, facts) { return false }
      return true
    }
    if !facts.types.isDisjoint(with: [.null, .boolean]) { return false }
    if !facts.types.isDisjoint(with: .number), !facts.range.isEmpty { return false }
    if facts.types.contains(.array), !facts.elementCounts.isEmpty { return false }
    if facts.types.contains(.string), !facts.lengths.isEmpty, try !characters(of: facts.texts).isEmpty { return false }
    if facts.types.contains(.object), !facts.memberCounts.isEmpty {
      guard depth < Self.maximumProofDepth else { return false }
      for key in facts.required {
        var isPossible = false
        for member in try alternatives(try schemas(ofMember: key, facts)) {
          isPossible = try !isImpossible(member, depth: depth + 1)
          if isPossible { break }
        }
        if !isPossible { return true }
      }
      return false
    }
    return true
  }

  /// The texts of a pattern or a format.
  func automaton(of fact: SchemaFacts.TextFact) throws(GrammarError) -> CharacterAutomaton {
    if let automaton = automata[fact] { return automaton }
    let automaton: CharacterAutomaton
    switch fact.kind {
    case .pattern(let text):
      automaton = try PatternReader.read(text.string, path: fact.path).searched(budget: budget, path: fact.path)
    case .format(let name):
      let pattern = try PatternReader.read(StringFormat.pattern(of: name) ?? "", path: fact.path)
      automaton = try pattern.matchedWhole(budget: budget, path: fact.path)
    }
    automata[fact] = automaton
    return automaton
  }

  /// The texts that satisfy all of `facts`.
  func characters(of facts: [SchemaFacts.TextFact]) throws(GrammarError) -> CharacterAutomaton {
    var result = CharacterAutomaton.all
    for (index, fact) in facts.enumerated() {
      let next = try automaton(of: fact)
      result = index == 0 ? next : try result.intersection(next, budget: budget, path: fact.path)
    }
    return result
  }
}
