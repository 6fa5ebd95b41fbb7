import MosoFormats

/// Turns schemas into the alternatives that they allow: references are followed, `allOf` is merged, `anyOf` and `oneOf`
/// are multiplied out.
final class SchemaReader {
  let document: SchemaDocument
  let budget: GrammarBudget
  var automata: [SchemaFacts.TextFact: CharacterAutomaton] = [:]
  private var known: [ExactText: [SchemaFacts]] = [:]
  /// The places that are being read, to see a schema that refers to itself.
  private var open: [ExactText] = []
  /// The branches of `oneOf` that have been read and not yet been proven to exclude one another.
  private var unproven: [(branches: [SchemaLocation], choices: [[SchemaFacts]])] = []

  /// More alternatives of one value would not be told apart quickly.
  private static let maximumAlternatives = 256
  /// References and combinations inside one another; the reader is recursive.
  private static let maximumDepth = 64

  init(_ document: SchemaDocument, budget: GrammarBudget) {
    self.document = document
    self.budget = budget
  }

  /// What a value may be that satisfies all of `locations`.
  func alternatives(_ locations: [SchemaLocation]) throws(GrammarError) -> [SchemaFacts] {
    var result: [SchemaFacts]?
    for location in locations {
      let next = try alternatives(location)
      result = try result.map { (known) throws(GrammarError) in try product(known, next, at: location) } ?? next
    }
    return result ?? [SchemaFacts(path: document.root.path)]
  }

  /// What a value may be that satisfies the schema at a place.
  func alternatives(_ location: SchemaLocation) throws(GrammarError) -> [SchemaFacts] {
    // Not looked up: such a one may stand for what another schema at the same place leaves out.
    if let isAnything = location.value.boolValue { return isAnything ? [SchemaFacts(path: location.path)] : [] }
    let place = ExactText(location.path)
    if let facts = known[place] { return facts }
    try budget.spend(steps: 8 + location.path.utf8.count / 16, at: location.path)
    if open.contains(place) {
      throw location.error(.unsatisfiable("the schema is defined by itself, with no array or object between"))
    }
    guard open.count < Self.maximumDepth else {
      throw location.error(.tooComplex("more than \(Self.maximumDepth) references and combinations in one another"))
    }
    open.append(place)
    defer { open.removeLast() }
    let result: [SchemaFacts]
    switch location.value {
    case .object(let object): result = try alternatives(of: object, at: location)
    default:
      throw location.error(.malformed(found: location.value.kind.description, expected: "a schema"))
    }
    known[place] = result
    return result
  }

  private func alternatives(
    of object: JSONObject, at location: SchemaLocation
  ) throws(GrammarError) -> [SchemaFacts] {
    try budget.spend(steps: object.count, at: location.path)
    try document.checkIdentifier(of: object, at: location)
    var result = [try facts(of: object, at: location)]
    if let reference = object["$ref"] {
      let target = try document.resolve(reference, at: location.member("$ref", reference))
      result = try product(result, try alternatives(target), at: location)
    }
    for part in try schemas(object["allOf"], at: location, "allOf") {
      result = try product(result, try alternatives(part), at: location)
    }
    if object["anyOf"] != nil {
      var choices: [SchemaFacts] = []
      for part in try schemas(object["anyOf"], at: location, "anyOf") { choices += try alternatives(part) }
      result = try product(result, choices, at: location)
    }
    if object["oneOf"] != nil { result = try exclusive(result, try schemas(object["oneOf"], at: location, "oneOf")) }
    return result.map { Self.closed($0, by: object, at: location) }
  }

  /// Multiplies by the branches of `oneOf`; that they exclude one another is proven later, when nothing is half read.
  private func exclusive(
    _ base: [SchemaFacts], _ branches: [SchemaLocation]
  ) throws(GrammarError) -> [SchemaFacts] {
    var choices: [[SchemaFacts]] = []
    for branch in branches { choices.append(try product(base, try alternatives(branch), at: branch)) }
    unproven.append((branches, choices))
    return choices.flatMap { $0 }
  }

  /// Proves, for every `oneOf` read so far, that no value satisfies two of its branches.
  func proveExclusions() throws(GrammarError) {
    while let (branches, choices) = unproven.popLast() {
      for (index, branch) in branches.enumerated() {
        for other in 0..<index {
          for one in choices[index] {
            for two in choices[other] where try !areDisjoint(one, two) {
              throw branch.error(
                .unsupported(
                  found: "a branch of oneOf that may hold together with \(branches[other].path)",
                  supported: "branches of oneOf must differ in type or in a required property with const or enum; "
                    + "otherwise use anyOf"))
            }
          }
        }
      }
    }
  }

  private func product(
    _ one: [SchemaFacts], _ other: [SchemaFacts], at location: SchemaLocation
  ) throws(GrammarError) -> [SchemaFacts] {
    var result: [SchemaFacts] = []
    for left in one {
      for right in other {
        try budget.spend(
          steps: 16 + left.objects.count + right.objects.count + 4 * left.required.count * right.required.count / 8,
          at: location.path)
        if let values = left.values, let others = right.values {
          try budget.spend(steps: values.count * others.count / 4, at: location.path)
        }
        if let merged = left.merged(with: right) { result.append(merged) }
      }
    }
    guard result.count <= Self.maximumAlternatives else {
      throw location.error(.tooComplex("more than \(Self.maximumAlternatives) alternatives for one value"))
    }
    return result
  }

  /// The list of schemas of `allOf`, `anyOf` or `oneOf`.
  private func schemas(
    _ value: JSONValue?, at location: SchemaLocation, _ key: String
  ) throws(GrammarError) -> [SchemaLocation] {
    guard let value else { return [] }
    let place = location.member(key, value)
    guard let elements = value.arrayValue, !elements.isEmpty else {
      throw place.error(.malformed(found: value.kind.description, expected: "an array of schemas"))
    }
    return elements.enumerated().map { place.element($0, $1) }
  }

  /// Forbids what no keyword has described, where `unevaluatedProperties` or `unevaluatedItems` say so.
  private static func closed(
    _ facts: SchemaFacts, by object: JSONObject, at location: SchemaLocation
  ) -> SchemaFacts {
    var facts = facts
    let always = SchemaLocation(value: true, path: location.path)
    if object["unevaluatedProperties"] == false, !facts.objects.contains(where: { $0.additional != nil }) {
      var fact = SchemaFacts.ObjectFact(additional: location.member("unevaluatedProperties", false))
      for (key, _) in facts.objects.flatMap(\.declared) { fact.declare(key, always) }
      fact.patterns = facts.objects.flatMap(\.patterns).map { ($0.pattern, always) }
      facts.objects.append(fact)
    }
    if object["unevaluatedItems"] == false, !facts.arrays.contains(where: { $0.rest != nil }) {
      let count = facts.arrays.map(\.first.count).max() ?? 0
      facts.arrays.append(
        .init(first: .init(repeating: always, count: count), rest: location.member("unevaluatedItems", false)))
    }
    return facts
  }
}
