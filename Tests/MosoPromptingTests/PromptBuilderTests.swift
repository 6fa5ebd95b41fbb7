import MosoConversation
import MosoFormats
import MosoPrompting
import MosoTemplates
import MosoTokenizers
import Testing

@Suite("PromptBuilder") struct PromptBuilderTests {
  static let weather = Tool(
    name: "weather", description: "Tells the weather.",
    inputSchema: ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]])

  /// Question, call, result: what coding agents send all day.
  static func loop(_ rest: [ContentBlock] = [], isError: Bool? = nil, thoughts: ThinkingContent? = nil)
    -> GenerationRequest
  {
    let call = ContentBlock(.toolUse(ToolUse(id: "toolu_a", name: "weather", input: ["city": "Köln"])))
    let result = ContentBlock(
      .toolResult(ToolResult(toolUseID: "toolu_a", content: [.text("Rain.")], isError: isError)))
    var request = GenerationRequest(
      model: "m",
      messages: [
        Message(.user, "How is it?"),
        Message(.assistant, (thoughts.map { [ContentBlock(.thinking($0))] } ?? []) + [.text("I look."), call]),
        Message(.user, rest + [result]),
      ])
    request.system = [.text("Be kind.")]
    request.tools = [weather]
    return request
  }

  @Test("The plain template is ChatML, with the rules, the tools and the question")
  func plain() throws {
    let builder = try PromptBuilder(template: nil)
    var request = GenerationRequest(model: "m", messages: [Message(.user, "Hi")])
    request.system = [.text("Be kind."), .text("Be brief.")]
    #expect(
      try builder.text(request)
        == "<|im_start|>system\nBe kind.\n\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    )
    request.tools = [Self.weather]
    let text = try builder.text(request)
    #expect(text.hasPrefix("<|im_start|>system\nBe kind.\n\nBe brief.\n\n# Tools\n"))
    #expect(
      text.contains(
        "\n{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"Tells the weather.\","))
    #expect(
      text.contains("\n<tool_call>\n{\"name\": \"NAME\", \"arguments\": {\"ARGUMENT\":\"VALUE\"}}\n</tool_call>\n"))
  }

  @Test("Every template takes a whole agent's conversation and loses no word of it", arguments: Templates.names)
  func everyTemplate(name: String) throws {
    let builder = try Templates.builder(name)
    var request = Self.loop([.text("And?")], isError: true)
    request.messages.append(Message(.system, "A reminder."))
    request.messages.append(Message(.user, "Well?"))
    let text = try builder.text(request)
    let drops = builder.traits.textWithCalls == .dropped && builder.traits.showsCalls
    let words =
      ["Be kind.", "How is it?"] + (drops ? [] : ["I look."]) + [
        "Köln", "The tool failed:", "Rain.", "And?", "A reminder.",
      ]
    var rest = text[...]
    for word in words + ["Well?"] {
      let place = try #require(rest.firstRange(of: word), "\(word) is missing in \(text)")
      rest = rest[place.upperBound...]
    }
    #expect(text.contains("weather") && text.contains("Tells the weather."))
    // And the other way round: none of it may form a control token.
    for segment in try builder.prompt(for: request, now: noon).segments where segment.mayContainControlTokens {
      for word in words { #expect(!segment.text.contains(word) || word == "Köln") }
    }
  }

  @Test("Templates show what they know when they are tried")
  func traits() throws {
    let gemma = try Templates.builder("gemma")
    #expect(gemma.traits == .least && gemma.toolCallFormat == .hermes)
    let qwen = try Templates.builder("chatml-tools")
    #expect(qwen.traits.hasSystemRole && qwen.traits.allowsLaterSystem && qwen.traits.showsTools)
    #expect(qwen.traits.showsCalls && qwen.traits.allowsSeveralCalls && qwen.traits.textWithCalls == .together)
    let llama = try Templates.builder("llama31-tools")
    #expect(llama.toolCallFormat == .llama3 && !llama.traits.allowsSeveralCalls && llama.traits.textWithCalls == .apart)
    let deepSeek = try Templates.builder("deepseek-r1")
    #expect(deepSeek.toolCallFormat == .deepSeek3 && deepSeek.traits.wantsArgumentsAsText)
    #expect(!deepSeek.traits.allowsLaterSystem && !deepSeek.traits.showsTools && deepSeek.traits.showsCalls)
    let mistral = try Templates.builder("mistral-v3")
    #expect(mistral.toolCallFormat == .mistral && !mistral.traits.allowsUserAfterResults)
    // It shows the rules only while the last word is the user's.
    #expect(!mistral.traits.hasSystemRole)
    let thinking = try Templates.builder("chatml-thinking")
    #expect(thinking.traits.canSwitchThinking && thinking.traits.thoughts == .field("reasoning_content"))
    #expect(try Templates.builder("channels").traits.thoughts == .field("thinking"))
    #expect(try Templates.builder("channels").toolCallFormat == .harmony)
    #expect(try Templates.builder("sections").traits.canSwitchThinking)
  }

  @Test("Formats are known by their marks in a template's source")
  func detection() {
    let cases: [(String, ToolCallFormat?)] = [
      ("<tool_call> \"arguments\"", .hermes), ("[TOOL_CALLS] [", .mistral), ("[TOOL_CALLS] [ARGS]", .mistralNamed),
      ("<｜tool▁sep｜> ```json", .deepSeek3), ("<｜tool▁sep｜>", .deepSeek31), ("<|python_tag|>", .llama3),
      ("ipython '\"parameters\": '", .llama3), ("<|channel|><|message|>functions.", .harmony), ("ipython", nil),
      ("<tool_call><function=", .qwenCoder), ("<tool_call><arg_key>", .glm), ("", nil), ("[TOOL", nil),
    ]
    for (source, format) in cases { #expect(ToolCallFormat.detect(inTemplate: source) == format, "\(source)") }
  }

  @Test("Calls and results are written as the template writes them")
  func native() throws {
    #expect(
      try Templates.builder("chatml-tools").text(Self.loop([.text("And?")])).hasSuffix(
        """
        <|im_start|>user
        How is it?<|im_end|>
        <|im_start|>assistant
        I look.
        <tool_call>
        {"name": "weather", "arguments": {"city": "Köln"}}
        </tool_call><|im_end|>
        <|im_start|>user
        <tool_response>
        Rain.
        </tool_response><|im_end|>
        <|im_start|>user
        And?<|im_end|>
        <|im_start|>assistant

        """))
    #expect(
      try Templates.builder("mistral-v3").text(Self.loop([.text("And?")])).hasSuffix(
        "[INST] Be kind.\n\nHow is it?[/INST][TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\"}, "
          + "\"id\": \"call00001\"}]</s>[TOOL_RESULTS] {\"content\": Rain.\n\nAnd?, \"call_id\": \"call00001\"}[/TOOL_RESULTS]"
      ))
  }

  @Test("Where a message may hold one call only, several become several turns, each before its result")
  func oneCallAMessage() throws {
    var request = Self.loop()
    request.messages[1].content.append(
      ContentBlock(.toolUse(ToolUse(id: "toolu_b", name: "weather", input: ["city": "Bonn"]))))
    request.messages[2].content.insert(
      ContentBlock(.toolResult(ToolResult(toolUseID: "toolu_b", content: [.text("Sun.")]))), at: 0)
    let text = try Templates.builder("llama31-tools").text(request)
    #expect(
      text.hasSuffix(
        """
        {"name": "weather", "parameters": {"city": "Köln"}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>

        Rain.<|eot_id|><|start_header_id|>assistant<|end_header_id|>

        {"name": "weather", "parameters": {"city": "Bonn"}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>

        Sun.<|eot_id|><|start_header_id|>assistant<|end_header_id|>


        """))
  }

  @Test("Results say that they failed, and that there is nothing")
  func results() throws {
    let builder = try PromptBuilder(template: nil)
    func text(_ content: [ContentBlock]?, _ isError: Bool?) throws -> String {
      var request = Self.loop()
      request.messages[2].content = [
        ContentBlock(.toolResult(ToolResult(toolUseID: "toolu_a", content: content, isError: isError)))
      ]
      let text = try builder.text(request)
      let start = try #require(text.firstRange(of: "user\n<tool_response>\n"))
      return String(text[start.upperBound...].prefix { $0 != "<" })
    }
    #expect(try text([.text("Rain."), .text("Wind.")], nil) == "Rain.\n\nWind.\n")
    #expect(try text([.text("Rain.")], true) == "The tool failed:\nRain.\n")
    #expect(try text(nil, nil) == "(no output)\n")
    #expect(try text([.text(" ")], true) == "The tool failed.\n")
    #expect(
      try text([ContentBlock(.image(source: .null))], false) == "[An image stands here, which you cannot see.]\n")
  }

  @Test("Documents and found passages are text with their titles")
  func documents() throws {
    let document = Document(source: .text("It rains.", mediaType: "text/plain"), title: "Log", context: "Of today")
    let found = SearchResult(source: "a.txt", title: "A", content: [.text("One."), .text("Two.")])
    let request = GenerationRequest(
      model: "m",
      messages: [
        Message(
          .user,
          [
            ContentBlock(.document(document)), ContentBlock(.searchResult(found)),
            ContentBlock(.document(Document(source: .content([.text("x"), .text("y")], isString: false)))),
            ContentBlock(.document(Document(source: .other(["type": "base64"])))), .text("Why?"),
          ])
      ])
    #expect(
      try PromptBuilder(template: nil).text(request) == """
        <|im_start|>user
        <document>
        <title>Log</title>
        <context>Of today</context>
        It rains.
        </document>

        <search_result>
        <source>a.txt</source>
        <title>A</title>
        One.

        Two.
        </search_result>

        <document>
        x

        y
        </document>

        <document>
        [The document is in a form that you cannot read.]
        </document>

        Why?<|im_end|>
        <|im_start|>assistant

        """)
  }

  @Test("Rules that stand first among the messages are rules, and the line that changes with every request is left out")
  func rules() throws {
    var request = GenerationRequest(
      model: "m",
      messages: [
        Message(.developer, "Second."), Message(.system, "x-anthropic-billing-header: cc_version=2; cch=abc"),
        Message(.system, "Third."), Message(.user, "Hi"),
      ])
    request.system = [.text("x-anthropic-billing-header: cc_version=1; cch=12345"), .text("First.")]
    #expect(
      try PromptBuilder(template: nil).text(request).hasPrefix(
        "<|im_start|>system\nFirst.\n\nSecond.\n\nThird.<|im_end|>\n<|im_start|>user\nHi<|im_end|>"))
  }

  @Test("Rules in the middle stand where they were said: as such where the template allows it, else in the user's name")
  func laterRules() throws {
    let request = GenerationRequest(
      model: "m",
      messages: [Message(.user, "Hi"), Message(.assistant, "Yes?"), Message(.user, "Go"), Message(.system, "Now.")])
    #expect(
      try Templates.builder("llama3").text(request).hasSuffix(
        "Go<|eot_id|><|start_header_id|>system<|end_header_id|>\n\nNow.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
      ))
    #expect(
      try Templates.builder("gemma3").text(request).hasSuffix(
        "user\nGo\n\n<system>\nNow.\n</system><end_of_turn>\n<start_of_turn>model\n"))
  }

  @Test("Neighbours of one role are one turn, and an assistant that speaks first has been asked to")
  func neighbours() throws {
    let request = GenerationRequest(
      model: "m",
      messages: [
        Message(.assistant, "One"), Message(.assistant, [.text("Tw"), .text("o")]), Message(.user, "a"),
        Message(.user, "b"),
      ])
    #expect(
      try Templates.builder("gemma").text(request)
        == "<s><start_of_turn>user\n(You speak first.)<end_of_turn>\n<start_of_turn>model\nOne\n\nTwo<end_of_turn>\n"
        + "<start_of_turn>user\na\n\nb<end_of_turn>\n<start_of_turn>model\n")
  }

  @Test(
    "A conversation that the trials did not foresee is said in the plainest way, and what even so fails is an error")
  func fallback() throws {
    let picky = try PromptBuilder(
      template: ChatTemplate(
        source: """
          {% for m in messages %}{% if m.role == 'system' and 'odd' in m.content %}{{ raise_exception('odd') }}{% endif %}\
          [{{ m.role }}]{{ m.content }}{% if 'never' in m.content %}{{ raise_exception('never') }}{% endif %}{% endfor %}
          """))
    #expect(picky.traits.hasSystemRole)
    var request = GenerationRequest(model: "m", messages: [Message(.user, "Hi")])
    request.system = [.text("odd")]
    #expect(try picky.text(request) == "[user]odd\n\nHi")
    request.system = [.text("never")]
    let error = #expect(throws: TemplateError.self) { try picky.text(request) }
    #expect(error?.raisedMessage == "never")
  }

  @Test("Where only the assistant may speak after results, a reminder there is a part of them")
  func strictResults() throws {
    let template = try ChatTemplate(
      source: """
        {%- for m in messages %}{%- if loop.previtem is defined and loop.previtem.role == 'tool' and m.role != 'assistant' %}
        {{- raise_exception('assistant expected') }}{%- endif %}[{{ m.role }}]{{ m.content }}
        {%- for call in m.tool_calls or [] %}<tool_call>{{ call.function|tojson }}</tool_call>{% endfor %}{% endfor %}
        {%- if tools %}{{ tools|tojson }}{% endif %}
        """)
    let builder = try PromptBuilder(template: template)
    #expect(builder.traits.allowsLaterSystem && !builder.traits.allowsUserAfterResults && builder.traits.showsCalls)
    var request = Self.loop()
    request.messages.append(Message(.system, "Now."))
    #expect(try builder.text(request).contains("[tool]Rain.\n\n<system>\nNow.\n</system>"))
  }

  @Test("Templates that want lists of parts get them")
  func parts() throws {
    let builder = try PromptBuilder(
      template: ChatTemplate(
        source:
          "{% for m in messages %}[{{ m.role }}]{% for part in m.content %}{{ part.text }}{% endfor %}{% endfor %}"))
    #expect(builder.traits.wantsContentParts)
    #expect(try builder.text(GenerationRequest(model: "m", messages: [Message(.user, "Hi")])) == "[user]Hi")
  }

  @Test("Tools that may not be used or are yet to be found are not shown")
  func hiddenTools() throws {
    let builder = try Templates.builder("chatml-tools")
    var request = Self.loop()
    var deferred = Tool(name: "later", description: "Hidden")
    deferred.isDeferred = true
    request.tools = [Self.weather, deferred]
    let prompt = try builder.prompt(for: request, now: noon)
    #expect(prompt.tools.map(\.name) == ["weather"] && !prompt.text.contains("later"))
    request.toolChoice = ToolChoice(.none)
    #expect(try builder.prompt(for: request, now: noon).tools.isEmpty)
    #expect(try !builder.text(request).contains("Tells the weather."))
  }

  @Test("The form of the answer is said in the rules")
  func outputFormat() throws {
    let builder = try PromptBuilder(template: nil)
    var request = GenerationRequest(model: "m", messages: [Message(.user, "Hi")])
    request.outputFormat = .jsonSchema(["type": "integer"], name: "n", description: "A count.", isStrict: true)
    #expect(
      try builder.text(request).contains(
        "system\nAnswer with one JSON value that satisfies this JSON Schema, and nothing else. It is for this: A count."
          + "\n{\"type\":\"integer\"}<|im_end|>"))
    request.outputFormat = .jsonObject
    #expect(try builder.text(request).contains("Answer with one JSON object and nothing else."))
    request.outputFormat = .text
    #expect(try !builder.text(request).contains("JSON"))
  }

  @Test("Variables for the template alone reach it, and cannot take the place of tokens and messages")
  func variables() throws {
    let template = try ChatTemplate(
      source:
        "{{ bos_token }}{{ reasoning_effort }} {{ date_string }} {{ extra }} {% for m in messages %}{{ m.content }}{% endfor %}"
    )
    let builder = try PromptBuilder(template: template, tokens: ["bos_token": "<s>"])
    var request = GenerationRequest(model: "m", messages: [Message(.user, "Hi")])
    request.effort = "xhigh"
    request.unknown[""] = ["chat_template_kwargs": ["extra": "<s>", "bos_token": "no", "messages": []]]
    let prompt = try builder.prompt(for: request, now: noon)
    #expect(prompt.text == "<s>high 26 Jul 2024 <s> Hi")
    #expect(prompt.segments.first == TextSegment("<s>", mayContainControlTokens: true))
    #expect(prompt.segments.filter(\.mayContainControlTokens).map(\.text).joined() == "<s>   ")
  }
}
