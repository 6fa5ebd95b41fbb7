import MosoFormats
import Testing

@testable import MosoConstraints

/// Each keyword alone: what it lets through and what it does not.
@Suite("Keywords of schemas") struct SchemaKeywordTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let schema: String
    let valid: [String]
    let invalid: [String]

    var testDescription: String { schema }

    init(_ schema: String, valid: [String], invalid: [String]) {
      self.schema = schema
      self.valid = valid
      self.invalid = invalid
    }
  }

  static let types: [Example] = [
    Example("true", valid: ["null", "[1, 2]", #"{"a": {"b":[]}}"#, "-1.5e3", #""é""#], invalid: ["", "nul", "[1,]", "01", "{,}"]),
    Example("{}", valid: ["null", "[]"], invalid: ["[,]", " 1"]),
    Example(#"{"type": "null"}"#, valid: ["null"], invalid: ["0", #""null""#]),
    Example(#"{"type": "boolean"}"#, valid: ["true", "false"], invalid: ["null", "1"]),
    Example(#"{"type": "integer"}"#, valid: ["0", "-12", "999999999999999999"], invalid: ["1.0", "-0", "1e3", "+1", "1" + String(repeating: "0", count: 18)]),
    Example(#"{"type": "number"}"#, valid: ["0", "-1.25", "1e10", "2.5E-3"], invalid: [".5", "1.", "00", "1e", "1e100", "NaN"]),
    Example(#"{"type": "string"}"#, valid: [#""""#, #""\u00e9\n\"\/""#, #""\ud83d\ude00""#, "\"\u{7F}é😀\""], invalid: [#""\ud83d""#, #""\ude00""#, #""\x""#, "\"\n\"", #""a"#]),
    Example(#"{"type": "array"}"#, valid: ["[]", "[1,[],{}]", "[1, 2]"], invalid: ["[1 ,2]", "[ ]", "[1,  2]", "{}"]),
    Example(#"{"type": "object"}"#, valid: ["{}", #"{"a":1, "b": {}}"#], invalid: ["{a:1}", "{\"a\" :1}", "{1:2}", "[]"]),
    Example(#"{"type": ["string", "null"]}"#, valid: ["null", #""x""#], invalid: ["0", "[]"]),
    Example(#"{"const": {"a": [1, "é"]}}"#, valid: [#"{"a":[1,"é"]}"#], invalid: [#"{"a":[1]}"#, #"{"a": [1,"é"]}"#]),
    Example(#"{"enum": ["a", 2, null, "ab"]}"#, valid: [#""a""#, #""ab""#, "2", "null"], invalid: [#""b""#, "3", #""abc""#]),
    Example(#"{"enum": ["a", 2, null], "type": "string"}"#, valid: [#""a""#], invalid: ["2", "null"]),
    Example(#"{"enum": [1, 1.0, 5, 8], "maximum": 6, "const": 1}"#, valid: ["1"], invalid: ["5", "8"]),
    Example(#"{"type": "integer", "title": "t", "description": "d", "default": 1, "examples": [2], "$comment": "c", "deprecated": true, "readOnly": true, "writeOnly": false, "$schema": "s", "$id": "i", "unknown": 3, "format": "int32"}"#, valid: ["7"], invalid: ["x"]),
  ]

  static let numbers: [Example] = [
    Example(#"{"type": "integer", "minimum": -3, "maximum": 12}"#, valid: ["-3", "0", "9", "12"], invalid: ["-4", "13", "100", "-0"]),
    Example(#"{"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10}"#, valid: ["1", "9"], invalid: ["0", "10"]),
    Example(#"{"type": "integer", "exclusiveMinimum": 0.5, "maximum": 2.5}"#, valid: ["1", "2"], invalid: ["0", "3"]),
    Example(#"{"type": "integer", "minimum": 5, "exclusiveMinimum": true}"#, valid: ["6"], invalid: ["5"]),
    Example(#"{"type": "integer", "minimum": 1000000000000000000000}"#, valid: ["1000000000000000000000", "9999999999999999999999"], invalid: ["999999999999999999999", "1"]),
    Example(#"{"type": "integer", "multipleOf": 12, "minimum": -30}"#, valid: ["-24", "0", "12", "144"], invalid: ["-36", "6", "13"]),
    Example(#"{"type": "number", "multipleOf": 5}"#, valid: ["-5", "0", "25"], invalid: ["2.5", "7"]),
    Example(#"{"allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "type": "integer"}"#, valid: ["12", "24"], invalid: ["4", "6"]),
    Example(#"{"type": "number", "minimum": 0.1, "exclusiveMaximum": 2.05}"#, valid: ["0.1", "0.100", "1", "2", "2.04999"], invalid: ["0.09", "0", "2.05", "2.050", "2.1", "-1", "1e0"]),
    Example(#"{"type": "number", "minimum": -2.5, "maximum": -0.25}"#, valid: ["-2.5", "-1", "-0.25", "-0.3"], invalid: ["-2.51", "-0.24", "0", "1"]),
    Example(#"{"type": "number", "exclusiveMinimum": 0}"#, valid: ["0.00001", "3"], invalid: ["0", "0.0", "-0", "-1"]),
    Example(#"{"type": "number", "minimum": 0, "maximum": 0}"#, valid: ["0", "0.0"], invalid: ["-0", "0.1"]),
  ]

  static let strings: [Example] = [
    Example(#"{"type": "string", "minLength": 2, "maxLength": 3}"#, valid: [#""ab""#, #""日本語""#, #""\n\"""#, #""😀😀""#], invalid: [#""a""#, #""abcd""#, #""\u0041b""#]),
    Example(#"{"type": "string", "maxLength": 0}"#, valid: [#""""#], invalid: [#""a""#]),
    Example(#"{"type": "string", "pattern": "^a.c$"}"#, valid: [#""abc""#, #""a\"c""#, #""a\tc""#], invalid: [#""ac""#, #""a\nc""#, #""abcd""#, #""a\u0009c""#]),
    Example(#"{"type": "string", "pattern": "b"}"#, valid: [#""b""#, #""abc""#], invalid: [#""ac""#]),
    Example(#"{"type": "string", "pattern": "^(ab|cd)*$", "minLength": 3, "maxLength": 5}"#, valid: [#""abcd""#], invalid: [#""ab""#, #""abc""#, #""ababab""#]),
    Example(#"{"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "z$"}], "maxLength": 3}"#, valid: [#""az""#, #""abz""#], invalid: [#""a""#, #""abcz""#]),
    Example(#"{"type": "string", "format": "date", "pattern": "^2024"}"#, valid: [#""2024-02-29""#], invalid: [#""2023-02-28""#, #""2024-02-30""#]),
    Example(#"{"type": ["string", "integer"], "minLength": 1, "minimum": 5}"#, valid: [#""a""#, "5"], invalid: [#""""#, "4"]),
  ]

  static let arrays: [Example] = [
    Example(#"{"type": "array", "items": {"type": "integer"}}"#, valid: ["[]", "[1,2]"], invalid: ["[null]", "[1,]"]),
    Example(#"{"type": "array", "items": {"type": "null"}, "minItems": 2, "maxItems": 3}"#, valid: ["[null,null]", "[null, null, null]"], invalid: ["[]", "[null]", "[null,null,null,null]"]),
    Example(#"{"type": "array", "minItems": 1}"#, valid: ["[[]]", "[1,2,3]"], invalid: ["[]"]),
    Example(#"{"type": "array", "prefixItems": [{"type": "null"}, {"type": "boolean"}], "items": false}"#, valid: ["[]", "[null]", "[null,true]"], invalid: ["[true]", "[null,true,null]"]),
    Example(#"{"type": "array", "prefixItems": [{"const": 1}], "items": {"const": 2}, "minItems": 2, "maxItems": 3}"#, valid: ["[1,2]", "[1,2,2]"], invalid: ["[1]", "[2,2]", "[1,2,2,2]", "[1,1]"]),
    Example(#"{"type": "array", "prefixItems": [{"const": 1}], "minItems": 3}"#, valid: ["[1,null,{}]"], invalid: ["[1]", "[1,2]"]),
    Example(#"{"type": "array", "prefixItems": [{"const": 1}, false], "items": {"const": 2}}"#, valid: ["[1]", "[]"], invalid: ["[1,2]"]),
    Example(#"{"type": "array", "items": [{"const": 1}], "additionalItems": {"const": 3}}"#, valid: ["[]", "[1]", "[1,3,3]"], invalid: ["[3]", "[1,1]"]),
    Example(#"{"type": "array", "items": {"const": 1}, "maxItems": 1, "uniqueItems": true}"#, valid: ["[]", "[1]"], invalid: ["[1,1]"]),
    Example(#"{"type": "array", "maxItems": 0}"#, valid: ["[]"], invalid: ["[1]"]),
    Example(#"{"type": "array", "items": {"const": 1}, "maxItems": 1000000, "minItems": 3}"#, valid: ["[1,1,1]", "[1,1,1,1]"], invalid: ["[1,1]"]),
    Example(#"{"allOf": [{"items": {"minimum": 3}}, {"items": {"maximum": 4}}], "type": "array", "items": {"type": "integer"}}"#, valid: ["[3,4]"], invalid: ["[2]", "[5]"]),
    Example(#"{"type": "array", "allOf": [{"prefixItems": [{"const": 1}]}], "unevaluatedItems": false}"#, valid: ["[]", "[1]"], invalid: ["[1,1]"]),
  ]

  @Test("Types, constants and annotations", arguments: types) func types(example: Example) throws { try check(example) }
  @Test("Ranges of numbers", arguments: numbers) func numbers(example: Example) throws { try check(example) }
  @Test("Lengths, patterns and formats", arguments: strings) func strings(example: Example) throws { try check(example) }
  @Test("Elements of arrays", arguments: arrays) func arrays(example: Example) throws { try check(example) }
  @Test("Members of objects", arguments: objects) func objects(example: Example) throws { try check(example) }
  @Test("References and combinations", arguments: combinations)
  func combinations(example: Example) throws { try check(example) }

  private func check(_ example: Example) throws {
    let constraint = try SmallTrie.constraint(Grammar(jsonSchema: JSONValue(parsing: example.schema)))
    for document in example.valid {
      #expect(SmallTrie.accepts(document, constraint), "\(document) should be valid for \(example.schema)")
    }
    for document in example.invalid {
      #expect(!SmallTrie.accepts(document, constraint), "\(document) should not be valid for \(example.schema)")
    }
  }
}
