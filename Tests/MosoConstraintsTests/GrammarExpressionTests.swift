import MosoFormats
import Testing

@testable import MosoConstraints

@Suite("Expressions") struct GrammarExpressionTests {
  /// Free text in which every tool call is whole.
  static func toolCalls() throws -> Grammar {
    let arguments = try JSONValue(
      parsing: #"{"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}"#)
    let call: GrammarExpression = .sequence([
      .text(until: [.text("<tool_call>")]), .literal("\n{\"name\": \"a\", \"arguments\": "), .schema(arguments),
      .literal("}\n</tool_call>"),
    ])
    return try Grammar(.sequence([.repeated(call, minimum: 0), .closingText(without: [.text("<tool_call>")])]))
  }

  private func accepts(_ text: String, _ expression: GrammarExpression) throws -> Bool {
    try SmallTrie.accepts(text, SmallTrie.constraint(Grammar(expression)))
  }

  @Test("Literals, sequences, choices and repetitions") func combinations() throws {
    #expect(try accepts("ab", .literal("ab")))
    #expect(try !accepts("a", .literal("ab")))
    #expect(try accepts("", .literal("")))
    let choice: GrammarExpression = .sequence([.choice([.literal("a"), .literal("ab")]), .literal("c")])
    #expect(try accepts("ac", choice) && accepts("abc", choice))
    #expect(try !accepts("a", choice) && !accepts("bc", choice))
    let list: GrammarExpression = .repeated(choice, separatedBy: .literal(","), minimum: 2, maximum: 3)
    #expect(try accepts("ac,abc", list) && accepts("ac,ac,ac", list))
    #expect(try !accepts("ac", list) && !accepts("ac,ac,ac,ac", list) && !accepts("acac", list))
    #expect(try accepts("", .repeated(choice, minimum: 0)) && accepts("acac", .repeated(choice, minimum: 1)))
    #expect(
      try accepts("", .repeated(choice, minimum: 0, maximum: 2))
        && !accepts("acacac", .repeated(choice, minimum: 0, maximum: 2)))
    #expect(
      try accepts("", .repeated(choice, minimum: 0, maximum: 0))
        && !accepts("ac", .repeated(choice, minimum: 0, maximum: 0)))
    let empty: GrammarExpression = .repeated(.literal(""), minimum: 0)
    #expect(try accepts("", .repeated(empty, minimum: 1)))
  }

  @Test("Values of schemas stand between other texts") func schemas() throws {
    let expression: GrammarExpression = .sequence([.literal("x="), .schema(["type": "integer"]), .literal(";")])
    #expect(try accepts("x=12;", expression) && !accepts("x=;", expression) && !accepts("x=12", expression))
    do {
      _ = try Grammar(.sequence([.literal("x"), .schema(["not": true], path: "the parameters of 'f'")]))
      Issue.record("not refused")
    } catch {
      #expect(error.path == "the parameters of 'f'.not")
    }
  }

  @Test("A tool call in free text is whole, and text ends only outside of one") func toolCalls() throws {
    let constraint = try SmallTrie.constraint(Self.toolCalls())
    let call = "<tool_call>\n{\"name\": \"a\", \"arguments\": {\"x\":1}}\n</tool_call>"
    for text in ["", "hello <tool <tool_cal", call, "a\(call)b\(call)", "<<tool_call" + "\(call)", "\u{0}\u{FFFD}é"] {
      #expect(SmallTrie.accepts(text, constraint), "\(text)")
    }
    for text in ["<tool_call>", "<tool_call>x", call.replacingX("\"y\""), String(call.dropLast()), "<<tool_call>"] {
      #expect(!SmallTrie.accepts(text, constraint), "\(text)")
    }
    // Bytes that are no UTF-8 are free text too.
    var matcher = ConstraintMatcher(constraint)
    matcher.expectAccepts(0xFF)
    matcher.expectAccepts(0xC3)
    #expect(matcher.mayEnd)
  }

  @Test("Far from a trigger everything is allowed") func everything() throws {
    var matcher = ConstraintMatcher(try SmallTrie.constraint(Self.toolCalls()))
    #expect(matcher.allowed().isEverything)
    matcher.expectAccepts(Int32(UInt8(ascii: "<")))
    #expect(matcher.allowed().isEverything)
    for byte in "tool_call>".utf8 { matcher.expectAccepts(Int32(byte)) }
    #expect(!matcher.allowed().isEverything && !matcher.mayEnd)
    // A line break, which the vocabulary has twice, and one with the brace and the quote after it.
    #expect(matcher.allowed().count == 3)
  }

  @Test("A trigger is found however it is cut into tokens") func cutTriggers() throws {
    let constraint = try SmallTrie.constraint(Self.toolCalls())
    let whole = try #require(SmallTrie.pieces.firstIndex { $0 == Array("<tool_call>".utf8) })
    let parts = ["<tool", "_call>"].compactMap { text in SmallTrie.pieces.firstIndex { $0 == Array(text.utf8) } }
    for tokens in [[whole], parts] {
      var matcher = ConstraintMatcher(constraint)
      for token in tokens { matcher.expectAccepts(Int32(token)) }
      #expect(!matcher.mayEnd)
      matcher.expectRefuses(Int32(UInt8(ascii: "x")))
      matcher.expectAccepts(Int32(UInt8(ascii: "\n")))
    }
  }

  @Test("Overlapping triggers: the first that is complete counts") func overlappingTriggers() throws {
    let expression: GrammarExpression = .sequence([
      .text(until: [.text("abab"), .text("bb"), .text("ba!")]), .literal("."),
    ])
    for text in ["abab.", "xbb.", "ababab".prefix(4) + ".", "aba!.", "aabab."] {
      #expect(try accepts(String(text), expression))
    }
    // One trigger ends in the middle of another.
    let inner: GrammarExpression = .sequence([.text(until: [.text("xabc"), .text("ab")]), .literal(".")])
    #expect(try accepts("xab.", inner) && !accepts("xabc.", inner))
    for text in ["ababab.", "bbb.", "abax.", "."] { #expect(try !accepts(text, expression)) }
  }

  @Test("Tokens without text are part of free text and can be triggers") func specialTokens() throws {
    let (one, two) = (SmallTrie.firstControl, SmallTrie.firstControl + 1)
    let expression: GrammarExpression = .sequence([
      .text(until: [.token(one)]), .schema(["type": "null"]), .token(two), .closingText(without: [.token(one)]),
    ])
    var matcher = ConstraintMatcher(try SmallTrie.constraint(Grammar(expression)))
    #expect(matcher.allowed().contains(one) && matcher.allowed().contains(two) && !matcher.mayEnd)
    matcher.expectAccepts(two)
    matcher.expectAccepts(97)
    matcher.expectAccepts(one)
    #expect(!matcher.allowed().contains(one) && !matcher.allowed().contains(two))
    matcher.expectRefuses(one)
    matcher.expectRefuses(SmallTrie.end)
    for byte in "null".utf8 { matcher.expectAccepts(Int32(byte)) }
    #expect(matcher.allowed().count == 1 && matcher.allowed().contains(two))
    matcher.expectAccepts(two)
    #expect(matcher.mayEnd)
    #expect(!matcher.mustEnd)
    #expect(
      matcher.allowed().contains(two) && !matcher.allowed().contains(one) && matcher.allowed().contains(SmallTrie.end))
    matcher.expectAccepts(SmallTrie.end)
    #expect(matcher.isEnded)
    #expect(matcher.mayEnd)
    #expect(matcher.mustEnd)
    matcher.expectRefuses(97)
    #expect(matcher.allowed().count == 0)
  }

  @Test("A token that is refused changes nothing") func refusedToken() throws {
    var matcher = ConstraintMatcher(try SmallTrie.constraint(Grammar(.literal("abc"))))
    matcher.expectAccepts(97)
    let mask = matcher.allowed().words
    for token: Int32 in [97, -1, .max, Int32(SmallTrie.count), SmallTrie.end, SmallTrie.firstControl] {
      matcher.expectRefuses(token)
    }
    #expect(matcher.allowed().words == mask)
    matcher.expectAccepts(98)
    matcher.expectAccepts(99)
    #expect(matcher.mustEnd)
    #expect(matcher.allowed().count == 1 && matcher.allowed().contains(SmallTrie.end))
  }

  @Test("Expressions that cannot be enforced are refused") func refusals() throws {
    let endless: [GrammarExpression] = [
      .choice([]), .text(until: []), .text(until: [.text("")]), .repeated(.literal("a"), minimum: -1),
      .repeated(.literal("a"), minimum: 3, maximum: 2), .repeated(.literal(""), minimum: 0, maximum: 5),
      .sequence([.literal("a"), .choice([])]), (0..<200).reduce(.literal("a")) { inner, _ in .sequence([inner]) },
    ]
    for (index, expression) in endless.enumerated() {
      #expect(throws: GrammarError.self, "\(index)") { try Grammar(expression) }
    }
    #expect(throws: GrammarError.self) { try SmallTrie.constraint(Grammar(.token(-1))) }
    #expect(throws: GrammarError.self) { try SmallTrie.constraint(Grammar(.token(5_000_000))) }
  }
}

extension String {
  fileprivate func replacingX(_ other: String) -> String {
    split(separator: "\"x\"", omittingEmptySubsequences: false).joined(separator: other)
  }
}
