import MosoFormats

extension SchemaCompiler {
  /// Adds the objects that `facts` demand: declared members in their order, then others where they are allowed.
  func appendObject(
    _ facts: SchemaFacts, to network: inout NondeterministicAutomaton, from: Int32, end: Int32
  ) throws(GrammarError) {
    guard var form = try objectForm(facts) else { return }
    let required = form.members.count { $0.isRequired }
    var bounds = CountBounds(minimum: 0, maximum: facts.memberCounts.maximum)
    if facts.memberCounts.minimum > required {
      // A name may come twice, so only one of the other members is certain to count.
      if facts.memberCounts.minimum > 1, !form.others.isEmpty {
        guard form.members.count >= facts.memberCounts.minimum else {
          throw GrammarError(
            path: SchemaLocation.path(facts.path, "minProperties"),
            reason: .unsupported(
              found: "minProperties \(facts.memberCounts.minimum) with members that are not declared",
              supported: "it may be 1, or be satisfied by the declared properties"))
        }
        form.others = []
      }
      bounds.minimum = facts.memberCounts.minimum
    }
    if required > bounds.maximum ?? .max { return }
    if form.others.isEmpty {
      if form.members.count < bounds.minimum { return }
      if form.members.count <= bounds.maximum ?? .max { bounds.maximum = nil }
    }
    let isEmptyAllowed = bounds.minimum == 0
    if bounds.maximum == nil, bounds.minimum <= 1 {
      return try append(
        form, weight: 0, isEmptyAllowed: isEmptyAllowed, to: &network, from: from, end: end)
    }
    let rule = builder.reserveRule(at: facts.path)
    var inner = NondeterministicAutomaton()
    let innerEnd = inner.addState()
    try append(form, weight: 1, isEmptyAllowed: isEmptyAllowed, to: &inner, from: 0, end: innerEnd)
    builder.setRule(
      rule, try inner.determinized(final: innerEnd, budget: budget, path: facts.path), bounds: bounds,
      emptiness: "no object of allowed members has the number of members that is demanded")
    network.connect(from, .call(rule: rule, weight: 0), to: end)
  }

  private func append(
    _ form: ObjectForm, weight: Int32, isEmptyAllowed: Bool, to network: inout NondeterministicAutomaton, from: Int32,
    end: Int32
  ) throws(GrammarError) {
    let open = network.append(.bytes(0x7B, 0x7B), from: from)
    if isEmptyAllowed, !form.members.contains(where: \.isRequired) {
      network.connect(open, .bytes(0x7D, 0x7D), to: end)
    }
    // Before the name of each member, or of any later one when this one may be left out. After a comma the object may
    // not be closed, so the first is a state of its own.
    var names = [network.addState()]
    network.skip(open, to: names[0])
    for member in form.members {
      let next = network.addState()
      if !member.isRequired, let last = names.last { network.skip(last, to: next) }
      names.append(next)
    }
    let lastRequired = form.members.lastIndex(where: \.isRequired) ?? -1
    for (index, member) in form.members.enumerated() {
      let name = JSONValue.string(member.key.string).serializedBytes()
      try budget.spend(states: name.count + 4, at: form.path)
      let colon = network.append(punctuation: 0x3A, from: network.append(literal: name, from: names[index]))
      let after = try appendValue(member.schemas, weight: weight, to: &network, from: colon)
      if index >= lastRequired { network.connect(after, .bytes(0x7D, 0x7D), to: end) }
      if index + 1 < form.members.count || !form.others.isEmpty {
        network.skip(network.append(punctuation: 0x2C, from: after), to: names[index + 1])
      }
    }
    for other in form.others {
      let name = network.append(.call(rule: other.name, weight: 0), from: names[form.members.count])
      let colon = network.append(punctuation: 0x3A, from: name)
      let after = try appendValue(other.schemas, weight: weight, to: &network, from: colon)
      network.connect(after, .bytes(0x7D, 0x7D), to: end)
      network.skip(network.append(punctuation: 0x2C, from: after), to: names[form.members.count])
    }
  }

  /// What the objects of a schema look like; `nil` when a member is required and forbidden.
  private func objectForm(_ facts: SchemaFacts) throws(GrammarError) -> ObjectForm? {
    var form = ObjectForm(path: facts.path)
    var keys: [ExactText] = []
    var seen: Set<ExactText> = []
    for key in facts.objects.flatMap(\.declared).map(\.key) + facts.required where seen.insert(key).inserted {
      keys.append(key)
    }
    let required = Set(facts.required)
    for key in keys {
      let schemas = try reader.schemas(ofMember: key, facts)
      let isNamed = try reader.isValid(.string(key.string), facts.names)
      if !isNamed || schemas.contains(where: { $0.value == false }) {
        if required.contains(key) { return nil }
      } else {
        form.members.append(.init(key: key, schemas: schemas, isRequired: required.contains(key)))
      }
    }
    form.others = try otherMembers(facts, declared: keys.map(\.string))
    return form
  }

  /// The members that are not declared, by kinds of names: which patterns a name matches decides its value's schemas.
  private func otherMembers(_ facts: SchemaFacts, declared: [String]) throws(GrammarError) -> [ObjectForm.Other] {
    guard facts.objects.allSatisfy({ $0.isOpen || !$0.patterns.isEmpty }) else { return [] }
    let isPlain = declared.isEmpty && facts.names.isEmpty && facts.objects.allSatisfy(\.patterns.isEmpty)
    if isPlain {
      let schemas = facts.objects.compactMap(\.additional)
      return [.init(name: try builder.freeString(at: facts.path), schemas: schemas)]
    }
    var kinds = [NameKind(names: try allowedNames(facts, except: declared))]
    for (number, fact) in facts.objects.enumerated() {
      for (pattern, schema) in fact.patterns {
        let matching = try reader.automaton(of: pattern)
        var next: [NameKind] = []
        for kind in kinds {
          var match = kind
          match.names = try kind.names.intersection(matching, budget: budget, path: pattern.path)
          match.schemas.append(schema)
          match.matched.insert(number)
          var rest = kind
          rest.names = try kind.names.intersection(matching.inverted, budget: budget, path: pattern.path)
          next += [match, rest].filter { !$0.names.isEmpty }
        }
        kinds = next
        guard kinds.count <= NameKind.maximumCount else {
          throw GrammarError(
            path: pattern.path, reason: .tooComplex("more than \(NameKind.maximumCount) kinds of names"))
        }
      }
      kinds = kinds.compactMap { $0.after(fact, number: number) }
    }
    var others: [ObjectForm.Other] = []
    for kind in kinds where !kind.names.isEmpty && !kind.schemas.contains(where: { $0.value == false }) {
      let name = try builder.string(kind.names, lengths: CountBounds(minimum: 0, maximum: nil), at: facts.path)
      others.append(.init(name: name, schemas: kind.schemas))
    }
    return others
  }

  /// The names that `propertyNames` allows, without those that are declared.
  private func allowedNames(_ facts: SchemaFacts, except declared: [String]) throws(GrammarError) -> CharacterAutomaton
  {
    try budget.spend(states: declared.reduce(0) { $0 + $1.utf8.count }, at: facts.path)
    var names = CharacterAutomaton(texts: declared).inverted
    for location in facts.names {
      let alternatives = try reader.alternatives(location)
      guard alternatives.count <= 1 else {
        throw location.error(
          .unsupported(
            found: "alternatives in propertyNames", supported: "a pattern, an enum and lengths are supported there"))
      }
      guard let name = alternatives.first, name.types.contains(.string) else {
        return CharacterAutomaton(texts: [])
      }
      func restrict(_ automaton: CharacterAutomaton) throws(GrammarError) {
        names = try names.intersection(automaton, budget: budget, path: location.path)
      }
      if let values = name.values { try restrict(CharacterAutomaton(texts: values.compactMap(\.stringValue))) }
      if !name.texts.isEmpty { try restrict(try reader.characters(of: name.texts)) }
      let longest = max(name.lengths.minimum, name.lengths.maximum ?? 0)
      guard longest <= NameKind.maximumLength else {
        throw location.error(
          .unsupported(
            found: "a length of \(longest) in propertyNames",
            supported: "lengths of names up to \(NameKind.maximumLength) are supported"))
      }
      if let maximum = name.lengths.maximum { try restrict(CharacterAutomaton(lengths: 0...maximum)) }
      if name.lengths.minimum > 0 { try restrict(CharacterAutomaton(lengths: 0...name.lengths.minimum - 1).inverted) }
    }
    return names
  }
}

/// What the objects of a schema look like.
private struct ObjectForm {
  struct Member {
    let key: ExactText
    let schemas: [SchemaLocation]
    let isRequired: Bool
  }

  /// Members whose names a rule reads.
  struct Other {
    let name: Int32
    let schemas: [SchemaLocation]
  }

  let path: String
  var members: [Member] = []
  var others: [Other] = []

  init(path: String) { self.path = path }
}

/// Names of members for which the same schemas hold.
private struct NameKind {
  static let maximumCount = 16
  static let maximumLength = 128

  var names: CharacterAutomaton
  var schemas: [SchemaLocation] = []
  /// The numbers of the facts that have a pattern which the names match.
  var matched: Set<Int> = []

  init(names: CharacterAutomaton) { self.names = names }

  /// The kind with what a schema says about members that it has not described; `nil` when it does not allow them.
  func after(_ fact: SchemaFacts.ObjectFact, number: Int) -> NameKind? {
    if matched.contains(number) { return self }
    guard fact.isOpen else { return nil }
    var result = self
    if let additional = fact.additional { result.schemas.append(additional) }
    return result
  }
}
