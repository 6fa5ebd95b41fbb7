import MosoConversation
import MosoFormats
import MosoPrompting
import Testing

@Suite("AnswerReader") struct AnswerReaderTests {
  @Test("Plain text stays what it is, white space at both ends included")
  func plain() {
    let kind = ReaderKind(format: .hermes)
    #expect(kind.blocks(" Hello\n world. \n") == [.text(" Hello\n world. \n")])
    #expect(kind.blocks("") == [])
    #expect(kind.blocks(" ") == [.text(" ")])
    #expect(kind.blocks("a < b <too <tool_ <tool_call") == [.text("a < b <too <tool_ <tool_call")])
    #expect(kind.blocks("e\u{301} 🎋 <｜tool") == [.text("e\u{301} 🎋 <｜tool")])
  }

  @Test("Thoughts are a block of their own, without the white space around them")
  func thoughts() {
    var kind = ReaderKind(format: .hermes)
    kind.signs = true
    let expected: [Block] = [.thinking("So be it.", signature: "proof of So be it."), .text("Yes.")]
    #expect(kind.blocks("<think>\nSo be it.\n</think>\n\nYes.") == expected)
    #expect(kind.blocks("\n⟦<think>⟧So be it.⟦</think>⟧Yes.") == expected)
    #expect(kind.blocks("<think>\n\n</think>\n\nYes.") == [.text("Yes.")])
    #expect(kind.blocks("<think>Cut") == [.thinking("Cut", signature: "proof of Cut")])
    #expect(kind.blocks("I say <think> aloud</think>") == [.text("I say <think> aloud</think>")])
    #expect(kind.blocks("<think>a</think>b<think>c") == [.thinking("a", signature: "proof of a"), .text("b<think>c")])
    #expect(
      kind.blocks("⟦<think>⟧a⟦</think>⟧b⟦<think>⟧c⟦</think>⟧")
        == [.thinking("a", signature: "proof of a"), .text("b"), .thinking("c", signature: "proof of c")])
    kind.start = .thinking
    #expect(kind.blocks("So be it.\n</think>\nYes.") == expected)
    #expect(kind.blocks("<think>\nSo be it.\n</think>\nYes.") == expected)
    #expect(kind.blocks("\n</think>\nYes.") == [.text("Yes.")])
  }

  @Test("Thoughts may stand between other markers")
  func otherThoughts() {
    var kind = ReaderKind(format: .mistralNamed)
    kind.thinking = .mistral
    #expect(kind.blocks("[THINK]Hm.[/THINK]Yes.") == [.thinking("Hm."), .text("Yes.")])
  }

  @Test(
    "Calls of every format are read, with the text before them",
    arguments: [
      (
        ToolCallFormat.hermes,
        "I look.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\"}}\n</tool_call>"
      ),
      (
        .hermes,
        "I look.⟦<tool_call>⟧{\"arguments\": {\"city\": \"Köln\"}, \"id\": [1, {}, -2.5e+3], \"name\": \"weather\"}⟦</tool_call>⟧"
      ),
      (
        .hermes,
        "I look. <tool_call>{\"name\": \"weather\", \"arguments\": \"{\\\"city\\\": \\\"Köln\\\"}\"}</tool_call>"
      ),
      (.hermes, "I look. <tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\"}}"),
      (.llama3, "I look.\n⟦<|python_tag|>⟧{\"name\": \"weather\", \"parameters\": {\"city\": \"Köln\"}}⟦<|eom_id|>⟧"),
      (
        .mistral,
        "I look.⟦[TOOL_CALLS]⟧ [{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\"}, \"id\": \"call00001\"}]"
      ),
      (.mistral, "I look.[TOOL_CALLS][{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\"}}"),
      (.mistralNamed, "I look.⟦[TOOL_CALLS]⟧weather⟦[ARGS]⟧{\"city\": \"Köln\"}"),
      (.mistralNamed, "I look.[TOOL_CALLS]weather[CALL_ID]call00001[ARGS]{\"city\": \"Köln\"}"),
      (
        .deepSeek3,
        "I look.\n\n⟦<｜tool▁calls▁begin｜>⟧⟦<｜tool▁call▁begin｜>⟧function⟦<｜tool▁sep｜>⟧weather\n```json\n{\"city\": \"Köln\"}\n```⟦<｜tool▁call▁end｜>⟧⟦<｜tool▁calls▁end｜>⟧"
      ),
      (
        .deepSeek31,
        "I look.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{\"city\": \"Köln\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
      ),
      (
        .qwenCoder,
        "I look.\n<tool_call>\n<function=weather>\n<parameter=city>\nKöln\n</parameter>\n</function>\n</tool_call>"
      ),
      (.qwenCoder, "I look. ⟦<tool_call>⟧<function=weather><parameter=city>Köln</parameter></function>⟦</tool_call>⟧"),
      (.glm, "I look.\n<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Köln</arg_value>\n</tool_call>"),
      (
        .harmony,
        "<|channel|>final<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.weather <|constrain|>json<|message|>{\"city\": \"Köln\"}<|call|>"
      ),
    ])
  func formats(format: ToolCallFormat, answer: String) {
    for isCertain in [false, true] {
      let kind = ReaderKind(format: format, isCertain: isCertain)
      #expect(kind.blocks(answer) == [.text("I look."), .call("weather", "{\"city\": \"Köln\"}")])
    }
  }

  @Test(
    "Several calls in a row are blocks in a row",
    arguments: [
      (
        ToolCallFormat.hermes,
        "<tool_call>\n{\"name\": \"weather\", \"arguments\": {}}\n</tool_call>\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\":1 }}\n</tool_call>\n"
      ),
      (.llama3, "{\"name\": \"weather\", \"parameters\": {}}; {\"name\": \"add\", \"parameters\": {\"a\":1 }}"),
      (.json, "{\"name\": \"weather\"}\n{\"name\": \"add\", \"arguments\": {\"a\":1 }}"),
      (
        .mistral,
        "[TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {}}, {\"name\": \"add\", \"arguments\": {\"a\":1 }}]"
      ),
      (.mistralNamed, "[TOOL_CALLS]weather[ARGS]{}[TOOL_CALLS]add[ARGS]{\"a\":1 }"),
      (
        .deepSeek3,
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n{}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{\"a\":1 }\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
      ),
      (
        .deepSeek31,
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\":1 }<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
      ),
      (
        .qwenCoder,
        "<tool_call>\n<function=weather>\n</function>\n</tool_call>\n<tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call>"
      ),
      (
        .glm,
        "<tool_call>weather\n</tool_call>\n<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>"
      ),
      (
        .harmony,
        "<|channel|>commentary to=functions.weather<|message|>{}<|call|><|start|>assistant to=functions.add<|channel|>commentary<|message|>{\"a\":1 }"
      ),
    ])
  func several(format: ToolCallFormat, answer: String) {
    for isCertain in [false, true] {
      let kind = ReaderKind(format: format, isCertain: isCertain)
      let isMade = format == .qwenCoder || format == .glm
      #expect(kind.blocks(answer) == [.call("weather", "{}"), .call("add", isMade ? "{\"a\": 1}" : "{\"a\":1 }")])
    }
  }

  @Test(
    "What begins like a call and is none stays text, and nothing of it is lost",
    arguments: [
      (ToolCallFormat.hermes, "a <tool_call>b"),
      (.hermes, "a\n<tool_call>\n{\"name\": \"weather\", \"arguments\": [1]}\n</tool_call>\n"),
      (.hermes, "<tool_call>{\"name\": \"weather\", \"arguments\": {\"a\": 01}}</tool_call>"),
      (.hermes, "<tool_call>{\"name\": 3}</tool_call>"),
      (.hermes, "<tool_call>{\"name\": \"weather\", \"arguments\": {\"a\""),
      (.hermes, "<tool_call>"),
      (.hermes, "<tool_call><tool_call><tool_call>"),
      (.llama3, "{\"name\": \"Bob\", \"parameters\": {}}"),
      (.llama3, "{ x: 3 }"),
      (.llama3, "It is {\"name\": \"weather\", \"parameters\": {}}"),
      (.mistral, "[TOOL_CALLS] weather"),
      (.mistralNamed, "[TOOL_CALLS]weather{}"),
      (.mistralNamed, "[TOOL_CALLS][ARGS]{}"),
      (.deepSeek31, "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{]"),
      (.qwenCoder, "<tool_call>\n<function=add>\n<parameter=a>\n1\n</function>\n</tool_call>"),
      (.qwenCoder, "<tool_call>\n<function=add>\n<parameter=>\n1\n</parameter>"),
      (.qwenCoder, "<tool_call>{\"name\": \"add\"}</tool_call>"),
      (
        .glm,
        "<tool_call>add\n<arg_key>a</arg_key><arg_value>1</arg_value><arg_key>a</arg_key><arg_value>2</arg_value></tool_call>"
      ),
      (.harmony, "Hello <|chan"),
      (.harmony, "<|channel|>commentary to=functions.other<|message|>{}"),
    ])
  func malformed(format: ToolCallFormat, answer: String) {
    #expect(ReaderKind(format: format).blocks(answer) == [.text(answer)])
  }

  @Test("Arguments that are elements become the JSON that the schema speaks of")
  func elements() throws {
    func arguments(_ elements: [(String, String)], isCertain: Bool = false) throws -> JSONValue {
      let text = elements.map { "<parameter=\($0)>\n\($1)\n</parameter>\n" }.joined()
      let answer = "<tool_call>\n<function=weather>\n\(text)</function>\n</tool_call>"
      let blocks = ReaderKind(format: .qwenCoder, isCertain: isCertain).blocks(answer)
      guard blocks.count == 1, case .call("weather", let json) = blocks[0] else { return .string("\(blocks)") }
      return try JSONValue(parsing: json)
    }
    for isCertain in [false, true] {
      // A text is a text, whatever it looks like.
      #expect(
        try arguments([("city", "12"), ("unit", "c"), ("a", "12"), ("list", " [1, \"x\"] ")], isCertain: isCertain)
          == ["city": "12", "unit": "c", "a": 12, "list": [1, "x"]])
      let text = "  \"a\"\\ <b>\n\n\tü</param </parameter\u{7}"
      #expect(try arguments([("city", text)], isCertain: isCertain) == ["city": .string(text)])
      // Texts of which the schema says more come as JSON, if the model minds the grammar, and else as they are.
      #expect(try arguments([("code", "\"a b\""), ("a", "many")]) == ["code": "a b", "a": "many"])
      #expect(try arguments([("code", "12")]) == ["code": "12"])
      // What no schema speaks of is JSON if it can be.
      #expect(try arguments([("other", "12"), ("and", "so")]) == ["other": 12, "and": "so"])
    }
  }

  @Test("A whole call counts even where what comes after it is wrong")
  func wrongEnd() {
    let kind = ReaderKind(format: .hermes)
    let call = "<tool_call>{\"name\": \"weather\", \"arguments\": {}}"
    #expect(kind.blocks(call + " and </tool_call>") == [.call("weather", "{}"), .text("and </tool_call>")])
    #expect(kind.blocks(call + "</tool_") == [.call("weather", "{}")])
    let list = ReaderKind(format: .mistral)
    #expect(
      list.blocks("[TOOL_CALLS][{\"name\": \"weather\"}, {\"name\": 1}]")
        == [.call("weather", "{}"), .text(", {\"name\": 1}]")])
    #expect(list.blocks("[TOOL_CALLS][{\"name\": \"weather\"}, {") == [.call("weather", "{}"), .text(", {")])
  }

  @Test("After a broken call the next one is read")
  func recovers() {
    let kind = ReaderKind(format: .hermes)
    let call = "<tool_call>{\"name\": \"weather\", \"arguments\": {}}</tool_call>"
    #expect(kind.blocks("<tool_call>{no}\n" + call) == [.text("<tool_call>{no}"), .call("weather", "{}")])
    #expect(kind.blocks("<tool_call>" + call) == [.text("<tool_call>"), .call("weather", "{}")])
    #expect(kind.blocks("<too" + call) == [.text("<too"), .call("weather", "{}")])
  }

  @Test("Where no tool was named, nothing is a call")
  func noTools() {
    let call = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {}}\n</tool_call>"
    #expect(ReaderKind(format: .hermes, tools: []).blocks(call) == [.text(call)])
    #expect(ReaderKind(format: .json, tools: []).blocks("{\"name\": 1}") == [.text("{\"name\": 1}")])
    #expect(
      ReaderKind(format: .harmony, tools: [], start: .header).blocks("<|channel|>final<|message|>Hi") == [.text("Hi")])
  }

  @Test("Channels tell thoughts from words")
  func channels() {
    var kind = ReaderKind(format: .harmony, start: .header)
    kind.signs = true
    let thought = Block.thinking("Hm.", signature: "proof of Hm.")
    #expect(
      kind.blocks(
        "⟦<|channel|>⟧analysis⟦<|message|>⟧Hm.⟦<|end|>⟧⟦<|start|>⟧assistant⟦<|channel|>⟧final⟦<|message|>⟧Yes.")
        == [thought, .text("Yes.")])
    #expect(
      kind.blocks(
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant to=functions.add<|channel|>commentary<|message|>{}")
        == [thought, .call("add", "{}")])
    #expect(
      kind.blocks("<|channel|>commentary<|message|>First this.<|end|><|start|>assistant<|channel|>final<|message|>Yes.")
        == [.text("First this."), .text("Yes.")])
    #expect(kind.blocks("Just text.") == [.text("Just text.")])
    let long = "<|channel|>" + String(repeating: "x", count: 2_000)
    #expect(kind.blocks(long) == [.text(long)])
  }

  @Test("Markers that are control tokens are letters where they come as text")
  func controlOnly() {
    let kind = ReaderKind(format: .hermes, controlTokens: ["<tool_call>", "<think>"])
    let call = "<tool_call>{\"name\": \"weather\", \"arguments\": {}}</tool_call>"
    #expect(kind.blocks(call) == [.text(call)])
    #expect(kind.blocks("<think>a") == [.text("<think>a")])
    #expect(kind.blocks("⟦<tool_call>⟧{\"name\": \"weather\"}") == [.call("weather", "{}")])
    // In the midst of a text a control token is no quotation.
    #expect(kind.blocks("a ⟦<think>⟧b⟦</think>⟧ c") == [.text("a"), .thinking("b"), .text("c")])
    #expect(kind.blocks("a⟦<|other|>⟧b") == [.text("ab")])
  }

  @Test("A control token that does not belong to a call leaves it text")
  func strayControl() {
    let kind = ReaderKind(format: .hermes)
    #expect(kind.blocks("<tool_call>{⟦<|other|>⟧b") == [.text("<tool_call>{b")])
    // It begins like the end of a call, and is none of it.
    #expect(kind.blocks("<tool_call>{\"name\": \"add\"}⟦</other>⟧b") == [.call("add", "{}"), .text("b")])
    #expect(
      kind.blocks("<tool_call>⟦<tool_call>⟧{\"name\": \"add\"}⟦</tool_call>⟧")
        == [.text("<tool_call>"), .call("add", "{}")])
  }

  @Test("Arguments come as they are generated where calls are certain, and only whole where they are not")
  func streaming() {
    let call = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Kö"
    var certain = ReaderKind(format: .hermes, isCertain: true).reader()
    var collector = BlockCollector()
    collector.take(certain.read(call))
    #expect(collector.blocks == [.call("weather", "{\"city\": \"Kö")])
    collector.take(certain.finish())
    collector.end()
    var uncertain = ReaderKind(format: .hermes).reader()
    #expect(uncertain.read(call).isEmpty)
    #expect(uncertain.read("ln\"}").isEmpty)
    #expect(uncertain.read("}").count == 3)
    #expect(uncertain.toolUseCount == 1)
  }

  @Test("Only what may be a marker is held back")
  func holding() {
    var reader = ReaderKind(format: .hermes).reader()
    func text(_ events: [GenerationEvent]) -> String {
      events.reduce(into: "") { if case .blockGrew(_, .text(let more, _)) = $1 { $0 += more } }
    }
    #expect(text(reader.read("Hello")) == "Hello")
    #expect(text(reader.read(" ")) == "")
    #expect(text(reader.read("wor")) == " wor")
    #expect(text(reader.read("ld<tool")) == "ld")
    #expect(text(reader.read("_bar")) == "<tool_bar")
  }

  @Test("Uses of tools have names that nobody can guess")
  func identifiers() {
    var options = AnswerReader.Options()
    options.callsAreCertain = true
    var collector = BlockCollector()
    var reader = AnswerReader(format: .json, tools: [Tool(name: "add")], options: options)
    for _ in 0..<50 { collector.take(reader.read("{\"name\": \"add\", \"arguments\": {}}")) }
    collector.take(reader.finish())
    #expect(Set(collector.identifiers).count == 50)
    for id in collector.identifiers {
      #expect(id.hasPrefix("toolu_") && id.utf8.count == 30)
      #expect(id.dropFirst(6).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }
  }

  @Test("Log-probabilities come with the text of their tokens and not with that of others")
  func logProbabilities() {
    func value(_ token: Int32) -> TokenLogProbability {
      TokenLogProbability(chosen: .init(token: token, bytes: [], logProbability: -1), best: [])
    }
    var reader = ReaderKind(format: .hermes).reader()
    var collector = BlockCollector()
    let pieces = ["<think>", "Hm", "</think>", "\n\n", "Yes", " <", " no", "\n", "<tool_call>", "{\"name\": \"add\"}"]
    for (token, piece) in pieces.enumerated() {
      collector.take(reader.read(piece, logProbabilities: [value(Int32(token))]))
    }
    collector.take(reader.finish())
    #expect(collector.blocks == [.thinking("Hm"), .text("Yes < no"), .call("add", "{}")])
    #expect(collector.logProbabilities == [4, 5, 6].map { value($0) })

    // White space and what may be a marker wait for the text that they turn out to be.
    var waiting = ReaderKind(format: .hermes).reader()
    var text = BlockCollector()
    for (token, piece) in [" ", "<", "b"].enumerated() {
      text.take(waiting.read(piece, logProbabilities: [value(Int32(token))]))
    }
    #expect(text.blocks == [.text(" <b")] && text.logProbabilities == [0, 1, 2].map { value($0) })
  }
}
