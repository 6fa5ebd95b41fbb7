import MosoFormats

extension SchemaReader {
  /// Keywords that demand something which no automaton can check, with what to use instead.
  private static let unsupportedKeywords: [String: String] = [
    "not": "say what is allowed with enum, anyOf or type instead",
    "if": "say the cases with anyOf instead",
    "contains": "describe all elements with items or prefixItems instead",
    "dependentRequired": "say the cases with anyOf instead",
    "dependentSchemas": "say the cases with anyOf instead",
    "dependencies": "say the cases with anyOf instead",
    "$dynamicRef": "use $ref instead",
    "$recursiveRef": "use $ref instead",
  ]

  /// Longer texts and lists than this are never written, and sums of counts stay far from overflowing.
  private static let largestCount = 0x1p40

  /// What the keywords of a schema demand, apart from those that combine schemas.
  func facts(of object: JSONObject, at location: SchemaLocation) throws(GrammarError) -> SchemaFacts {
    var facts = SchemaFacts(path: location.path)
    var items = SchemaFacts.ArrayFact()
    var members = SchemaFacts.ObjectFact()
    var describesItems = false
    var describesMembers = false
    for (key, value) in object {
      let place = location.member(key, value)
      if let advice = Self.unsupportedKeywords[key] {
        throw place.error(.unsupported(found: "the keyword '\(key)'", supported: advice))
      }
      switch key {
      case "type": facts.types.formIntersection(try types(place))
      case "const": facts.values = (facts.values ?? [value]).filter { $0.means(value) }
      case "enum":
        let values = try list(place)
        facts.values = facts.values.map { own in own.filter { one in values.contains { $0.means(one) } } } ?? values
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
        try limit(&facts.range, by: key, place, isExclusive: object)
      case "multipleOf": facts.divisor = try divisor(place)
      case "minLength": facts.lengths.minimum = try count(place)
      case "maxLength": facts.lengths.maximum = try count(place)
      case "pattern": facts.texts.append(.init(kind: .pattern(ExactText(try string(place))), path: place.path))
      case "format": try addFormat(place, to: &facts)
      case "minItems": facts.elementCounts.minimum = try count(place)
      case "maxItems": facts.elementCounts.maximum = try count(place)
      case "uniqueItems": if try flag(place) { facts.uniqueness = place.path }
      case "prefixItems":
        items.first = try list(place).enumerated().map { place.element($0, $1) }
        describesItems = true
      case "items":
        describesItems = true
        // Before 2020 a list of schemas was what is prefixItems now, and further elements had a keyword of their own.
        guard let elements = value.arrayValue else {
          items.rest = place
          continue
        }
        items.first = elements.enumerated().map { place.element($0, $1) }
        items.rest = object["additionalItems"].map { location.member("additionalItems", $0) }
      case "minProperties": facts.memberCounts.minimum = try count(place)
      case "maxProperties": facts.memberCounts.maximum = try count(place)
      case "required":
        for (index, name) in try list(place).enumerated() {
          let name = ExactText(try string(place.element(index, name)))
          if !facts.required.contains(name) { facts.required.append(name) }
          try budget.spend(steps: facts.required.count / 8 + 1, at: place.path)
        }
      case "properties":
        describesMembers = true
        for (key, schema) in try self.members(place) { members.declare(ExactText(key), place.member(key, schema)) }
      case "patternProperties":
        describesMembers = true
        members.patterns = try self.members(place).map { key, schema in
          let schema = place.member(key, schema)
          return (.init(kind: .pattern(ExactText(key)), path: schema.path), schema)
        }
      case "additionalProperties":
        describesMembers = true
        members.additional = place
      case "propertyNames": facts.names.append(place)
      case "unevaluatedProperties", "unevaluatedItems":
        guard value == false || value == true else {
          throw place.error(
            .unsupported(found: "a schema in '\(key)'", supported: "only true and false are supported there"))
        }
      default: break  // An annotation, or a word that the standard does not know: validators ignore it.
      }
    }
    if describesItems { facts.arrays.append(items) }
    if describesMembers { facts.objects.append(members) }
    try refuseContradictions(facts, at: location)
    return facts
  }

  /// What one schema says itself must not be impossible; that is a mistake of its author.
  private func refuseContradictions(_ facts: SchemaFacts, at location: SchemaLocation) throws(GrammarError) {
    if facts.values?.isEmpty == true {
      throw location.error(.unsatisfiable("const and enum have no value in common"))
    }
    if facts.range.isEmpty { throw location.error(.unsatisfiable("no number is in the range")) }
    for (bounds, what) in [
      (facts.lengths, "Length"), (facts.elementCounts, "Items"), (facts.memberCounts, "Properties"),
    ] where bounds.isEmpty {
      throw location.error(.unsatisfiable("min\(what) is above max\(what)"))
    }
  }

  private func types(_ place: SchemaLocation) throws(GrammarError) -> SchemaTypes {
    let names = place.value.arrayValue ?? [place.value]
    var types: SchemaTypes = []
    for name in names {
      guard let type = name.stringValue.flatMap({ SchemaTypes(name: $0) }) else {
        throw place.error(
          .malformed(
            found: name.stringValue.map { "'\($0)'" } ?? name.kind.description,
            expected: "null, boolean, integer, number, string, array or object"))
      }
      types.formUnion(type)
    }
    guard !types.isEmpty else { throw place.error(.unsatisfiable("the list of types is empty")) }
    return types
  }

  private func limit(
    _ range: inout DecimalRange, by key: String, _ place: SchemaLocation, isExclusive object: JSONObject
  ) throws(GrammarError) {
    // In the fourth draft the exclusive keywords were true or false, and changed the meaning of the others.
    if key.hasPrefix("exclusive"), place.value.boolValue != nil { return }
    guard let value = DecimalText(place.value) else {
      throw place.error(.malformed(found: place.value.kind.description, expected: "a number"))
    }
    let isLower = key.hasSuffix("inimum")
    let isExcluded = key.hasPrefix("exclusive") || object[isLower ? "exclusiveMinimum" : "exclusiveMaximum"] == true
    let bound = DecimalBound(value: value, isIncluded: !isExcluded)
    range = range.intersection(isLower ? DecimalRange(lower: bound) : DecimalRange(upper: bound))
  }

  private func divisor(_ place: SchemaLocation) throws(GrammarError) -> Int {
    guard let number = place.value.doubleValue, number > 0 else {
      throw place.error(.malformed(found: place.value.kind.description, expected: "a number above zero"))
    }
    guard let divisor = place.value.integerValue, divisor <= NumberAutomaton.largestDivisor else {
      throw place.error(
        .unsupported(
          found: "multipleOf \(place.value.serialized())",
          supported: "whole numbers up to \(NumberAutomaton.largestDivisor) are supported"))
    }
    return divisor
  }

  private func addFormat(_ place: SchemaLocation, to facts: inout SchemaFacts) throws(GrammarError) {
    let name = try string(place)
    if StringFormat.unsupported.contains(name) {
      throw place.error(
        .unsupported(found: "the format '\(name)'", supported: "leave it out, or use a pattern"))
    }
    if StringFormat.pattern(of: name) != nil { facts.texts.append(.init(kind: .format(name), path: place.path)) }
  }

  /// A length or a count; one that no document reaches is as good as any other.
  private func count(_ place: SchemaLocation) throws(GrammarError) -> Int {
    guard let number = place.value.doubleValue, number >= 0, number == number.rounded() else {
      throw place.error(
        .malformed(
          found: place.value.doubleValue == nil ? place.value.kind.description : place.value.serialized(),
          expected: "a whole number from 0"))
    }
    return Int(min(number, Self.largestCount))
  }

  private func string(_ place: SchemaLocation) throws(GrammarError) -> String {
    guard let text = place.value.stringValue else {
      throw place.error(.malformed(found: place.value.kind.description, expected: "a string"))
    }
    return text
  }

  private func flag(_ place: SchemaLocation) throws(GrammarError) -> Bool {
    guard let flag = place.value.boolValue else {
      throw place.error(.malformed(found: place.value.kind.description, expected: "true or false"))
    }
    return flag
  }

  private func list(_ place: SchemaLocation) throws(GrammarError) -> [JSONValue] {
    guard let elements = place.value.arrayValue else {
      throw place.error(.malformed(found: place.value.kind.description, expected: "an array"))
    }
    try budget.spend(steps: elements.count, at: place.path)
    return elements
  }

  private func members(_ place: SchemaLocation) throws(GrammarError) -> [(String, JSONValue)] {
    guard let object = place.value.objectValue else {
      throw place.error(.malformed(found: place.value.kind.description, expected: "an object"))
    }
    try budget.spend(steps: object.count, at: place.path)
    return object.map { ($0.key, $0.value) }
  }
}
