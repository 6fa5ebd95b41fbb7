extension SchemaExamples {
  static let objects: [SchemaExample] = [
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}, "required": ["b"]}"#,
      valid: [#"{"b":2}"#, #"{"a":1,"b": 2}"#, #"{"a": 1, "b": 2, "c": 3}"#, #"{"b":2,"c":3}"#],
      invalid: ["{}", #"{"a":1}"#, #"{"b":2,"a":1}"#, #"{"b":2,"b":2}"#, #"{"b":2,"d":4}"#, #"{"b":2,}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 2}}}"#,
      valid: ["{}", #"{"a":1}"#, #"{"b":2}"#, #"{"a":1,"b":2}"#], invalid: [#"{,"b":2}"#, #"{"a":1,}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}, "ab": {"const": 2}}, "additionalProperties": {"type": "null"}}"#,
      valid: ["{}", #"{"a":1,"x":null,"abc":null}"#, #"{"":null}"#, #"{"a\n":null}"#, #"{"ab":2,"b":null}"#],
      invalid: [#"{"x":1}"#, #"{"a":null}"#, #"{"x":null,"a":1}"#, #"{"\u0061":null}"#, #"{"ab":null}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}}, "additionalProperties": true, "required": ["z", "a"]}"#,
      valid: [#"{"a":1,"z":[0]}"#, #"{"a":1,"z":0,"y":"s"}"#], invalid: [#"{"a":1}"#, #"{"z":0,"a":1}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}}, "additionalProperties": false}"#,
      valid: ["{}", #"{"a":1}"#], invalid: [#"{"b":1}"#]),
    SchemaExample(#"{"type": "object", "additionalProperties": false}"#, valid: ["{}"], invalid: [#"{"b":1}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": false, "b": {"const": 2}}}"#, valid: ["{}", #"{"b":2}"#],
      invalid: [#"{"a":1}"#]),
    SchemaExample(
      #"{"type": "object", "patternProperties": {"^x": {"const": 1}, "y$": {"type": "integer"}}, "additionalProperties": {"const": "o"}}"#,
      valid: [#"{"x":1,"ay":7,"xy":1,"b":"o"}"#], invalid: [#"{"x":2}"#, #"{"xy":7}"#, #"{"ay":"o"}"#, #"{"b":1}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"xa": {"minimum": 0}}, "patternProperties": {"^x": {"type": "integer", "maximum": 5}}}"#,
      valid: [#"{"xa":3}"#, #"{"xb":-3}"#], invalid: [#"{"xa":-1}"#, #"{"xa":6}"#, #"{"b":1}"#]),
    SchemaExample(
      #"{"type": "object", "propertyNames": {"pattern": "^[a-c]+$", "maxLength": 2}, "additionalProperties": {"const": 1}}"#,
      valid: ["{}", #"{"ab":1,"c":1}"#], invalid: [#"{"abc":1}"#, #"{"d":1}"#, #"{"":1}"#]),
    SchemaExample(
      #"{"type": "object", "propertyNames": {"enum": ["k"]}, "properties": {"a": true}}"#, valid: ["{}"],
      invalid: [#"{"a":1}"#, #"{"k":1}"#]),
    SchemaExample(
      #"{"type": "object", "additionalProperties": {"const": 1}, "minProperties": 1, "maxProperties": 2}"#,
      valid: [#"{"a":1}"#, #"{"a":1,"b":1}"#], invalid: ["{}", #"{"a":1,"b":1,"c":1}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 1}, "c": {"const": 1}}, "minProperties": 2}"#,
      valid: [#"{"a":1,"c":1}"#, #"{"b":1,"c":1}"#, #"{"a":1,"b":1,"c":1}"#], invalid: ["{}", #"{"c":1}"#, #"{"a":1}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 1}, "c": {"const": 1}}, "maxProperties": 1}"#,
      valid: ["{}", #"{"c":1}"#], invalid: [#"{"a":1,"c":1}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 1}}, "additionalProperties": true, "minProperties": 2}"#,
      valid: [#"{"a":1,"b":1}"#], invalid: [#"{"a":1}"#, #"{"x":1,"x":1}"#]),
    SchemaExample(
      #"{"type": "object", "properties": {"é": {"const": 1}, "e\u0301": {"const": 2}}, "required": ["e\u0301"]}"#,
      valid: ["{\"e\u{301}\":2}", "{\"é\":1,\"e\u{301}\":2}"], invalid: ["{\"é\":1}", "{\"e\u{301}\":1}"]),
    SchemaExample(
      #"{"type": "object", "properties": {"a": {"const": 1}}, "allOf": [{"properties": {"b": {"const": 2}}}], "unevaluatedProperties": false}"#,
      valid: [#"{"a":1,"b":2}"#, "{}"], invalid: [#"{"c":1}"#]),
    SchemaExample(
      #"{"type": "object", "allOf": [{"properties": {"a": {"const": 1}}, "unevaluatedProperties": false}, {"properties": {"b": {"const": 2}}}]}"#,
      valid: [#"{"a":1}"#, "{}"], invalid: [#"{"b":2}"#, #"{"a":1,"b":2}"#]),
    SchemaExample(
      #"{"allOf": [{"properties": {"a": {}}, "unevaluatedProperties": false}], "enum": [{"a": 1, "b": {"a": 5}}, {"a": 2}]}"#,
      valid: [#"{"a":2}"#], invalid: [#"{"a":1,"b":{"a":5}}"#]),
    SchemaExample(
      #"{"allOf": [{"type": "array", "prefixItems": [{"type": "integer"}], "unevaluatedItems": false}], "enum": [[1], [1, 2], []]}"#,
      valid: ["[1]", "[]"], invalid: ["[1,2]"]),
  ]

  static let combinations: [SchemaExample] = [
    SchemaExample(
      ##"{"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "properties": {"v": {"type": "integer"}, "kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}, "required": ["v", "kids"]}}}"##,
      valid: [#"{"v":1,"kids":[]}"#, #"{"v":1,"kids":[{"v":2,"kids":[{"v":3,"kids":[]}]}]}"#],
      invalid: [#"{"v":1}"#, #"{"v":1,"kids":[{}]}"#]),
    SchemaExample(
      ##"{"type": "array", "items": {"$ref": "#"}, "maxItems": 2}"##, valid: ["[]", "[[],[[]]]"],
      invalid: ["[1]", "[[],[],[]]"]),
    SchemaExample(
      ##"{"$ref": "#/definitions/a~1b%20c/0", "definitions": {"a/b c": [{"const": 1}]}, "type": "integer"}"##,
      valid: ["1"], invalid: ["2"]),
    SchemaExample(
      #"{"$id": "https://example.org/s", "$ref": "https://example.org/s#/$defs/a", "$defs": {"a": {"const": 1}}}"#,
      valid: ["1"], invalid: ["2"]),
    SchemaExample(
      ##"{"$ref": "#/$defs/a", "maximum": 5, "$defs": {"a": {"type": "integer", "minimum": 3}}}"##, valid: ["3", "5"],
      invalid: ["2", "6"]),
    SchemaExample(
      #"{"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 1}, {"const": [1]}]}"#,
      valid: ["12", #""a""#, "[1]"], invalid: [#""ab""#, "[2]", "null"]),
    SchemaExample(
      #"{"type": "integer", "anyOf": [{"maximum": 3}, {"minimum": 7}], "minimum": 0}"#, valid: ["0", "3", "7"],
      invalid: ["4", "6", "-1"]),
    SchemaExample(
      #"{"anyOf": [{"properties": {"k": {"const": "a"}, "x": {"type": "integer"}}}, {"properties": {"k": {"const": "b"}, "x": {"type": "null"}}}], "type": "object", "required": ["k", "x"]}"#,
      valid: [#"{"k":"a","x":1}"#, #"{"k":"b","x":null}"#], invalid: [#"{"k":"a","x":null}"#, #"{"k":"c","x":1}"#]),
    SchemaExample(
      #"{"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}"#, valid: ["1", #""a""#, "null"],
      invalid: ["[]", "1.5"]),
    SchemaExample(
      #"{"oneOf": [{"type": "integer", "maximum": 3}, {"type": "integer", "minimum": 4}]}"#, valid: ["3", "4"],
      invalid: ["x"]),
    SchemaExample(
      #"{"oneOf": [{"enum": ["a", "b"]}, {"enum": ["c"]}, {"type": "string", "pattern": "^x"}]}"#,
      valid: [#""a""#, #""c""#, #""xy""#], invalid: [#""d""#]),
    SchemaExample(
      ##"{"$ref": "#/$defs/e", "$defs": {"e": {"oneOf": [{"type": "object", "required": ["op", "l"], "properties": {"l": {"$ref": "#/$defs/e"}, "op": {"const": "neg"}}}, {"type": "object", "required": ["op", "n"], "properties": {"op": {"const": "num"}, "n": {"type": "integer"}}}]}}}"##,
      valid: [#"{"l":{"op":"num","n":1},"op":"neg"}"#, #"{"op":"num","n":1}"#], invalid: [#"{"op":"neg"}"#]),
    SchemaExample(
      #"{"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"properties": {"a": {"minimum": 3}, "b": {"const": 1}}}]}"#,
      valid: [#"{"a":3}"#, #"{"a":4,"b":1}"#], invalid: [#"{"a":2}"#, #"{"b":1}"#]),
    SchemaExample(
      #"{"allOf": [{"type": "object", "properties": {"a": {"const": 1}}, "additionalProperties": false}, {"properties": {"b": {"const": 1}}}]}"#,
      valid: ["{}", #"{"a":1}"#], invalid: [#"{"b":1}"#]),
    SchemaExample(
      #"{"allOf": [{"type": ["integer", "string"]}, {"type": ["number", "null"]}, true]}"#, valid: ["1"],
      invalid: ["1.5", "null", #""a""#]),
  ]
}
