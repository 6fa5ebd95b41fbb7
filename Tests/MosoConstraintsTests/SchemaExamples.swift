import Testing

/// A schema with documents that are valid and that are not.
struct SchemaExample: Sendable, CustomTestStringConvertible {
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

/// Examples of each keyword alone.
enum SchemaExamples {
  static let types: [SchemaExample] = [
    SchemaExample(
      "true", valid: ["null", "[1, 2]", #"{"a": {"b":[]}}"#, "-1.5e3", #""é""#],
      invalid: ["", "nul", "[1,]", "01", "{,}"]),
    SchemaExample("{}", valid: ["null", "[]"], invalid: ["[,]", " 1"]),
    SchemaExample(#"{"type": "null"}"#, valid: ["null"], invalid: ["0", #""null""#]),
    SchemaExample(#"{"type": "boolean"}"#, valid: ["true", "false"], invalid: ["null", "1"]),
    SchemaExample(
      #"{"type": "integer"}"#, valid: ["0", "-12", "999999999999999999"],
      invalid: ["1.0", "-0", "1e3", "+1", "1" + String(repeating: "0", count: 18)]),
    SchemaExample(
      #"{"type": "number"}"#, valid: ["0", "-1.25", "1e10", "2.5E-3"],
      invalid: [".5", "1.", "00", "1e", "1e100", "NaN"]),
    SchemaExample(
      #"{"type": "string"}"#, valid: [#""""#, #""\u00e9\n\"\/""#, #""\ud83d\ude00""#, "\"\u{7F}é😀\""],
      invalid: [
        #""\ud83d""#, #""\ude00""#, #""\uDC00\uDC00""#, #""\udc00\udc00""#, #""\ud83dx""#, #""\x""#, "\"\n\"", #""a"#,
      ]),
    SchemaExample(
      #"{"type": "array"}"#, valid: ["[]", "[1,[],{}]", "[1, 2]"], invalid: ["[1 ,2]", "[ ]", "[1,  2]", "{}"]),
    SchemaExample(
      #"{"type": "object"}"#, valid: ["{}", #"{"a":1, "b": {}}"#], invalid: ["{a:1}", "{\"a\" :1}", "{1:2}", "[]"]),
    SchemaExample(#"{"type": ["string", "null"]}"#, valid: ["null", #""x""#], invalid: ["0", "[]"]),
    SchemaExample(
      #"{"const": {"a": [1, "é"]}}"#, valid: [#"{"a":[1,"é"]}"#], invalid: [#"{"a":[1]}"#, #"{"a": [1,"é"]}"#]),
    SchemaExample(
      #"{"enum": ["a", 2, null, "ab"]}"#, valid: [#""a""#, #""ab""#, "2", "null"], invalid: [#""b""#, "3", #""abc""#]),
    SchemaExample(#"{"enum": ["a", 2, null], "type": "string"}"#, valid: [#""a""#], invalid: ["2", "null"]),
    SchemaExample(#"{"enum": [1, 1.0, 5, 8], "maximum": 6, "const": 1}"#, valid: ["1"], invalid: ["5", "8"]),
    SchemaExample(
      #"{"type": "integer", "title": "t", "description": "d", "default": 1, "examples": [2], "$comment": "c", "deprecated": true, "readOnly": true, "writeOnly": false, "$schema": "s", "$id": "i", "unknown": 3, "format": "int32"}"#,
      valid: ["7"], invalid: ["x"]),
  ]

  static let numbers: [SchemaExample] = [
    SchemaExample(
      #"{"type": "integer", "minimum": -3, "maximum": 12}"#, valid: ["-3", "0", "9", "12"],
      invalid: ["-4", "13", "100", "-0"]),
    SchemaExample(
      #"{"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10}"#, valid: ["1", "9"], invalid: ["0", "10"]),
    SchemaExample(
      #"{"type": "integer", "exclusiveMinimum": 0.5, "maximum": 2.5}"#, valid: ["1", "2"], invalid: ["0", "3"]),
    SchemaExample(#"{"type": "integer", "minimum": 5, "exclusiveMinimum": true}"#, valid: ["6"], invalid: ["5"]),
    SchemaExample(
      #"{"type": "integer", "minimum": 1000000000000000000000}"#,
      valid: ["1000000000000000000000", "9999999999999999999999"], invalid: ["999999999999999999999", "1"]),
    SchemaExample(
      #"{"type": "integer", "multipleOf": 12, "minimum": -30}"#, valid: ["-24", "0", "12", "144"],
      invalid: ["-36", "6", "13"]),
    SchemaExample(#"{"type": "number", "multipleOf": 5}"#, valid: ["-5", "0", "25"], invalid: ["2.5", "7"]),
    SchemaExample(
      #"{"allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "type": "integer"}"#, valid: ["12", "24"],
      invalid: ["4", "6"]),
    SchemaExample(
      #"{"type": "number", "minimum": 0.1, "exclusiveMaximum": 2.05}"#, valid: ["0.1", "0.100", "1", "2", "2.04999"],
      invalid: ["0.09", "0", "2.05", "2.050", "2.1", "-1", "1e0"]),
    SchemaExample(
      #"{"type": "number", "minimum": -2.5, "maximum": -0.25}"#, valid: ["-2.5", "-1", "-0.25", "-0.3"],
      invalid: ["-2.51", "-0.24", "0", "1"]),
    SchemaExample(
      #"{"type": "number", "exclusiveMinimum": 0}"#, valid: ["0.00001", "3"], invalid: ["0", "0.0", "-0", "-1"]),
    SchemaExample(#"{"type": "number", "minimum": 0, "maximum": 0}"#, valid: ["0", "0.0"], invalid: ["-0", "0.1"]),
  ]

  static let strings: [SchemaExample] = [
    SchemaExample(
      #"{"type": "string", "minLength": 2, "maxLength": 3}"#, valid: [#""ab""#, #""日本語""#, #""\n\"""#, #""😀😀""#],
      invalid: [#""a""#, #""abcd""#, #""\u0041b""#]),
    SchemaExample(#"{"type": "string", "maxLength": 0}"#, valid: [#""""#], invalid: [#""a""#]),
    SchemaExample(
      #"{"type": "string", "pattern": "^a.c$"}"#, valid: [#""abc""#, #""a\"c""#, #""a\tc""#],
      invalid: [#""ac""#, #""a\nc""#, #""abcd""#, #""a\u0009c""#]),
    SchemaExample(#"{"type": "string", "pattern": "b"}"#, valid: [#""b""#, #""abc""#], invalid: [#""ac""#]),
    SchemaExample(
      #"{"type": "string", "pattern": "^(ab|cd)*$", "minLength": 3, "maxLength": 5}"#, valid: [#""abcd""#],
      invalid: [#""ab""#, #""abc""#, #""ababab""#]),
    SchemaExample(
      #"{"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "z$"}], "maxLength": 3}"#,
      valid: [#""az""#, #""abz""#], invalid: [#""a""#, #""abcz""#]),
    SchemaExample(
      #"{"type": "string", "format": "date", "pattern": "^2024"}"#, valid: [#""2024-02-29""#],
      invalid: [#""2023-02-28""#, #""2024-02-30""#]),
    SchemaExample(
      #"{"type": ["string", "integer"], "minLength": 1, "minimum": 5}"#, valid: [#""a""#, "5"], invalid: [#""""#, "4"]),
  ]

  static let arrays: [SchemaExample] = [
    SchemaExample(
      #"{"type": "array", "items": {"type": "integer"}}"#, valid: ["[]", "[1,2]"], invalid: ["[null]", "[1,]"]),
    SchemaExample(
      #"{"type": "array", "items": {"type": "null"}, "minItems": 2, "maxItems": 3}"#,
      valid: ["[null,null]", "[null, null, null]"], invalid: ["[]", "[null]", "[null,null,null,null]"]),
    SchemaExample(#"{"type": "array", "minItems": 1}"#, valid: ["[[]]", "[1,2,3]"], invalid: ["[]"]),
    SchemaExample(
      #"{"type": "array", "prefixItems": [{"type": "null"}, {"type": "boolean"}], "items": false}"#,
      valid: ["[]", "[null]", "[null,true]"], invalid: ["[true]", "[null,true,null]"]),
    SchemaExample(
      #"{"type": "array", "prefixItems": [{"const": 1}], "items": {"const": 2}, "minItems": 2, "maxItems": 3}"#,
      valid: ["[1,2]", "[1,2,2]"], invalid: ["[1]", "[2,2]", "[1,2,2,2]", "[1,1]"]),
    SchemaExample(
      #"{"type": "array", "prefixItems": [{"const": 1}], "minItems": 3}"#, valid: ["[1,null,{}]"],
      invalid: ["[1]", "[1,2]"]),
    SchemaExample(
      #"{"type": "array", "prefixItems": [{"const": 1}, false], "items": {"const": 2}}"#, valid: ["[1]", "[]"],
      invalid: ["[1,2]"]),
    SchemaExample(
      #"{"type": "array", "items": [{"const": 1}], "additionalItems": {"const": 3}}"#, valid: ["[]", "[1]", "[1,3,3]"],
      invalid: ["[3]", "[1,1]"]),
    SchemaExample(
      #"{"type": "array", "items": {"const": 1}, "maxItems": 1, "uniqueItems": true}"#, valid: ["[]", "[1]"],
      invalid: ["[1,1]"]),
    SchemaExample(#"{"type": "array", "maxItems": 0}"#, valid: ["[]"], invalid: ["[1]"]),
    SchemaExample(
      #"{"type": "array", "items": {"const": 1}, "maxItems": 1000000, "minItems": 3}"#,
      valid: ["[1,1,1]", "[1,1,1,1]"], invalid: ["[1,1]"]),
    SchemaExample(
      #"{"allOf": [{"items": {"minimum": 3}}, {"items": {"maximum": 4}}], "type": "array", "items": {"type": "integer"}}"#,
      valid: ["[3,4]"], invalid: ["[2]", "[5]"]),
    SchemaExample(
      #"{"type": "array", "allOf": [{"prefixItems": [{"const": 1}]}], "unevaluatedItems": false}"#,
      valid: ["[]", "[1]"], invalid: ["[1,1]"]),
  ]
}
