import MosoConversation
import MosoFormats
import MosoPrompting
import MosoTemplates
import MosoTokenizers
import Testing

@Suite("Families of models") struct FamilyTests {
  private static func builder(_ name: String) throws -> PromptBuilder {
    let sources = [
      "mistral-named": Families.mistralNamed, "deepseek-v31": Families.deepSeek31, "llama-32": Families.llama32,
      "qwen-coder": Families.qwenCoder, "glm": Families.glm,
    ]
    guard let source = sources[name] else { return try Templates.builder(name) }
    return try PromptBuilder(
      template: ChatTemplate(source: source), tokens: ["bos_token": "<s>", "eos_token": "</s>"],
      isUnchanged: { $0.signature == "signed" })
  }

  private static let families: [(name: String, format: ToolCallFormat)] = [
    ("chatml-tools", .hermes), ("hermes-tools", .hermes), ("chatml-thinking", .hermes), ("chatml", .hermes),
    ("gemma3", .hermes), ("llama31-tools", .llama3), ("llama-32", .llama3), ("mistral-v3", .mistral),
    ("mistral-named", .mistralNamed), ("deepseek-r1", .deepSeek3), ("deepseek-v31", .deepSeek31),
    ("qwen-coder", .qwenCoder), ("glm", .glm), ("channels", .harmony),
  ]

  private static let calls = [
    ToolUse(id: "toolu_a", name: "weather", input: ["city": "Köln", "days": 3, "more": ["a", nil, ["b": 1.5]]]),
    ToolUse(id: "toolu_b", name: "weather", input: [:]),
  ]

  private static func request(_ uses: [ToolUse]) -> GenerationRequest {
    var request = GenerationRequest(
      model: "m",
      messages: [
        Message(.user, "How is it?"), Message(.assistant, uses.map { ContentBlock(.toolUse($0)) }),
        Message(
          .user, uses.map { ContentBlock(.toolResult(ToolResult(toolUseID: $0.id, content: [.text("Rain.")]))) }),
      ])
    request.tools = [PromptBuilderTests.weather]
    return request
  }

  @Test("A call that the prompt shows is read as the same call where the model writes it", arguments: families)
  func roundTrip(name: String, format: ToolCallFormat) throws {
    let builder = try Self.builder(name)
    #expect(builder.toolCallFormat == format)
    let uses = builder.traits.showsCalls && !builder.traits.allowsSeveralCalls ? [Self.calls[0]] : Self.calls
    var before = Self.request(uses)
    before.messages.removeLast(2)
    let after = try builder.prompt(for: Self.request(uses), now: noon)
    // What stands between the two prompts' common beginning and the result is what the model would have written; the
    // beginning may reach into a marker, where the template puts empty thoughts first.
    let start = try builder.prompt(for: before, now: noon)
    let common = zip(after.text.unicodeScalars, start.text.unicodeScalars).prefix { $0 == $1 }.map(\.0)
    let written = common.suffix(2).lastIndex(of: "<") ?? common.count
    let rest = String(String.UnicodeScalarView(after.text.unicodeScalars.dropFirst(written)))
    let end = try #require(rest.firstRange(of: "Rain."))
    let answer = String(rest[..<end.lowerBound])
    let kind = ReaderKind(format: format, tools: ["weather"], start: format == .harmony ? .header : .text)
    let found = kind.blocks(answer).filter { if case .call = $0 { true } else { false } }
    #expect(found.count == uses.count)
    for (block, use) in zip(found, uses) {
      guard case .call(let tool, let arguments) = block else { continue }
      #expect(tool == use.name)
      #expect(try JSONValue(parsing: arguments) == use.input)
    }
  }

  @Test("The prompt of a longer conversation begins with that of the shorter one", arguments: families)
  func prefixes(name: String, format: ToolCallFormat) throws {
    let builder = try Self.builder(name)
    var request = PromptBuilderTests.loop()
    // Templates that write tools or rules in front of the last question begin anew with each question.
    let moves = name == "mistral-v3"
    var earlier: (text: String, offset: Int)?
    for step in 0..<4 {
      switch step {
      case 1: request.messages.append(Message(.assistant, "It rains."))
      case 2: request.messages.append(Message(.user, "And tomorrow?"))
      case 3: request.messages.append(Message(.system, "Be quick."))
      default: break
      }
      var marked = request
      if step != 1 {
        marked.messages[marked.messages.count - 1].content[0].cacheControl = CacheControl()
        let prompt = try builder.prompt(for: marked, now: noon)
        let breakpoint = try #require(prompt.breakpoints.first)
        #expect(prompt.breakpoints.count == 1)
        if let earlier, !moves {
          let kept = zip(earlier.text.utf8, prompt.text.utf8).prefix { $0 == $1 }.count
          #expect(kept >= earlier.offset, "\(earlier.text)\n---\n\(prompt.text)")
        }
        earlier = (prompt.text, breakpoint.offset)
      }
    }
  }

  @Test("A family's own switch opens and closes its thoughts")
  func thinkingVariable() throws {
    let builder = try Self.builder("deepseek-v31")
    #expect(builder.traits.canSwitchThinking && builder.traits.wantsArgumentsAsText)
    var request = GenerationRequest(model: "m", messages: [Message(.user, "Hi")])
    #expect(try builder.prompt(for: request, now: noon).answerStart == .text)
    request.thinking = ThinkingRequest(.enabled(budget: 1_024))
    #expect(try builder.prompt(for: request, now: noon).answerStart == .thinking)
  }
}
