import MosoConversation
import MosoPrompting
import Testing

/// Answers of all kinds, put together at random, have the same blocks however they are cut into pieces.
@Suite("Cutting answers") struct AnswerChunkingTests {
  /// What answers are put together from: markers, parts of markers, calls, broken calls, and words.
  private static let fragments = [
    " ", "\n", "a", "Köln", "🎋", "e\u{301}", "{", "}", "[", "]", "\"", "\\", ";", ",", ":", "1", "-", "null", "<", "<t",
    "<think>", "</think>", "[THINK]", "<tool_call>", "</tool_call>", "<tool_", "[TOOL_CALLS]", "[ARGS]", "[CALL_ID]x",
    "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", "<｜tool",
    "function", "```json", "```", "weather", "add", "\n```json\n", "<|python_tag|>", "<|channel|>", "<|message|>",
    "<|start|>assistant", "<|end|>", "<|call|>", "analysis", "final", "commentary to=functions.add",
    "to=functions.weather",
    "{\"name\": \"weather\", \"arguments\": {\"city\": \"Kö\\u00e4\"}}", "{\"name\": \"add\", \"parameters\": {}}",
    "{\"arguments\": {\"a\": [1, {\"b\": null}]}, \"name\": \"add\"}", "{\"name\": \"add\", \"arguments\": \"{}\"}",
    "{\"name\": \"other\"}", "{\"a\": true}", "{\"a\": 1.5e", "\"name\"", "\"arguments\"",
    "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}}</tool_call>", "[TOOL_CALLS]add[ARGS]{\"a\": 1}",
    "[TOOL_CALLS][{\"name\": \"add\"}, {\"name\": \"weather\"}]", "<function=add>", "<parameter=a>", "\n</parameter>",
    "</function>", "<arg_key>a</arg_key>", "<arg_value>", "</arg_value>",
    "<tool_call>\n<function=weather>\n<parameter=city>\nK<\"ö\n</parameter>\n</function>\n</tool_call>",
    "<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>3</arg_value>\n</tool_call>", "⟦<think>⟧", "⟦</think>⟧",
    "⟦<tool_call>⟧",
    "⟦</tool_call>⟧", "⟦[TOOL_CALLS]⟧", "⟦<|other|>⟧", "⟦<|channel|>⟧", "⟦<｜tool▁call▁end｜>⟧",
  ]

  @Test("The blocks are the same however an answer is cut", arguments: ToolCallFormat.allCases)
  func cuts(format: ToolCallFormat) {
    var generator = SeededGenerator(state: UInt64(format.rawValue.utf8.count))
    for number in 0..<80 {
      var kind = ReaderKind(format: format)
      kind.isCertain = number % 2 == 0
      kind.start = [.text, .thinking, .header][number % 3]
      if number % 5 == 0 { kind.tools = [] }
      if number % 7 == 0 { kind.controlTokens = ["<tool_call>", "<think>", "[TOOL_CALLS]"] }
      let answer = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        Self.fragments[Int.random(in: 0..<Self.fragments.count, using: &generator)]
      }.joined()
      let whole = ReaderKind.pieces(answer)
      let expected = kind.blocks(whole)
      for longest in [1, 3, 9] {
        let found = kind.blocks(whole.flatMap { Self.cut($0, longest: longest, using: &generator) })
        #expect(found == expected, "\(format) \(answer.debugDescription)")
      }
    }
  }

  @Test("Without tools and thoughts every answer is one text, and all of it")
  func nothingLost() {
    var generator = SeededGenerator(state: 7)
    let fragments = Self.fragments.filter { !$0.contains("think") && !$0.contains("⟦") }
    for _ in 0..<300 {
      let answer = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        fragments[Int.random(in: 0..<fragments.count, using: &generator)]
      }.joined()
      #expect(ReaderKind(format: .hermes, tools: []).blocks(answer) == [.text(answer)])
    }
  }

  @Test("An answer that begins calls without end takes time in proportion to its length")
  func linear() {
    let fragments = [
      "<tool_call>", "<tool_call>{\"name\": \"", "{\"name\": \"add\", \"arguments\": {\"a\": \"<tool_call>",
      "{\"a\": [",
      "[TOOL_CALLS]add[ARGS]{\"", "[TOOL_CALLS][", "<", " ", "<|channel|>", "{\"a",
      "<tool_call><function=add><parameter=a>", "<tool_call>add<arg_key>city</arg_key><arg_value>x</arg",
    ]
    for format in ToolCallFormat.allCases {
      for fragment in fragments {
        // A reader that went back for each of these would not come to an end.
        let answer = String(repeating: fragment, count: 100)
        let blocks = ReaderKind(format: format).blocks(answer)
        #expect(blocks.count <= 200)
      }
    }
  }

  @Test("JSON that is nested too deeply is no call")
  func depth() {
    func call(_ levels: Int) -> String {
      let lists = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
      return "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": \(lists)}}</tool_call>"
    }
    let kind = ReaderKind(format: .hermes)
    #expect(kind.blocks(call(200)).first != .text(call(200)))
    for levels in [255, 20_000] { #expect(kind.blocks(call(levels)) == [.text(call(levels))]) }
    let open = "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": " + String(repeating: "[", count: 20_000)
    #expect(kind.blocks(open) == [.text(open)])
  }

  @Test("Text with a character that JSON has to escape is no call")
  func controlCharacters() {
    let call = "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": \"1\n2\"}}</tool_call>"
    #expect(ReaderKind(format: .hermes).blocks(call) == [.text(call)])
  }

  private static func cut(
    _ piece: (text: String, isControl: Bool), longest: Int, using generator: inout SeededGenerator
  ) -> [(text: String, isControl: Bool)] {
    guard !piece.isControl else { return [piece] }
    var pieces: [(text: String, isControl: Bool)] = []
    var rest = piece.text.unicodeScalars[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...longest, using: &generator))
      pieces.append((String(part), false))
      rest = rest.dropFirst(part.count)
    }
    return pieces
  }
}
