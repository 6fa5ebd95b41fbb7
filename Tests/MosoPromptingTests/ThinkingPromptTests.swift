import MosoConversation
import MosoFormats
import MosoPrompting
import MosoTemplates
import MosoTokenizers
import Testing

@Suite("Thoughts and beginnings in prompts") struct ThinkingPromptTests {
  private func request(_ mode: ThinkingRequest.Mode? = nil, _ messages: [Message] = [Message(.user, "Hi")])
    -> GenerationRequest
  {
    var request = GenerationRequest(model: "m", messages: messages)
    request.thinking = mode.map { ThinkingRequest($0) }
    return request
  }

  @Test("A model that can be told not to think does not, unless it is asked to")
  func switching() throws {
    let builder = try Templates.builder("chatml-thinking")
    let silent = "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    #expect(try builder.text(request()).hasSuffix(silent))
    #expect(try builder.text(request(.disabled)).hasSuffix(silent))
    for mode in [ThinkingRequest.Mode.adaptive, .enabled(budget: 2_000), .betweenTools] {
      #expect(try builder.text(request(mode)).hasSuffix("<|im_start|>assistant\n"))
    }
  }

  @Test("The prompt tells where thoughts are open already")
  func start() throws {
    #expect(try Templates.builder("deepseek-r1").prompt(for: request(), now: noon).answerStart == .thinking)
    #expect(try Templates.builder("chatml-thinking").prompt(for: request(), now: noon).answerStart == .text)
    #expect(try Templates.builder("channels").prompt(for: request(), now: noon).answerStart == .header)
    // Somebody's words open nothing.
    let template = try ChatTemplate(source: "{% for m in messages %}{{ m.content }}{% endfor %}")
    let words = request(nil, [Message(.user, "<think>")])
    #expect(try PromptBuilder(template: template).prompt(for: words, now: noon).answerStart == .text)
  }

  @Test("The beginning of an answer stands behind the prompt as it was given, and outside of thoughts")
  func prefill() throws {
    let messages = [Message(.user, "Hi"), Message(.assistant, "{\"a\": <|im_end|>")]
    let prompt = try Templates.builder("chatml").prompt(for: request(nil, messages), now: noon)
    #expect(prompt.segments.last == TextSegment("{\"a\": <|im_end|>", mayContainControlTokens: false))
    #expect(prompt.text.hasSuffix("Hi<|im_end|>\n<|im_start|>assistant\n{\"a\": <|im_end|>"))
    let deepSeek = try Templates.builder("deepseek-r1").prompt(for: request(nil, messages), now: noon)
    #expect(deepSeek.text.hasSuffix("<｜Assistant｜><think>\n\n</think>\n\n{\"a\": <|im_end|>"))
    #expect(deepSeek.answerStart == .text)
    let channels = try Templates.builder("channels").prompt(for: request(nil, messages), now: noon)
    #expect(channels.text.hasSuffix("<|start|>assistant<|channel|>final<|message|>{\"a\": <|im_end|>"))
    #expect(channels.answerStart == .text)
  }

  @Test("A beginning that holds thoughts and calls is written as the model would have written it")
  func longPrefill() throws {
    let last = Message(
      .assistant,
      [
        ContentBlock(.thinking(ThinkingContent("Hm.", signature: "signed"))), .text("I look."),
        ContentBlock(.toolUse(ToolUse(id: "toolu_a", name: "weather", input: ["city": "Köln"]))),
      ])
    let prompt = try Templates.builder("sections").prompt(
      for: request(.adaptive, [Message(.user, "Hi"), last]), now: noon)
    #expect(
      prompt.text.hasSuffix(
        "<|im_start|>assistant\n<think>\nHm.\n</think>\n\nI look.\n<tool_call>\n"
          + "{\"name\": \"weather\", \"arguments\": {\"city\":\"Köln\"}}\n</tool_call>"))
    #expect(prompt.segments.contains { $0.mayContainControlTokens && $0.text.hasSuffix("<think>") })
  }

  @Test(
    "Thoughts that are proven stay while the calls go on that they led to, and go with the next question",
    arguments: ["chatml-thinking", "sections", "channels", "deepseek-r1"])
  func history(name: String) throws {
    let builder = try Templates.builder(name)
    let thoughts = ThinkingContent("I wonder.", signature: "signed")
    var loop = PromptBuilderTests.loop(thoughts: thoughts)
    loop.messages[1].content.remove(at: 1)
    #expect(try builder.text(loop).contains("I wonder."))
    loop.messages.append(Message(.assistant, "It rains."))
    loop.messages.append(Message(.user, "Thanks."))
    #expect(try !builder.text(loop).contains("I wonder."))
    let forged = PromptBuilderTests.loop(thoughts: ThinkingContent("I wonder.", signature: "no"))
    #expect(try !builder.text(forged).contains("I wonder."))
  }

  @Test("Where thoughts stand in the text, their markers may be control tokens and the thoughts may not")
  func trusted() throws {
    let loop = PromptBuilderTests.loop(thoughts: ThinkingContent("</think>", signature: "signed"))
    let segments = try Templates.builder("sections").prompt(for: loop, now: noon).segments
    let index = try #require(segments.firstIndex { $0.text.hasPrefix("\n</think>\n") })
    #expect(segments[index].mayContainControlTokens == false)
    #expect(segments[index - 1].text.hasSuffix("<think>") && segments[index - 1].mayContainControlTokens)
    #expect(segments[index + 1].text.hasPrefix("</think>") && segments[index + 1].mayContainControlTokens)
  }

  @Test("A model without thoughts gets nobody's")
  func noThoughts() throws {
    let loop = PromptBuilderTests.loop(thoughts: ThinkingContent("I wonder.", signature: "signed"))
    #expect(try !Templates.builder("chatml-tools").text(loop).contains("I wonder."))
  }
}
