import MosoFormats

/// A validator of JSON Schema for tests, which shares no code with the compiler; `Scripts/check_constraints.sh` compares
/// its verdicts with those of Python's jsonschema.
struct SchemaValidator {
  let root: JSONValue

  init(_ root: JSONValue) { self.root = root }

  func isValid(_ value: JSONValue) throws -> Bool { try isValid(value, root) }

  private func isValid(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
    if case .bool(let verdict) = schema { return verdict }
    guard let keywords = schema.objectValue else { return false }
    for (keyword, argument) in keywords {
      guard try holds(value, keyword, argument, keywords) else { return false }
    }
    return true
  }

  private func holds(
    _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ keywords: JSONObject
  ) throws -> Bool {
    switch keyword {
    case "$ref":
      var target = root
      for part in (argument.stringValue ?? "").split(separator: "/").dropFirst() {
        target = target[String(part)] ?? target.arrayValue.flatMap { list in Int(part).map { list[$0] } } ?? false
      }
      return try isValid(value, target)
    case "allOf": return try (argument.arrayValue ?? []).allSatisfy { try isValid(value, $0) }
    case "anyOf": return try (argument.arrayValue ?? []).contains { try isValid(value, $0) }
    case "oneOf": return try (argument.arrayValue ?? []).count { try isValid(value, $0) } == 1
    case "type": return (argument.arrayValue ?? [argument]).contains { hasType(value, $0.stringValue ?? "") }
    case "const": return isSame(value, argument)
    case "enum": return (argument.arrayValue ?? []).contains { isSame(value, $0) }
    default: break
    }
    switch value {
    case .integer(let number) where keyword == "multipleOf":
      return argument.integerValue.map { number % $0 == 0 } ?? holds(Double(number), keyword, argument.doubleValue ?? 0)
    case .integer, .number: return holds(value.doubleValue ?? 0, keyword, argument.doubleValue ?? 0)
    case .string(let text): return try holds(text, keyword, argument)
    case .array(let elements): return try holds(elements, keyword, argument, keywords)
    case .object(let object): return try holds(object, keyword, argument, keywords)
    default: return true
    }
  }

  private func hasType(_ value: JSONValue, _ name: String) -> Bool {
    switch (name, value) {
    case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object): true
    case ("number", .integer), ("number", .number), ("integer", .integer): true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  /// Characters are scalar values, and classes are ASCII's, as in ECMA-262.
  private func isFound(_ pattern: String, in text: String) throws -> Bool {
    let regex = try Regex(pattern).matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
    return text.firstMatch(of: regex) != nil
  }

  private func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    switch (one, other) {
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
    case (.object(let left), .object(let right)):
      left.count == right.count && left.allSatisfy { key, value in right[key].map { isSame(value, $0) } ?? false }
    case (.integer, .number), (.number, .integer): one.doubleValue == other.doubleValue
    default: one == other
    }
  }

  private func holds(_ number: Double, _ keyword: String, _ argument: Double) -> Bool {
    switch keyword {
    case "minimum": number >= argument
    case "maximum": number <= argument
    case "exclusiveMinimum": number > argument
    case "exclusiveMaximum": number < argument
    case "multipleOf": number.truncatingRemainder(dividingBy: argument) == 0
    default: true
    }
  }

  private func holds(_ text: String, _ keyword: String, _ argument: JSONValue) throws -> Bool {
    switch keyword {
    case "minLength": return text.unicodeScalars.count >= argument.integerValue ?? 0
    case "maxLength": return text.unicodeScalars.count <= argument.integerValue ?? 0
    case "pattern":
      return try isFound(argument.stringValue ?? "", in: text)
    case "format": return try FormatCheck.isValid(text, argument.stringValue ?? "")
    default: return true
    }
  }

  private func holds(
    _ elements: [JSONValue], _ keyword: String, _ argument: JSONValue, _ keywords: JSONObject
  ) throws -> Bool {
    let first = keywords["prefixItems"]?.arrayValue ?? []
    switch keyword {
    case "minItems": return elements.count >= argument.integerValue ?? 0
    case "maxItems": return elements.count <= argument.integerValue ?? 0
    case "prefixItems": return try zip(elements, first).allSatisfy { try isValid($0, $1) }
    case "items": return try elements.dropFirst(first.count).allSatisfy { try isValid($0, argument) }
    case "uniqueItems":
      return elements.indices.allSatisfy { index in !elements[..<index].contains { isSame($0, elements[index]) } }
    default: return true
    }
  }

  private func holds(
    _ object: JSONObject, _ keyword: String, _ argument: JSONValue, _ keywords: JSONObject
  ) throws -> Bool {
    switch keyword {
    case "required": return (argument.arrayValue ?? []).allSatisfy { object[$0.stringValue ?? ""] != nil }
    case "minProperties": return object.count >= argument.integerValue ?? 0
    case "maxProperties": return object.count <= argument.integerValue ?? 0
    case "propertyNames": return try object.allSatisfy { key, _ in try isValid(.string(key), argument) }
    case "properties":
      return try object.allSatisfy { key, value in try argument[key].map { try isValid(value, $0) } ?? true }
    case "patternProperties":
      return try object.allSatisfy { key, value in
        try (argument.objectValue ?? [:]).allSatisfy { pattern, schema in
          try !isFound(pattern, in: key) || isValid(value, schema)
        }
      }
    case "additionalProperties":
      return try object.allSatisfy { key, value in
        if keywords["properties"]?[key] != nil { return true }
        if try (keywords["patternProperties"]?.objectValue ?? [:]).contains(where: { try isFound($0.key, in: key) }) {
          return true
        }
        return try isValid(value, argument)
      }
    default: return true
    }
  }
}
