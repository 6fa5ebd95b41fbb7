import MosoConstraints
import MosoFormats

extension FuzzTarget {
  /// JSON Schemas: making a grammar of them, and writing a document that it allows.
  package static let schema = FuzzTarget("schema", seeds: schemaSeeds.map { FuzzSeed(Array($0.utf8), isText: true) }) {
    (bytes: [UInt8]) throws(FuzzRefusal) in
    let constraint: Constraint
    do {
      let grammar = try Grammar(jsonSchema: JSONValue(parsing: bytes), limits: schemaLimits)
      constraint = try Constraint(grammar, schemaVocabulary)
    } catch {
      throw FuzzRefusal(error)
    }
    var random = FuzzRandom(seed: 1, file: bytes.count)
    var matcher = ConstraintMatcher(constraint)
    var text: [UInt8] = []
    for _ in 0..<24 where !matcher.isEnded {
      let mask = matcher.allowed()
      let allowed = (0..<Int32(schemaPieces.count + 1)).filter { mask.contains($0) }
      precondition(!allowed.isEmpty, "nothing is allowed after \(String(decoding: text, as: UTF8.self))")
      precondition(mask.contains(Int32(schemaPieces.count)) == matcher.mayEnd, "the end is allowed at the wrong place")
      let token = allowed[random.below(allowed.count)]
      let isAccepted = matcher.accept(token)
      precondition(isAccepted, "token \(token) is allowed and not accepted")
      if Int(token) < schemaPieces.count { text += schemaPieces[Int(token)] }
    }
    guard matcher.isEnded else { return }
    let document = try? JSONValue(parsing: text)
    precondition(document != nil, "\(String(decoding: text, as: UTF8.self)) is no JSON")
  }

  /// Little enough for a file's time, and enough for every seed.
  private static let schemaLimits = GrammarLimits(states: 10_000, steps: 200_000)

  /// Every byte, and some tokens that cross the borders of JSON's grammar.
  private static let schemaPieces: [[UInt8]] =
    (UInt8.min...UInt8.max).map { [$0] }
    + ["{\"", "\":", "\": \"", "\",", "\"}", "}]", "[[", "]]", ", ", "null", "12", "0.", "e+", "\\u00", "aaa", "é\""]
    .map {
      Array($0.utf8)
    }

  private static let schemaVocabulary = TokenTrie(
    count: schemaPieces.count + 1, endOfGeneration: [Int32(schemaPieces.count)],
    bytes: { Int($0) < schemaPieces.count ? schemaPieces[Int($0)] : [] })

  private static let schemaSeeds = [
    #"""
    {"type": "object", "title": "person", "required": ["name", "age"], "minProperties": 2, "maxProperties": 4,
     "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 100000}, "age": {"type": "integer",
      "minimum": 0, "exclusiveMaximum": 150, "multipleOf": 3}, "email": {"type": ["string", "null"], "format": "email"},
      "height": {"type": "number", "exclusiveMinimum": 0.25, "maximum": 2.5e0}}, "additionalProperties": false}
    """#,
    ##"""
    {"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"value": {"enum": [1, "a", null, [2.5]]},
     "children": {"type": "array", "items": {"$ref": "#/$defs/node"}, "minItems": 0, "maxItems": 3}},
     "required": ["value"], "unevaluatedProperties": false}}}
    """##,
    #"""
    {"oneOf": [{"type": "object", "properties": {"kind": {"const": "a"}, "x": true}, "required": ["kind", "x"]},
     {"type": "object", "properties": {"kind": {"const": "b"}, "y": {"type": "boolean"}}, "required": ["kind"],
      "additionalProperties": {"type": "integer"}, "patternProperties": {"^z+[0-9]$": {"type": "null"}},
      "propertyNames": {"pattern": "^[a-z0-9]*$", "maxLength": 8}}, {"type": "null"}]}
    """#,
    #"""
    {"type": "array", "prefixItems": [{"type": "string", "pattern": "^(\\d{3}|[^a-z\\s]+?)*(?:x|é|\\u00ff)$", "maxLength": 20},
     {"allOf": [{"type": "integer", "minimum": -5}, {"maximum": 99}]}, {"anyOf": [{"type": "string", "format": "date-time"},
     {"type": "string", "format": "ipv4"}]}], "items": {"const": {"a": [1, "\u20ac"]}}, "minItems": 3, "maxItems": 50}
    """#,
    "true",
  ]
}
