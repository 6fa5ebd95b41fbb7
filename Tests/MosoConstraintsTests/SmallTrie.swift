import MosoFormats
import Testing

@testable import MosoConstraints

/// A vocabulary made for tests: every byte, pieces that cross the borders of JSON's grammar, and control tokens.
enum SmallTrie {
  static let pieces: [[UInt8]] = {
    var pieces = (UInt8.min...UInt8.max).map { [$0] }
    let texts = [
      "{\"", "\":", "\": ", "\",", "\", \"", "\"}", "\"},", "\"}]", "\": {\"", "\": [\"", "\": [", "[{\"", "}, {\"",
      "}]}",
      "\"]", "[]", "{}", "[[", "]]", "}}", "{{", ",\"", ", \"", ", ", ": ", "null", "true", "false", "nul", "tr", "fa",
      "l,", "e}", "e,", "00", "12", "123", "-1", "0.", ".5", "1.5", "e+", "E-", "1e5", "10,", "9}", "7]", "0,1", "20",
      "2024", "-0", "-12", "T1", ":00", ":30", "Z\"", "a", "an", "and", "name", "age", "value", " the", "hello", "type",
      "item", "items", "id", "x-", "x-a", "é", "日本", "😀", "\\n", "\\\"", "\\u", "\\u00", "\\ud8", "\\udc", "\\u12",
      "aaaa", "aaaaaaaa", "    ", "\n", "abc", "ab", "bc", "@", ".com", "://", "http", "::", "192", ".0.", "<tool",
      "_call>", "<tool_call>", "</tool_call>", "\n{\"", "}\n</", "left\"", "right", "kind", "\"a\"", "\"b\"", "\"a\": ",
      "green", "ing", "red", "\"red\"",
    ]
    pieces += texts.map { Array($0.utf8) }
    // Parts of characters, and a character with a part of the next.
    pieces += [[0xC3], [0xA9, 0x22], [0xE6, 0x97], [0xA5, 0xE6], [0xF0, 0x9F], [0x98, 0x80], [0x61, 0xC3]]
    return pieces
  }()

  /// The first control token; others follow.
  static let firstControl = Int32(pieces.count)
  static let end = firstControl + 3
  static let count = pieces.count + 4

  static let trie = TokenTrie(count: count, endOfGeneration: [end]) { token in
    token < firstControl ? pieces[Int(token)] : []
  }

  static func constraint(_ grammar: Grammar) throws -> Constraint { try Constraint(grammar, trie) }

  /// Whether a text can be written byte for byte, and may end then.
  static func accepts(_ text: String, _ constraint: Constraint) -> Bool {
    var matcher = ConstraintMatcher(constraint)
    return text.utf8.allSatisfy { matcher.accept(Int32($0)) } && matcher.mayEnd
  }

  static func accepts(_ text: String, _ schema: String) throws -> Bool {
    try accepts(text, constraint(Grammar(jsonSchema: JSONValue(parsing: schema))))
  }
}

extension ConstraintMatcher {
  /// Goes on by a token that has to be allowed.
  mutating func expectAccepts(_ token: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
    let isAccepted = accept(token)
    #expect(isAccepted, "token \(token)", sourceLocation: sourceLocation)
  }

  /// Tries a token that must not be allowed.
  mutating func expectRefuses(_ token: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
    let isAccepted = accept(token)
    #expect(!isAccepted, "token \(token)", sourceLocation: sourceLocation)
  }
}
