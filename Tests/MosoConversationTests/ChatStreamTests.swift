import MosoConversation
import MosoFormats
import Testing

@Suite("OpenAICodec, streams") struct ChatStreamTests {
  private static let head = #"{"id":"i","object":"chat.completion.chunk","created":7,"model":"m","choices":["#

  private func text(_ events: [(GenerationEvent, Int)], includesUsage: Bool = false, choices: Int = 1) -> String {
    var encoder = ChatStreamEncoder(created: 7, includesUsage: includesUsage, choiceCount: choices)
    return String(decoding: events.flatMap { encoder.frames(for: $0.0, choice: $0.1) }, as: UTF8.self)
  }

  private func chunk(_ delta: String, _ index: Int = 0, reason: String = "null", usage: String = "") -> String {
    "data: \(Self.head){\"index\":\(index),\"delta\":\(delta),\"logprobs\":null,\"finish_reason\":\(reason)}]\(usage)}\n\n"
  }

  @Test("The chunks of an answer are the API's, byte for byte and in its order") func golden() {
    let events: [GenerationEvent] = [
      .started(id: "i", model: "m", usage: Usage(input: 3)), .ping,
      .blockStarted(index: 0, .thinking), .blockGrew(index: 0, .thinking("hm")), .blockGrew(index: 0, .signature("s")),
      .blockStopped(index: 0), .blockStarted(index: 1, .text), .blockGrew(index: 1, .text("a\n\"", [])),
      .blockGrew(index: 1, .text("", [])), .blockStopped(index: 1),
      .blockStarted(index: 2, .toolUse(id: "t\"", name: "f")), .blockGrew(index: 2, .inputJSON("")),
      .blockGrew(index: 2, .inputJSON("{\"a\"")), .blockGrew(index: 2, .inputJSON(":1}")), .blockStopped(index: 2),
      .blockStarted(index: 3, .toolUse(id: "u", name: "g")), .blockStopped(index: 3),
      .finished(.toolUse, usage: Usage(input: 3, output: 5)), .ping,
    ]
    let expected =
      chunk(#"{"role":"assistant","content":""}"#) + ": ping\n\n" + chunk(#"{"reasoning_content":"hm"}"#)
      + chunk(#"{"content":"a\n\""}"#)
      + chunk(#"{"tool_calls":[{"index":0,"id":"t\"","type":"function","function":{"name":"f","arguments":""}}]}"#)
      + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"#)
      + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}"#)
      + chunk(#"{"tool_calls":[{"index":1,"id":"u","type":"function","function":{"name":"g","arguments":""}}]}"#)
      + chunk(#"{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}"#)
      + chunk("{}", reason: "\"tool_calls\"") + "data: [DONE]\n\n"
    #expect(text(events.map { ($0, 0) }) == expected)
  }

  @Test("The count of tokens comes in a chunk of its own, after all answers") func usage() {
    let started = GenerationEvent.started(id: "i", model: "m", usage: Usage())
    let finished = GenerationEvent.finished(.maximumTokens, usage: Usage(input: 3, output: 5, thinking: 1))
    let null = #","usage":null"#
    let role = #"{"role":"assistant","content":""}"#
    let counts =
      #"{"prompt_tokens":3,"completion_tokens":10,"total_tokens":13,"#
      + #""prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"#
      + #""completion_tokens_details":{"reasoning_tokens":2}}"#
    let expected =
      chunk(role, 1, usage: null) + chunk(role, usage: null) + chunk("{}", 1, reason: "\"length\"", usage: null)
      + chunk("{}", reason: "\"length\"", usage: null) + "data: \(Self.head)],\"usage\":\(counts)}\n\ndata: [DONE]\n\n"
    #expect(
      text([(started, 1), (started, 0), (finished, 1), (finished, 1), (finished, 0)], includesUsage: true, choices: 2)
        == expected)
  }

  @Test("Log-probabilities come with their text, even where that is empty") func logProbabilities() {
    let token = TokenLogProbability(
      chosen: TokenLogProbability.Alternative(token: 1, bytes: [0xC3], logProbability: -0.5), best: [])
    let frames = text([
      (.started(id: "i", model: "m", usage: Usage()), 0), (.blockGrew(index: 0, .text("", [token])), 0),
    ])
    #expect(
      frames.hasSuffix(
        #"{"content":""},"logprobs":{"content":[{"token":"�","logprob":-0.5,"bytes":[195],"top_logprobs":[]}],"#
          + "\"refusal\":null},\"finish_reason\":null}]}\n\n"))
  }

  @Test("An error replaces the rest of the stream") func failure() throws {
    let expected =
      "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"param\":null,\"code\":\"server_overloaded\"}}\n\n"
      + "data: [DONE]\n\n"
    #expect(text([(.failed(RequestError(.overloaded, "no")), 0), (.ping, 0)]) == expected)
    // Also once the answer has ended that is named with it, and another has not.
    let late = text(
      [(.finished(.endOfTurn, usage: Usage()), 0), (.failed(RequestError(.overloaded, "no")), 0)], choices: 2)
    #expect(late.hasSuffix(expected))
    var decoder = ChatStreamDecoder()
    #expect(try decoder.events(in: expected.utf8) == [.failed(RequestError(.overloaded, "no"))])
  }

  @Test("What is written is read again, however the bytes are cut", arguments: [1, 3, 64, 100_000])
  func roundTrip(size: Int) throws {
    let events: [GenerationEvent] = [
      .started(id: "i", model: "m", usage: Usage()), .blockStarted(index: 0, .thinking),
      .blockGrew(index: 0, .thinking("hm")), .blockStopped(index: 0), .blockStarted(index: 1, .text),
      .blockGrew(index: 1, .text("a😀\u{1}", [])), .blockGrew(index: 1, .text("b", [])), .blockStopped(index: 1),
      .blockStarted(index: 2, .toolUse(id: "t", name: "f")), .blockGrew(index: 2, .inputJSON("{\"a\"")),
      .blockGrew(index: 2, .inputJSON(":1}")), .blockStopped(index: 2),
      .blockStarted(index: 3, .toolUse(id: "u", name: "f")), .blockGrew(index: 3, .inputJSON("{}")),
      .blockStopped(index: 3), .finished(.toolUse, usage: Usage(input: 3, output: 5)),
    ]
    let bytes = Array(text(events.map { ($0, 0) }, includesUsage: true).utf8)
    var decoder = ChatStreamDecoder()
    var read: [GenerationEvent] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      read += try decoder.events(in: bytes[start..<min(start + size, bytes.count)])
    }
    #expect(try decoder.finish() == [])
    #expect(read == events)
  }

  @Test("Servers may leave out the end, the numbers of calls and the first chunk's role") func lenient() throws {
    let stream = #"""
      data: {"id":"i","model":"m","choices":[{"delta":{"content":"a","tool_calls":null},"finish_reason":null}]}

      data: {"choices":[{"index":1,"delta":{"content":"of another answer"}}]}

      data: {"choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"f","arguments":"{}"}}]}}]}

      data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"g"}}]},"finish_reason":"tool_calls"}]}


      """#
    var decoder = ChatStreamDecoder()
    var events = try decoder.events(in: stream.utf8)
    events += try decoder.finish()
    #expect(
      events == [
        .started(id: "i", model: "m", usage: Usage()), .blockStarted(index: 0, .text),
        .blockGrew(index: 0, .text("a", [])),
        .blockStopped(index: 0), .blockStarted(index: 1, .toolUse(id: "x", name: "f")),
        .blockGrew(index: 1, .inputJSON("{}")), .blockStopped(index: 1),
        .blockStarted(index: 2, .toolUse(id: "call_1", name: "g")), .blockStopped(index: 2),
        .finished(.toolUse, usage: Usage()),
      ])
  }

  @Test(
    "What is no such stream is refused",
    arguments: [
      "data: {\n\n", "data: []\n\n", "data: {\"choices\":[1]}\n\n",
      "data: {\"choices\":[{\"delta\":{\"content\":1}}]}\n\n",
      "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n\n",
      "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"name\":\"a\"}},{\"index\":0,\"function\":{\"name\":\"b\"}}]}}]}\n\n",
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":-1}}\n\n",
      "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":9223372036854775807,\"function\":{\"name\":\"a\"}}]}}]}\n\n",
    ])
  func refused(stream: String) {
    var decoder = ChatStreamDecoder()
    let error = #expect(throws: RequestError.self) { try decoder.events(in: stream.utf8) }
    #expect(error?.kind == .server)
  }

  @Test("A stream that ends before the answer is refused") func early() throws {
    var decoder = ChatStreamDecoder()
    _ = try decoder.events(in: "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n".utf8)
    #expect(throws: RequestError.self) { try decoder.finish() }
  }
}
