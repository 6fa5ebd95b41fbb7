import MosoConversation
import MosoFormats
import Testing

/// An answer with thoughts, words and the use of a tool, step by step.
let sampleEvents: [GenerationEvent] = {
  var usage = Usage(input: 10, cacheRead: 5, reused: 5)
  usage.cacheCreationFiveMinutes = 2
  usage.cacheCreationHour = 1
  var final = usage
  final.output = 30
  final.thinking = 7
  return [
    .started(id: "msg_1", model: "m", usage: usage), .ping,
    .blockStarted(index: 0, .thinking), .blockGrew(index: 0, .thinking("Hm")), .blockGrew(index: 0, .thinking("…")),
    .blockGrew(index: 0, .signature("c2ln")), .blockStopped(index: 0),
    .blockStarted(index: 1, .text), .blockGrew(index: 1, .text("\"é\"\n", [])),
    .blockGrew(index: 1, .text("\u{1}😀\\", [])), .blockStopped(index: 1),
    .blockStarted(index: 2, .toolUse(id: "toolu_1", name: "ls")), .blockGrew(index: 2, .inputJSON("{\"b\": 1,")),
    .blockGrew(index: 2, .inputJSON(" \"a\": 2.0}")), .blockStopped(index: 2),
    .finished(.toolUse, usage: final),
  ]
}()

@Suite("MessagesCodec, streams") struct MessagesStreamTests {
  private func text(of events: [GenerationEvent], requestID: String? = nil) -> String {
    var encoder = MessagesStreamEncoder(requestID: requestID)
    return String(decoding: events.flatMap { encoder.frames(for: $0) }, as: UTF8.self)
  }

  @Test("The frames of a stream are the API's, byte for byte and in its order") func golden() {
    var final = Usage(input: 3, output: 5)
    final.cacheRead = 2
    let events: [GenerationEvent] = [
      .started(id: "msg_1", model: "m", usage: Usage(input: 3, cacheRead: 2)), .ping,
      .blockStarted(index: 0, .text), .blockGrew(index: 0, .text("a\n\"", [])), .blockStopped(index: 0),
      .finished(.stopString("END"), usage: final), .ping,
    ]
    let counts =
      #""input_tokens":3,"cache_creation_input_tokens":0,"cache_read_input_tokens":2,"cache_creation":"#
      + #"{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0}"#
    #expect(
      text(of: events) == #"""
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{\#(counts),"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}

        event: ping
        data: {"type":"ping"}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\n\""}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{\#(counts),"output_tokens":5,"output_tokens_details":{"thinking_tokens":0}}}

        event: message_stop
        data: {"type":"message_stop"}


        """#)
  }

  @Test("Blocks of each kind begin and grow in the API's words") func blocks() {
    #expect(
      text(of: [
        .blockStarted(index: 3, .toolUse(id: "t\"", name: "f")), .blockGrew(index: 3, .inputJSON("{\"")),
        .blockStarted(index: 4, .thinking), .blockGrew(index: 4, .thinking("a")), .blockGrew(index: 4, .signature("s")),
        .blockGrew(index: 4, .text("", [])),
      ]) == #"""
        event: content_block_start
        data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t\"","name":"f","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\""}}

        event: content_block_start
        data: {"type":"content_block_start","index":4,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":4,"delta":{"type":"thinking_delta","thinking":"a"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":4,"delta":{"type":"signature_delta","signature":"s"}}


        """#)
  }

  @Test("An error replaces the rest of the stream") func failure() {
    let error = RequestError(.overloaded, "no room")
    #expect(
      text(of: [.ping, .failed(error), .ping, .finished(.endOfTurn, usage: Usage())], requestID: "req_1") == #"""
        event: ping
        data: {"type":"ping"}

        event: error
        data: {"type":"error","error":{"type":"overloaded_error","message":"no room"},"request_id":"req_1"}


        """#)
  }

  @Test("What is written is read again, however the bytes are cut", arguments: [1, 2, 7, 64, 100_000])
  func roundTrip(size: Int) throws {
    let bytes = Array(text(of: sampleEvents).utf8)
    var decoder = MessagesStreamDecoder()
    var events: [GenerationEvent] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += try decoder.events(in: bytes[start..<min(start + size, bytes.count)])
    }
    try decoder.finish()
    #expect(events == sampleEvents)
  }

  @Test("Every character of a text survives both APIs' streams") func characters() throws {
    let scalars = (0...0x100).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FEFF}", "\u{FFFF}", "\u{10FFFF}"]
    let text = String(String.UnicodeScalarView(scalars))
    let events: [GenerationEvent] = [
      .started(id: text, model: text, usage: Usage()), .blockStarted(index: 0, .text),
      .blockGrew(index: 0, .text(text, [])), .blockStopped(index: 0),
      .blockStarted(index: 1, .toolUse(id: text, name: text)), .blockGrew(index: 1, .inputJSON(text)),
      .blockStopped(index: 1), .finished(.toolUse, usage: Usage()),
    ]
    var messages = MessagesStreamEncoder()
    var messagesReader = MessagesStreamDecoder()
    #expect(try messagesReader.events(in: events.flatMap { messages.frames(for: $0) }) == events)
    var chat = ChatStreamEncoder(created: 0)
    var chatReader = ChatStreamDecoder()
    #expect(try chatReader.events(in: events.flatMap { chat.frames(for: $0) }) == events)
  }

  @Test("The steps of an answer make the whole answer") func assembly() throws {
    var assembler = AnswerAssembler()
    for event in sampleEvents.dropLast() { try assembler.add(event) }
    #expect(assembler.response == nil)
    try assembler.add(sampleEvents[sampleEvents.count - 1])
    let response = try #require(assembler.response)
    #expect(
      response.content.map(\.kind) == [
        .thinking(ThinkingContent("Hm…", signature: "c2ln")), .text(TextContent("\"é\"\n\u{1}😀\\")),
        .toolUse(ToolUse(id: "toolu_1", name: "ls", inputText: "{\"b\": 1, \"a\": 2.0}")),
      ])
    #expect(response.id == "msg_1")
    #expect(response.stopReason == .toolUse)
    #expect(response.usage.output == 30)
    var failing = AnswerAssembler()
    #expect(throws: RequestError.self) { try failing.add(.failed(RequestError(.overloaded, "no"))) }
  }

  @Test("Citations and blocks of other servers come through") func foreignBlocks() throws {
    let stream = #"""
      event: message_start
      data: {"type":"message_start","message":{"id":"i","model":"m","usage":{"input_tokens":1,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"q\":1}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: content_block_start
      data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"x"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"char_location"}}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":1}

      event: news
      data: {"type":"news"}

      data: {"type":"nameless"}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":9}}

      event: message_stop
      data: {"type":"message_stop"}


      """#
    var decoder = MessagesStreamDecoder()
    let events = try decoder.events(in: stream.utf8)
    #expect(text(of: events).contains(#""delta":{"type":"citations_delta","citation":{"type":"char_location"}}"#))
    var assembler = AnswerAssembler()
    for event in events { try assembler.add(event) }
    let response = try #require(assembler.response)
    #expect(response.content[0].kind == .unknown(type: "server_tool_use"))
    #expect(response.content[0].unknown["input"] == ["q": 1])
    #expect(response.content[1].kind == .text(TextContent("x", citations: [["type": "char_location"]])))
    #expect(response.usage == Usage(input: 1, output: 9))
    #expect(response.stopReason == .maximumTokens)
  }

  @Test(
    "What is no such stream is refused",
    arguments: [
      "event: message_start\ndata: {\n\n", "event: message_start\ndata: {}\n\n",
      "event: content_block_stop\ndata: {\"index\":0}\n\n",
      "event: content_block_delta\ndata: {\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n",
      "event: content_block_start\ndata: {\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
      "event: content_block_start\ndata: {\"index\":0,\"content_block\":{}}\n\n", "event: message_stop\ndata: {}\n\n",
      "event: message_delta\ndata: {\"usage\":{\"output_tokens\":-1}}\n\n",
      "event: message_start\ndata: {\"message\":{\"id\":\"i\",\"model\":\"m\",\"usage\":{\"input_tokens\":1e300}}}\n\n",
    ])
  func refused(stream: String) {
    var decoder = MessagesStreamDecoder()
    let error = #expect(throws: RequestError.self) { try decoder.events(in: stream.utf8) }
    #expect(error?.kind == .server)
  }

  @Test("Overlapping blocks and an early end are refused") func disorder() throws {
    let start =
      "event: content_block_start\ndata: {\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
    var decoder = MessagesStreamDecoder()
    _ = try decoder.events(in: start.utf8)
    let error = #expect(throws: RequestError.self) { try decoder.events(in: start.utf8) }
    #expect(error?.message == "the server's answer cannot be read: block 0 begins, but block 0 is open")
    #expect(throws: RequestError.self) { try decoder.finish() }
  }

  @Test("An error in a stream is read by its name, and ends it") func errorEvent() throws {
    let stream =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}}\n\n"
    var decoder = MessagesStreamDecoder()
    #expect(try decoder.events(in: (stream + stream).utf8) == [.failed(RequestError(.overloaded, "no"))])
    try decoder.finish()
    #expect(decoder.isOver)
  }
}

@Suite("ServerSentEventParser") struct ServerSentEventParserTests {
  private func events(_ text: String) throws -> [ServerSentEvent] {
    var parser = ServerSentEventParser()
    return try parser.events(in: text.utf8)
  }

  @Test("Lines end in a line feed, a carriage return or both", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) throws {
    let lines = ["event: a", "data: 1", "", ": comment", "data:2", "data:  3", "", "event:", "data: 4", "", ""]
    #expect(
      try events(lines.joined(separator: end)) == [
        ServerSentEvent(name: "a", data: "1"), ServerSentEvent(data: "2\n 3"), ServerSentEvent(data: "4"),
      ])
  }

  @Test("Events without data, other fields and an unfinished event are passed over") func passedOver() throws {
    #expect(try events("\u{FEFF}data: a\nid: 1\nretry: 2\n\nevent: x\n\ndata: b\n") == [ServerSentEvent(data: "a")])
    #expect(try events("data\n\ndatas: x\n\n") == [ServerSentEvent(data: "")])
  }

  @Test("An event that is too large is refused, however many comments are not") func limit() throws {
    var parser = ServerSentEventParser(maximumEventBytes: 20)
    for _ in 0..<100 { #expect(try parser.events(in: ": still here\n".utf8) == []) }
    #expect(try parser.events(in: "data: 12345678901234\n\n".utf8).count == 1)
    let error = #expect(throws: RequestError.self) { try parser.events(in: "data: 123456789012345".utf8) }
    #expect(error?.message.contains("more than 20 bytes") == true)
  }
}
