import MosoFormats
import MosoTokenizers
import Testing

@testable import MosoConstraints

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Masks") struct MaskTests {
  /// Schemas whose masks come about in all the ways there are.
  static let schemas: [String] = [
    "true", #"{"type": "string"}"#, #"{"type": "string", "maxLength": 12, "minLength": 3}"#,
    #"{"type": "string", "maxLength": 100000}"#, #"{"type": "string", "minLength": 500}"#,
    #"{"type": "string", "pattern": "^(?:abc|ab)*$", "minLength": 4, "maxLength": 11}"#,
    #"{"type": "string", "pattern": "^([a-z]{2})+$", "minLength": 7}"#,
    #"{"type": "string", "pattern": "a.*b", "maxLength": 9}"#,
    #"{"type": "array", "items": {"type": "integer", "multipleOf": 7}, "minItems": 1}"#,
    #"{"type": "number", "minimum": -1.5, "exclusiveMaximum": 22.25}"#, #"{"type": "string", "format": "date-time"}"#,
    #"{"type": "object", "properties": {"name": {"type": "string"}, "names": {"type": "integer"}, "id": {"enum": ["a", "and", 12]}}}"#,
    #"{"type": "object", "properties": {"name": {"const": 1}, "age": {"const": 2}}, "additionalProperties": {"type": "integer"}}"#,
    #"{"type": "array", "items": {"type": "array", "items": {"type": "integer", "maximum": 12}, "minItems": 1, "maxItems": 2}, "minItems": 2, "maxItems": 3}"#,
    #"{"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "number"}, "maxItems": 3}]}"#,
    #"{"type": "object", "additionalProperties": {"type": "boolean"}, "minProperties": 1, "maxProperties": 3}"#,
  ]

  /// Every token has to be in the mask when it can be accepted, and only then; and there has to be one.
  static func expectExactMasks(_ constraint: Constraint, seed: UInt64, walks: Int, patience: Int) throws -> Int {
    var random = SeededRandom(seed: seed)
    var states = 0
    for _ in 0..<walks {
      let walk = try RandomWalk(constraint, &random, patience: patience) { matcher, mask in
        states += 1
        for token in 0..<Int32(constraint.trie.vocabularySize) {
          var copy = matcher
          let isAccepted = copy.accept(token)
          try #require(isAccepted == mask.contains(token), "token \(token): \(isAccepted)")
        }
        #expect(mask.isEverything == (mask.count == constraint.trie.vocabularySize))
        #expect(!mask.contains(-1) && !mask.contains(.max))
      }
      try #require(walk.isComplete)
    }
    return states
  }

  @Test("Masks are what trying every token says", arguments: schemas) func exact(schema: String) throws {
    let constraint = try SmallTrie.constraint(Grammar(jsonSchema: JSONValue(parsing: schema)))
    #expect(try Self.expectExactMasks(constraint, seed: 5, walks: 5, patience: 20) > 3)
  }

  @Test("A mask made from that of a state like it is the same as one made alone", arguments: [0, 8, 9, 12])
  func likeness(schema: Int) throws {
    let tables = try SmallTrie.constraint(Grammar(jsonSchema: JSONValue(parsing: Self.schemas[schema]))).tables
    let trie = SmallTrie.trie
    var pairs = 0
    for rule in tables.rules where rule.bounds == nil {
      let states = tables.states.indices.filter { tables.rules[Int(tables.states[$0].rule)].start == rule.start }
      for other in states.prefix(40).map(Int32.init) {
        let known = FrameMask(trie, tables, state: other, count: 0)
        for state in states.prefix(40).map(Int32.init) where state != other && tables.reads(state, like: other) {
          let alone = FrameMask(trie, tables, state: state, count: 0)
          let derived = FrameMask(trie, tables, state: state, like: other, known)
          #expect(alone.words == derived.words && alone.exits.map(\.node) == derived.exits.map(\.node))
          pairs += 1
        }
      }
    }
    #expect(pairs > 20)
  }

  @Test("Masks of texts with tool calls are what trying every token says") func expressions() throws {
    let constraint = try SmallTrie.constraint(GrammarExpressionTests.toolCalls())
    var matcher = ConstraintMatcher(constraint)
    for byte in "a<tool <tool_call>\n{\"name\": \"a\", \"arguments\": {\"x\": -12}}\n</tool_call>b<".utf8 {
      let mask = matcher.allowed()
      for token in 0..<Int32(SmallTrie.count) {
        var copy = matcher
        let isAccepted = copy.accept(token)
        #expect(isAccepted == mask.contains(token), "token \(token)")
      }
      matcher.expectAccepts(Int32(byte))
    }
    #expect(matcher.mayEnd)
  }

  @Test("Near the bound of depth masks stay exact and nothing gets stuck") func depth() throws {
    let constraint = try SmallTrie.constraint(.anyJSON)
    var matcher = ConstraintMatcher(constraint)
    let open = Int32(UInt8(ascii: "["))
    var count = 0
    while matcher.accept(open) { count += 1 }
    // Two frames for each array, at most; and no deeper than readers of JSON go.
    #expect(count >= 40 && count <= 100, "\(count)")
    for _ in 0..<3 {
      let mask = matcher.allowed()
      for token in 0..<Int32(SmallTrie.count) {
        var copy = matcher
        let isAccepted = copy.accept(token)
        #expect(isAccepted == mask.contains(token))
      }
      matcher.expectAccepts(Int32(UInt8(ascii: "]")))
    }
    for _ in 0..<count - 3 { matcher.expectAccepts(Int32(UInt8(ascii: "]"))) }
    #expect(matcher.mustEnd && matcher.mayEnd)
  }

  @Test("A recursive schema that must go on ends in time") func endingInTime() throws {
    let schema =
      ##"{"anyOf": [{"type": "object", "properties": {"leaf": {"type": "object", "properties": {"v": {"const": 1}}, "required": ["v"]}}, "required": ["leaf"]}, {"type": "object", "properties": {"node": {"$ref": "#"}}, "required": ["node"]}]}"##
    let constraint = try SmallTrie.constraint(Grammar(jsonSchema: JSONValue(parsing: schema)))
    var matcher = ConstraintMatcher(constraint)
    var depth = 0
    var copy = matcher
    while #"{"node":"#.utf8.allSatisfy({ copy.accept(Int32($0)) }) {
      matcher = copy
      depth += 1
    }
    #expect(depth >= 40 && depth <= 100, "\(depth)")
    let rest = #"{"leaf":{"v":1}}"# + String(repeating: "}", count: depth)
    let isWhole = rest.utf8.allSatisfy { matcher.accept(Int32($0)) }
    #expect(isWhole && matcher.mustEnd)
  }

  @Test("Counted rules inside one another can always be gone on with, down to the bound", arguments: [0, 1])
  func countedDepth(minimum: Int) throws {
    let kids: JSONValue = ["type": "array", "minItems": .integer(minimum), "maxItems": 3, "items": ["$ref": "#"]]
    let schema: JSONValue = [
      "anyOf": [
        ["type": "object", "properties": ["kids": kids], "required": ["kids"], "additionalProperties": false],
        minimum == 0 ? false : ["type": "null"],
      ]
    ]
    let constraint = try SmallTrie.constraint(Grammar(jsonSchema: schema))
    var matcher = ConstraintMatcher(constraint)
    var depth = 0
    var isRising = true
    // Always deeper as long as it is allowed, and then back.
    while !matcher.mustEnd {
      let mask = matcher.allowed()
      let wanted = (isRising ? "{\"[" : "]}").utf8.map(Int32.init).first { mask.contains($0) }
      let token = try #require(wanted ?? (0..<256).first { mask.contains($0) }, "stuck after \(depth) levels")
      matcher.expectAccepts(token)
      if token == Int32(UInt8(ascii: "{")) { depth += 1 }
      if token == Int32(UInt8(ascii: "[")), !matcher.allowed().contains(Int32(UInt8(ascii: "{"))) { isRising = false }
    }
    #expect(!isRising)
    #expect(depth >= 20 && depth <= 100, "\(depth)")
  }

  @Test("What a mask allows can be gone on with, in however many ways a text can be read") func manyWays() throws {
    let patterns = (2..<22).map { #"{"type": "string", "pattern": "^[a-z]{2,\#($0)}$"}"# }.joined(separator: ", ")
    let arrays = (0..<20).map {
      #"{"type": "array", "minItems": 2, "maxItems": \#(50 + $0), "items": {"anyOf": [\#(patterns)]}}"#
    }
    let last =
      #"{"type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "string", "pattern": "^a$"}}"#
    let schema = #"{"anyOf": [\#(arrays.joined(separator: ", ")), \#(last)]}"#
    let constraint = try SmallTrie.constraint(Grammar(jsonSchema: JSONValue(parsing: schema)))
    var matcher = ConstraintMatcher(constraint)
    for byte in "[\"".utf8 {
      let mask = matcher.allowed()
      for token in 0..<Int32(SmallTrie.count) where mask.contains(token) {
        var copy = matcher
        let isAccepted = copy.accept(token)
        #expect(isAccepted, "token \(token)")
      }
      matcher.expectAccepts(Int32(byte))
    }
  }

  @Test("What is kept of masks has a size, and is forgotten beyond it") func cache() {
    var cache = MaskCache<Int, Int>()
    for key in 0..<10 { cache.keep(key, for: key, size: 10, limit: 35) }
    #expect(cache.bytes <= 35)
    #expect(cache[9] == 9)
    #expect(cache[0] == nil)
  }

  @Test("Bytes that a vocabulary does not have are never needed") func missingBytes() throws {
    let missing = Set<UInt8>([0x5C, 0x20, 0x62, 0xF0, 0x3A])
    func trie(without missing: Set<UInt8>) -> TokenTrie {
      let pieces = SmallTrie.pieces.filter { $0.count > 1 || !missing.contains($0[0]) }
      return TokenTrie(count: pieces.count + 1, endOfGeneration: [Int32(pieces.count)]) { token in
        Int(token) < pieces.count ? pieces[Int(token)] : []
      }
    }
    let strings = try Grammar(jsonSchema: ["anyOf": [["type": "string"], ["enum": ["b", "c"]]]])
    let constraint = try Constraint(strings, trie(without: missing))
    _ = try Self.expectExactMasks(constraint, seed: 8, walks: 6, patience: 20)
    #expect(throws: GrammarError.self) { try Constraint(Grammar(jsonSchema: ["const": "b"]), trie(without: missing)) }
    #expect(throws: GrammarError.self) {
      try Constraint(Grammar(jsonSchema: ["type": "object", "required": ["a"]]), trie(without: missing))
    }
    #expect(throws: Never.self) { try Constraint(Grammar(jsonSchema: ["type": "object"]), trie(without: missing)) }
  }

  @Test("A real vocabulary gives exact masks and whole documents") func realVocabulary() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "MosoTokenizersTests/Fixtures/vocabularies.json")
    let vocabularies = try JSONValue(contentsOf: file.path)
    var document = JSONObject()
    document["added_tokens"] = vocabularies["added"]
    document["pre_tokenizer"] = vocabularies["pipelines"]?["gpt-2"]?["pre_tokenizer"]
    document["decoder"] = ["type": "ByteLevel"]
    document["model"] = vocabularies["model"]
    let json = JSONValue.object(document).serializedBytes()
    let tokenizer = try Tokenizer(json: json, configuration: ["eos_token": "<|im_end|>"])
    #expect(tokenizer.vocabularySize > 1_000 && !tokenizer.endOfGeneration.isEmpty)
    let trie = TokenTrie(tokenizer)
    for schema in Self.schemas.prefix(13) {
      let value = try JSONValue(parsing: schema)
      let constraint = try Constraint(Grammar(jsonSchema: value), trie)
      var random = SeededRandom(seed: 11)
      let walk = try RandomWalk(constraint, &random, patience: 30) { matcher, mask in
        for token in stride(from: Int32(0), to: Int32(trie.vocabularySize), by: 7) {
          var copy = matcher
          let isAccepted = copy.accept(token)
          try #require(isAccepted == mask.contains(token))
        }
      }
      let text = tokenizer.decode(walk.tokens)
      #expect(walk.isComplete && text.utf8.elementsEqual(walk.text), "\(text)")
      #expect(try SchemaValidator(value).isValid(JSONValue(parsing: text)), "\(text)")
      // What the tokenizer itself makes of the text is accepted too.
      var matcher = ConstraintMatcher(constraint)
      let isAccepted = tokenizer.encode(text).allSatisfy { matcher.accept($0) }
      #expect(isAccepted && matcher.mayEnd, "\(text)")
    }
  }

  @Test("Many threads share a constraint and get the same masks") func threads() async throws {
    let schema = try JSONValue(parsing: Self.schemas[12])
    let expected = try Self.walk(SmallTrie.constraint(Grammar(jsonSchema: schema)))
    let shared = try SmallTrie.constraint(Grammar(jsonSchema: schema))
    await withTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<8 { group.addTask { Self.walk(shared) } }
      for await result in group { #expect(result == expected) }
    }
  }

  /// All masks of a fixed document, one after another.
  private static func walk(_ constraint: Constraint) -> [UInt64] {
    var matcher = ConstraintMatcher(constraint)
    var words: [UInt64] = []
    for byte in #"{"name":1,"x":34,"yy": 5}"#.utf8 {
      words += matcher.allowed().words
      matcher.accept(Int32(byte))
    }
    return words
  }
}
