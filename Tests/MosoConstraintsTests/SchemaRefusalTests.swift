import MosoFormats
import Testing

@testable import MosoConstraints

/// What cannot be enforced is refused before generation, with the place and the reason.
@Suite("Refused schemas") struct SchemaRefusalTests {
  private func expectRefusal(
    _ schema: String, at path: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let value = try JSONValue(parsing: schema)
    do throws(GrammarError) {
      _ = try Grammar(jsonSchema: value)
      Issue.record("\(schema) was not refused", sourceLocation: sourceLocation)
    } catch {
      #expect(error.path == path, "\(error)", sourceLocation: sourceLocation)
      #expect(error.description.contains(words), "\(error)", sourceLocation: sourceLocation)
      #expect(error.description.hasPrefix("\(path): "), sourceLocation: sourceLocation)
    }
  }

  @Test(
    "Keywords that no automaton can check",
    arguments: [
      ("not", "{}"), ("if", "{}"), ("contains", "{}"), ("dependentRequired", "{}"), ("dependentSchemas", "{}"),
      ("dependencies", "{}"), ("$dynamicRef", "\"#a\""), ("$recursiveRef", "\"#\""), ("multipleOf", "0.1"),
      ("multipleOf", "5000"), ("format", "\"regex\""), ("unevaluatedProperties", "{}"), ("unevaluatedItems", "{}"),
    ]) func keywords(keyword: String, argument: String) throws
  {
    let schema = #"{"type": "object", "properties": {"age": {"\#(keyword)": \#(argument)}}}"#
    try expectRefusal(schema, at: "$.properties.age.\(keyword)", "cannot be enforced while generating")
  }

  @Test(
    "Keywords whose arguments are of the wrong kind",
    arguments: [
      ("type", "5"), ("type", "\"text\""), ("type", "[null]"), ("enum", "3"), ("minimum", "\"3\""), ("multipleOf", "0"),
      ("multipleOf", "null"), ("minLength", "-1"), ("maxLength", "1.5"), ("minItems", "\"1\""), ("pattern", "1"),
      ("format", "[]"), ("uniqueItems", "1"), ("required", "true"), ("properties", "[]"), ("patternProperties", "1"),
      ("anyOf", "[]"), ("allOf", "{}"), ("oneOf", "1"), ("prefixItems", "{}"),
    ]) func malformed(keyword: String, argument: String) throws
  {
    let schema = #"{"items": {"\#(keyword)": \#(argument)}}"#
    try expectRefusal(schema, at: "$.items.\(keyword)", "was expected")
  }

  @Test("Schemas that are no schemas") func noSchemas() throws {
    try expectRefusal("3", at: "$", "found a number where a schema was expected")
    try expectRefusal(#"{"properties": {"a b": "x"}}"#, at: #"$.properties["a b"]"#, "a schema was expected")
    try expectRefusal(#"{"anyOf": [true, null]}"#, at: "$.anyOf[1]", "a schema was expected")
    try expectRefusal(#"{"required": ["a", 1]}"#, at: "$.required[1]", "a string was expected")
    #expect(throws: GrammarError.self) { try Grammar(jsonSchema: 1, path: "$.tools[2].parameters") }
    do { _ = try Grammar(jsonSchema: 1, path: "tool 'x'") } catch { #expect(error.path == "tool 'x'") }
  }

  @Test("References that lead nowhere, elsewhere or in a circle") func references() throws {
    try expectRefusal(##"{"$ref": "#/$defs/a"}"##, at: "$.$ref", "the place of a schema in the document was expected")
    try expectRefusal(#"{"$ref": "other.json"}"#, at: "$.$ref", "references within the document")
    try expectRefusal(##"{"$ref": "#name"}"##, at: "$.$ref", "the anchor")
    try expectRefusal(#"{"$ref": 5}"#, at: "$.$ref", "a reference like #/$defs/name was expected")
    try expectRefusal(##"{"$ref": "#"}"##, at: "$", "defined by itself")
    try expectRefusal(
      ##"{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/a"}]}}}"##,
      at: "$.$defs.a", "defined by itself")
  }

  @Test("Schemas that nothing satisfies") func unsatisfiable() throws {
    try expectRefusal("false", at: "$", "nothing can be valid here")
    try expectRefusal(#"{"items": {"minimum": 3, "maximum": 2}}"#, at: "$.items", "no number is in the range")
    try expectRefusal(#"{"minLength": 3, "maxLength": 2}"#, at: "$", "minLength is above maxLength")
    try expectRefusal(#"{"enum": []}"#, at: "$", "nothing can be valid here")
    try expectRefusal(#"{"const": 1, "enum": [2]}"#, at: "$", "const and enum have no value in common")
    try expectRefusal(#"{"type": "integer", "enum": ["a"]}"#, at: "$", "nothing can be valid here")
    try expectRefusal(#"{"type": "string", "pattern": "^a{3}$", "maxLength": 2}"#, at: "$", "no text satisfies")
    try expectRefusal(#"{"type": "string", "pattern": "^(aa)*$", "minLength": 3, "maxLength": 3}"#, at: "$", "no text")
    try expectRefusal(
      #"{"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 4}"#, at: "$", "no number is within the bounds")
    try expectRefusal(
      #"{"type": "object", "properties": {"a": {"type": "integer", "minimum": 1, "maximum": 6, "multipleOf": 7}}, "required": ["a"]}"#,
      at: "$.properties.a", "no number is within the bounds")
    try expectRefusal(
      #"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"], "additionalProperties": false}"#,
      at: "$", "excludes every value")
    try expectRefusal(
      #"{"type": "object", "properties": {"a": true}, "additionalProperties": false, "minProperties": 2}"#, at: "$",
      "excludes every value")
    try expectRefusal(#"{"type": "array", "items": false, "minItems": 1}"#, at: "$", "excludes every value")
    // Endless documents only.
    try expectRefusal(
      ##"{"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}"##, at: "$.properties.next",
      "excludes every value")
  }

  @Test("Branches of oneOf that may hold together") func oneOf() throws {
    try expectRefusal(#"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#, at: "$.oneOf[1]", "may hold together")
    try expectRefusal(#"{"oneOf": [{"type": "string"}, {"const": "a"}]}"#, at: "$.oneOf[1]", "with $.oneOf[0]")
    try expectRefusal(
      #"{"oneOf": [{"type": "object", "properties": {"k": {"const": 1}}}, {"type": "object", "properties": {"k": {"const": 2}}}]}"#,
      at: "$.oneOf[1]", "otherwise use anyOf")
    let closed = #""type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]"#
    try expectRefusal(
      #"{"oneOf": [{\#(closed), "unevaluatedProperties": false}, {\#(closed), "additionalProperties": false}]}"#,
      at: "$.oneOf[1]", "may hold together")
    try expectRefusal(#"{"items": {"oneOf": [true, true]}}"#, at: "$.items.oneOf[1]", "may hold together")
  }

  @Test("Arrays and objects that counters cannot keep") func collections() throws {
    try expectRefusal(#"{"type": "array", "uniqueItems": true}"#, at: "$.uniqueItems", "more than one element")
    try expectRefusal(
      #"{"type": "object", "minProperties": 2}"#, at: "$.minProperties", "members that are not declared")
    try expectRefusal(
      #"{"type": "object", "propertyNames": {"anyOf": [{"pattern": "a"}, {"pattern": "b"}]}}"#, at: "$.propertyNames",
      "alternatives in propertyNames")
  }

  @Test(
    "Patterns that are not regular, or no patterns",
    arguments: [
      ("(?=a)", "look-ahead"), ("(?<!a)b", "look-behind"), ("\\\\bword", "a word boundary"),
      ("(a)\\\\1", "a back-reference"),
      ("\\\\k<a>", "a back-reference"), ("\\\\p{L}", "a Unicode property"), ("(a", "not closed"),
      ("a)", "closes nothing"),
      ("[a", "not closed"), ("*a", "nothing before it"), ("a**", "two counts"), ("a{3,2}", "below its minimum"),
      ("[z-a]", "before its beginning"), ("\\\\", "nothing after it"), ("a{9999}", "more than 5000 times"),
      ("\\\\u12", "hexadecimal"), ("\\\\ud800", "half a surrogate pair"), ("\\\\y", "unknown escape"), ("^*", "anchor"),
    ]) func patterns(pattern: String, words: String) throws
  {
    try expectRefusal(#"{"type": "string", "pattern": "\#(pattern)"}"#, at: "$.pattern", words)
  }

  @Test("Nothing, repeated often, takes no time") func emptyRepetitions() throws {
    let nothing = String(repeating: "()", count: 20)
    let inner = "(?:(?:\(nothing)){5000}){5000}"
    try expectRefusal(#"{"type": "string", "pattern": "(?:a|\#(inner)){5000}"}"#, at: "$.pattern", "simplify this part")
    // This one would take years.
    try expectRefusal(
      #"{"type": "string", "pattern": "(?:(?:b?\#(inner)){5000}){5000}"}"#, at: "$.pattern", "simplify this part")
    _ = try Grammar(jsonSchema: ["type": "string", "pattern": .string("^a(?:\(nothing)){5000}$")])
  }

  @Test("References inside a schema with an identifier of its own") func identifiers() throws {
    try expectRefusal(
      ##"{"$id": "http://x/", "properties": {"a": {"$id": "http://y/", "$defs": {"q": {"type": "integer"}}, "$ref": "#/$defs/q"}}, "$defs": {"q": {"type": "string"}}}"##,
      at: "$.properties.a.$id", "only the whole schema may have an $id")
    try expectRefusal(
      ##"{"properties": {"a": {"$ref": "#/$defs/q/$defs/r"}}, "$defs": {"q": {"$id": "http://y/", "$defs": {"r": {"$ref": "#"}}}}}"##,
      at: "$.$defs.q.$id", "only the whole schema may have an $id")
    _ = try Grammar(
      jsonSchema: ["properties": ["a": ["$id": "http://y/", "type": "integer"]], "$id": "http://x/", "type": "object"])
    _ = try Grammar(jsonSchema: [
      "type": "object", "properties": ["a": ["$id": "#a", "$ref": "#/$defs/a"]], "$defs": ["a": true],
    ])
  }

  @Test("Schemas that would need too much") func tooComplex() throws {
    try expectRefusal(#"{"type": "string", "pattern": "^(.*a.{40}|b)$"}"#, at: "$.pattern", "simplify this part")
    let nested = String(repeating: "(", count: 60) + String(repeating: ")", count: 60)
    try expectRefusal(#"{"type": "string", "pattern": "\#(nested)"}"#, at: "$.pattern", "more than 48 groups")
    let branches = (0..<40).map { #"{"anyOf": [{"minimum": \#($0)}, {"maximum": -\#($0)}]}"# }.joined(separator: ", ")
    try expectRefusal(#"{"type": "integer", "allOf": [\#(branches)]}"#, at: "$", "more than 256 alternatives")
    var links = ##""a0": {"$ref": "#/$defs/a1"}"##
    for index in 1..<100 { links += ##", "a\##(index)": {"$ref": "#/$defs/a\##(index + 1)"}"## }
    try expectRefusal(
      ##"{"$ref": "#/$defs/a0", "$defs": {\##(links), "a100": {}}}"##, at: "$.$defs.a63", "references and combinations")
  }

  @Test("Limits are those that one gives") func limits() throws {
    let schema: JSONValue = ["type": "string", "pattern": "^[a-z]{50}$"]
    #expect(throws: Never.self) { try Grammar(jsonSchema: schema) }
    #expect(throws: GrammarError.self) { try Grammar(jsonSchema: schema, limits: GrammarLimits(states: 40)) }
    #expect(throws: GrammarError.self) { try Grammar(jsonSchema: schema, limits: GrammarLimits(steps: 40)) }
  }

  @Test("Enormous bounds are counted, not written out") func enormousBounds() throws {
    for schema in [
      #"{"type": "string", "maxLength": 9223372036854775807}"#,
      #"{"type": "string", "minLength": 9223372036854775807}"#,
      #"{"type": "array", "minItems": 1e300, "items": {"type": "null"}}"#,
      #"{"type": "string", "pattern": "^(abc|de)*$", "minLength": 1e18, "maxLength": 1e19}"#,
      #"{"type": "object", "maxProperties": 100000000, "additionalProperties": true}"#,
    ] {
      let constraint = try SmallTrie.constraint(Grammar(jsonSchema: JSONValue(parsing: schema)))
      #expect(constraint.tables.states.count < 300)
      var matcher = ConstraintMatcher(constraint)
      for _ in 0..<300 {
        let mask = matcher.allowed()
        guard let token = (0..<Int32(SmallTrie.count)).first(where: { mask.contains($0) }) else {
          Issue.record("stuck: \(schema)")
          break
        }
        matcher.expectAccepts(token)
      }
    }
  }

  @Test("Objects of many members are made quickly") func manyMembers() throws {
    let members = (0..<300).map { #""member\#($0)": {"type": "integer"}"# }.joined(separator: ",")
    let constraint = try SmallTrie.constraint(
      Grammar(jsonSchema: JSONValue(parsing: #"{"type": "object", "properties": {\#(members)}}"#)))
    #expect(SmallTrie.accepts(#"{"member0": 1, "member150":2,"member299": 3}"#, constraint))
    #expect(!SmallTrie.accepts(#"{"member150": 1, "member0":2}"#, constraint))
  }

  @Test("A long path or name does not make a long sentence") func longSentence() throws {
    let name = String(repeating: "x", count: 100_000)
    do {
      _ = try Grammar(jsonSchema: .object(["properties": .object([name: ["not": true]])]))
      Issue.record("not refused")
    } catch {
      #expect(error.description.utf8.count < 1_500)
    }
  }
}
