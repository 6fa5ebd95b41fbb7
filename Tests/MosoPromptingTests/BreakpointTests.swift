import MosoConversation
import MosoFormats
import MosoPrompting
import MosoTemplates
import MosoTokenizers
import Testing

@Suite("Places worth keeping") struct BreakpointTests {
  private static func marked(_ text: String, _ time: String? = nil) -> ContentBlock {
    ContentBlock(.text(TextContent(text)), cacheControl: CacheControl(timeToLive: time))
  }

  /// A prompt with a `◆` at each breakpoint.
  private func shown(_ prompt: Prompt) -> String {
    let bytes = Array(prompt.text.utf8)
    var text = ""
    var start = 0
    for breakpoint in prompt.breakpoints {
      text += String(decoding: bytes[start..<breakpoint.offset], as: UTF8.self) + "◆"
      start = breakpoint.offset
    }
    return text + String(decoding: bytes[start...], as: UTF8.self)
  }

  @Test("A breakpoint is where its block ends in the text, before white space that a template may trim")
  func places() throws {
    var request = GenerationRequest(
      model: "m",
      messages: [
        Message(.user, [.text("One"), Self.marked("Zwö \n", "1h")]), Message(.assistant, "Yes"),
        Message(.user, [Self.marked("Three"), .text("Four")]),
      ])
    request.system = [.text("Be kind."), Self.marked("Be brief.")]
    let prompt = try Templates.builder("llama3").prompt(for: request, now: noon)
    #expect(
      shown(prompt)
        == """
        <s><|start_header_id|>system<|end_header_id|>

        Be kind.

        Be brief.◆<|eot_id|><|start_header_id|>user<|end_header_id|>

        One

        Zwö◆<|eot_id|><|start_header_id|>assistant<|end_header_id|>

        Yes<|eot_id|><|start_header_id|>user<|end_header_id|>

        Three◆

        Four<|eot_id|><|start_header_id|>assistant<|end_header_id|>


        """)
    #expect(prompt.breakpoints.map(\.control.timeToLive) == [nil, "1h", nil])
  }

  @Test("Breakpoints do not change the prompt", arguments: Templates.names)
  func unchanged(name: String) throws {
    let builder = try Templates.builder(name)
    var request = PromptBuilderTests.loop([.text("And?  ")], isError: true)
    request.messages.append(Message(.system, "A reminder."))
    let plain = try builder.prompt(for: request, now: noon)
    #expect(plain.breakpoints.isEmpty)
    request.system?[0].cacheControl = CacheControl()
    request.tools?[0].cacheControl = CacheControl()
    for message in request.messages.indices {
      for block in request.messages[message].content.indices {
        request.messages[message].content[block].cacheControl = CacheControl(timeToLive: "1h")
      }
    }
    let marked = try builder.prompt(for: request, now: noon)
    #expect(marked.segments == plain.segments)
    let drops = builder.traits.showsCalls && builder.traits.textWithCalls == .dropped
    #expect(marked.breakpoints.count == (drops ? 7 : 8))
    #expect(marked.breakpoints.map(\.offset) == marked.breakpoints.map(\.offset).sorted())
  }

  @Test("A tool's breakpoint is where its description ends, and one in the rules is never before the tools")
  func tools() throws {
    var request = PromptBuilderTests.loop()
    request.tools?[0].cacheControl = CacheControl()
    let native = try Templates.builder("chatml-tools").prompt(for: request, now: noon)
    #expect(shown(native).contains("\"required\": [\"city\"]}}}\n◆</tools>"))
    let other = try PromptBuilder(template: nil).prompt(for: request, now: noon)
    #expect(shown(other).contains("answer without a call.◆<|im_end|>"))
    request.tools?[0].cacheControl = nil
    request.system = [Self.marked("Be kind.")]
    let rules = try Templates.builder("chatml-tools").prompt(for: request, now: noon)
    #expect(shown(rules).contains("\"required\": [\"city\"]}}}\n◆</tools>"))
    let first = try Templates.builder("hermes-tools").prompt(for: request, now: noon)
    #expect(shown(first).contains("Be kind.◆<|im_end|>"))
  }

  @Test("A breakpoint of the whole request is at its last block, and one in a result at the result's end")
  func automatic() throws {
    var request = PromptBuilderTests.loop()
    request.cacheControl = CacheControl()
    let prompt = try Templates.builder("chatml-tools").prompt(for: request, now: noon)
    #expect(shown(prompt).contains("<tool_response>\nRain.◆\n</tool_response>"))
    request.cacheControl = nil
    request.messages[2].content = [
      ContentBlock(.toolResult(ToolResult(toolUseID: "toolu_a", content: [Self.marked("Rain."), .text("Wind.")])))
    ]
    let inner = try Templates.builder("chatml-tools").prompt(for: request, now: noon)
    #expect(shown(inner).contains("Rain.\n\nWind.◆"))
  }

  @Test("A template that repeats, drops or looks at a block leaves its place unknown")
  func unknown() throws {
    var request = GenerationRequest(model: "m", messages: [Message(.user, [Self.marked("One")])])
    let twice = try ChatTemplate(source: "{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}")
    #expect(try PromptBuilder(template: twice).prompt(for: request, now: noon).breakpoints.isEmpty)
    let looking = try ChatTemplate(
      source: "{% for m in messages %}{{ m.content }}{{ 'long' if m.content|length > 20 }}{% endfor %}")
    let prompt = try PromptBuilder(template: looking).prompt(for: request, now: noon)
    #expect(prompt.breakpoints.isEmpty && prompt.text == "One")
    let last = try ChatTemplate(source: "{{ messages[-1].content }}")
    request.messages.append(Message(.assistant, "Two"))
    request.messages.append(Message(.user, "Three"))
    #expect(try PromptBuilder(template: last).prompt(for: request, now: noon).breakpoints.isEmpty)
  }

  @Test("Only the tokens count that stay what they are whatever follows")
  func tokenCounts() throws {
    let prompt = Prompt(
      segments: [
        TextSegment("<s>", mayContainControlTokens: true), TextSegment("abcd", mayContainControlTokens: false),
        TextSegment("</s>", mayContainControlTokens: true),
      ],
      breakpoints: [0, 3, 5, 7, 11].map { Prompt.Breakpoint(offset: $0, control: CacheControl()) })
    /// One token for a control token, and one for every two bytes of text.
    func tokenize(_ segments: [TextSegment]) -> [Int32] {
      segments.flatMap { segment -> [Int32] in
        if segment.mayContainControlTokens { return [-Int32(segment.text.utf8.count)] }
        let bytes = Array(segment.text.utf8)
        return stride(from: 0, to: bytes.count, by: 2).map { place in
          bytes[place..<min(place + 2, bytes.count)].reduce(0) { $0 * 256 + Int32($1) }
        }
      }
    }
    #expect(prompt.tokenCounts(in: tokenize(prompt.segments), tokenize: tokenize) == [0, 1, 2, 3, 4])
    let odd = Prompt(
      segments: prompt.segments, breakpoints: [Prompt.Breakpoint(offset: 4, control: CacheControl())])
    #expect(odd.tokenCounts(in: tokenize(odd.segments), tokenize: tokenize) == [1])
  }

  @Test("Marks are drawn anew for each prompt, and what looks like one is left alone")
  func marks() throws {
    let builder = try PromptBuilder(template: nil)
    var first = SeededGenerator(state: 3)
    var request = GenerationRequest(model: "m", messages: [Message(.user, [Self.marked("One")])])
    let once = try builder.prompt(for: request, now: noon, using: &first)
    #expect(once.breakpoints.count == 1)
    // The mark that this generator will give, typed by somebody who cannot know it.
    var second = SeededGenerator(state: 3)
    let numbers = [second.next(), second.next()].map { number in
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
    request.messages = [Message(.user, [.text("m" + numbers.joined() + "zz"), Self.marked("One")])]
    var third = SeededGenerator(state: 3)
    let typed = try builder.prompt(for: request, now: noon, using: &third)
    #expect(typed.text.contains("m" + numbers.joined() + "zz"))
    #expect(typed.breakpoints.count <= 1)
  }
}
