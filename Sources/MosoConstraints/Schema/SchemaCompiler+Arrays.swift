import MosoFormats

extension SchemaCompiler {
  /// Adds the arrays that `facts` demand: `[`, elements with commas between them, `]`.
  func appendArray(
    _ facts: SchemaFacts, to network: inout NondeterministicAutomaton, from: Int32, end: Int32
  ) throws(GrammarError) {
    let form = ArrayForm(facts)
    if let uniqueness = facts.uniqueness, form.maximum ?? .max > 1 {
      throw GrammarError(
        path: uniqueness,
        reason: .unsupported(
          found: "uniqueItems for arrays of more than one element",
          supported: "leave it out, or give every element a schema of its own with prefixItems"))
    }
    guard form.minimum <= form.maximum ?? .max else { return }
    // Elements that are all described one by one need no counter, and neither does a list that need not be long.
    let needsCounter = form.repeats && (form.maximum != nil || form.minimum > max(form.first.count, 1))
    guard needsCounter else { return try append(form, isCounted: false, to: &network, from: from, end: end) }
    let rule = builder.reserveRule(at: facts.path)
    var inner = NondeterministicAutomaton()
    let innerEnd = inner.addState()
    try append(form, isCounted: true, to: &inner, from: 0, end: innerEnd)
    builder.setRule(
      rule, try inner.determinized(final: innerEnd, budget: budget, path: facts.path),
      bounds: CountBounds(minimum: form.minimum, maximum: form.maximum),
      emptiness: "no array of allowed elements has the length that is demanded")
    network.connect(from, .call(rule: rule, weight: 0), to: end)
  }

  private func append(
    _ form: ArrayForm, isCounted: Bool, to network: inout NondeterministicAutomaton, from: Int32, end: Int32
  ) throws(GrammarError) {
    let weight: Int32 = isCounted ? 1 : 0
    func mayClose(after count: Int) -> Bool { isCounted || count >= form.minimum }
    let open = network.append(.bytes(0x5B, 0x5B), from: from)
    if mayClose(after: 0) { network.connect(open, .bytes(0x5D, 0x5D), to: end) }
    // A state of its own, because a comma leads back to it, and after a comma the array may not be closed.
    var before = network.addState()
    network.skip(open, to: before)
    let count = min(form.first.count, form.maximum ?? .max)
    for (index, schemas) in form.first.prefix(count).enumerated() {
      try budget.spend(states: 4, at: form.path)
      let after = try appendValue(schemas, weight: weight, to: &network, from: before)
      if mayClose(after: index + 1) { network.connect(after, .bytes(0x5D, 0x5D), to: end) }
      guard index + 1 < count || form.repeats else { return }
      before = network.append(punctuation: 0x2C, from: after)
    }
    guard form.repeats else { return }
    let after = try appendValue(form.rest, weight: weight, to: &network, from: before)
    network.connect(after, .bytes(0x5D, 0x5D), to: end)
    network.skip(network.append(punctuation: 0x2C, from: after), to: before)
  }
}

/// What the arrays of a schema look like.
private struct ArrayForm {
  let path: String
  /// The schemas of each element at the beginning.
  var first: [[SchemaLocation]] = []
  /// The schemas of every further element.
  let rest: [SchemaLocation]
  /// Whether there may be further elements.
  let repeats: Bool
  let minimum: Int
  let maximum: Int?

  init(_ facts: SchemaFacts) {
    path = facts.path
    minimum = facts.elementCounts.minimum
    rest = facts.arrays.compactMap(\.rest)
    var longest = facts.elementCounts.maximum ?? .max
    let count = facts.arrays.map(\.first.count).max() ?? 0
    for index in 0..<count {
      let schemas = facts.arrays.compactMap { $0.schema(at: index) }
      // An element that is forbidden ends the array before it.
      if schemas.contains(where: { $0.value == false }) { longest = min(longest, index) }
      first.append(schemas)
    }
    if rest.contains(where: { $0.value == false }) { longest = min(longest, count) }
    maximum = longest == .max ? nil : longest
    // Elements that nothing describes are written only when there have to be some.
    let isDescribed = !rest.isEmpty || count == 0 || minimum > count
    repeats = isDescribed && longest > count
  }
}
