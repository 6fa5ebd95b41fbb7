import MosoConversation
import MosoFormats
import Testing

@Suite("From one API to the other and back") struct OpenAIMappingTests {
  private let messages = MessagesCodec(version: .v2023_06_01)
  private let openAI = OpenAICodec()

  private func sorted(_ value: JSONValue) -> String { value.serialized(sortedKeys: true, indentation: 1) }

  /// A chat request as the Messages API has it, which that API's own reader must take.
  private func toMessages(_ chat: JSONValue) throws -> JSONValue {
    let body = messages.encodeRequest(try openAI.decodeChatRequest(chat))
    _ = try messages.decodeRequest(body)
    return body
  }

  private func toChat(_ body: JSONValue) throws -> JSONValue {
    let chat = openAI.encodeChatRequest(try messages.decodeRequest(body))
    _ = try openAI.decodeChatRequest(chat)
    return chat
  }

  private static let chat = #"""
    {"model": "m", "max_tokens": 64, "temperature": 0.5, "top_p": 0.9, "top_k": 40, "stop": ["a", "b"], "stream": true,
     "user": "u", "reasoning_effort": "high", "parallel_tool_calls": false, "tool_choice": "required",
     "tools": [{"type": "function", "function": {"name": "ls", "description": "Lists.", "strict": true,
       "parameters": {"type": "object", "properties": {"z": {"type": "string"}, "a": {}}}}}],
     "messages": [
      {"role": "system", "content": "Be brief."}, {"role": "user", "content": "List."},
      {"role": "assistant", "content": "Yes.", "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": "{\"z\":1,\"a\":2.0}"}},
        {"id": "c2", "type": "function", "function": {"name": "ls", "arguments": "{}"}}]},
      {"role": "tool", "tool_call_id": "c1", "content": "none"}, {"role": "tool", "tool_call_id": "c2", "content": "none"},
      {"role": "user", "content": [{"type": "text", "text": "And?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]}]}
    """#

  private static let body = #"""
    {"model": "m", "max_tokens": 64, "temperature": 0.5, "top_p": 0.9, "top_k": 40, "stop_sequences": ["a", "b"],
     "stream": true, "metadata": {"user_id": "u"}, "output_config": {"effort": "high"},
     "tool_choice": {"type": "any", "disable_parallel_tool_use": true},
     "tools": [{"name": "ls", "description": "Lists.", "strict": true,
       "input_schema": {"type": "object", "properties": {"z": {"type": "string"}, "a": {}}}}],
     "system": "Be brief.",
     "messages": [
      {"role": "user", "content": "List."},
      {"role": "assistant", "content": [{"type": "text", "text": "Yes."},
        {"type": "tool_use", "id": "c1", "name": "ls", "input": {"z": 1, "a": 2.0}},
        {"type": "tool_use", "id": "c2", "name": "ls", "input": {}}]},
      {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "none"},
        {"type": "tool_result", "tool_use_id": "c2", "content": "none"}, {"type": "text", "text": "And?"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}}]}]}
    """#

  @Test("A chat with tools is the same request in both APIs, key order included") func bothWays() throws {
    let chat = try JSONValue(parsing: Self.chat)
    let body = try JSONValue(parsing: Self.body)
    #expect(try sorted(toMessages(chat)) == sorted(body))
    #expect(try sorted(toChat(body)) == sorted(chat))
    #expect(try sorted(toChat(toMessages(chat))) == sorted(chat))
    #expect(try toMessages(chat)["messages"]?.arrayValue?[1]["content"]?.arrayValue?[1]["input"] == ["z": 1, "a": 2.0])
  }

  @Test(
    "Whether and which tools are used",
    arguments: [
      (#""auto""#, #"{"type": "auto"}"#), (#""required""#, #"{"type": "any"}"#), (#""none""#, #"{"type": "none"}"#),
      (#"{"type": "function", "function": {"name": "f"}}"#, #"{"type": "tool", "name": "f"}"#),
    ])
  func toolChoice(chat: String, body: String) throws {
    let tools = #""tools": [{"type": "function", "function": {"name": "f"}}]"#
    let written = try toMessages(chatBody("{\(tools), \"tool_choice\": \(chat)}"))
    #expect(try written["tool_choice"] == JSONValue(parsing: body))
    #expect(try toChat(written)["tool_choice"] == JSONValue(parsing: chat))
  }

  @Test("Developers and systems become the system prompt when they speak first, and systems later") func systems()
    throws
  {
    let chat = try chatBody(
      #"""
      {"messages": [{"role": "developer", "content": "a"}, {"role": "system", "content": [{"type": "text", "text": "b"}]},
        {"role": "user", "content": "c"}, {"role": "developer", "content": "d"}]}
      """#)
    let body = try toMessages(chat)
    #expect(body["system"] == [["type": "text", "text": "a"], ["type": "text", "text": "b"]])
    #expect(body["messages"] == [["role": "user", "content": "c"], ["role": "system", "content": "d"]])
    #expect(
      try toChat(body)["messages"] == [
        ["role": "system", "content": [["type": "text", "text": "a"], ["type": "text", "text": "b"]]],
        ["role": "user", "content": "c"], ["role": "system", "content": "d"],
      ])
  }

  @Test(
    "Each trouble that a model may take has its word in the other API",
    arguments: [
      ("none", #"{"thinking": {"type": "disabled"}}"#, "none"),
      ("minimal", #"{"output_config": {"effort": "low"}}"#, "low"),
      ("low", #"{"output_config": {"effort": "low"}}"#, "low"),
      ("medium", #"{"output_config": {"effort": "medium"}}"#, "medium"),
      ("xhigh", #"{"output_config": {"effort": "xhigh"}}"#, "xhigh"),
    ])
  func effort(word: String, members: String, back: String) throws {
    let body = try toMessages(chatBody("{\"reasoning_effort\": \"\(word)\"}"))
    for (key, value) in try #require(JSONValue(parsing: members).objectValue) { #expect(body[key] == value) }
    #expect(try toChat(body)["reasoning_effort"] == .string(back))
  }

  @Test("The most trouble of one API is the most of the other") func mostEffort() throws {
    #expect(try toChat(messagesBody(#"{"output_config": {"effort": "max"}}"#))["reasoning_effort"] == "xhigh")
  }

  @Test("A schema for the answer goes both ways, and any object is a schema") func formats() throws {
    let schema: JSONValue = ["type": "object", "required": ["b", "a"]]
    let chat: JSONValue = ["type": "json_schema", "json_schema": ["name": "answer", "schema": schema]]
    let body = try toMessages(chatBody("{\"response_format\": \(chat.serialized())}"))
    #expect(body["output_config"] == ["format": ["type": "json_schema", "schema": schema]])
    #expect(try toChat(body)["response_format"] == chat)
    let object = try toMessages(chatBody(#"{"response_format": {"type": "json_object"}}"#))
    #expect(object["output_config"]?["format"]?["schema"] == ["type": "object"])
    #expect(try toMessages(chatBody(#"{"response_format": {"type": "text"}}"#))["output_config"] == nil)
  }

  @Test("What the other API refuses is left out") func leftOut() throws {
    let chat = try chatBody(
      #"""
      {"store": true, "temperature": 1.7, "n": 1, "seed": 3, "messages": [
        {"role": "user", "content": "a", "name": "n"}, {"role": "user", "content": ""},
        {"role": "assistant", "content": "", "reasoning_content": "hm", "tool_calls": [
          {"id": "x", "type": "function", "function": {"name": "f", "arguments": ""}}]},
        {"role": "tool", "tool_call_id": "x", "content": "r", "name": "f"}, {"role": "assistant", "content": ""}]}
      """#)
    #expect(
      try sorted(toMessages(chat))
        == sorted([
          "model": "m", "max_tokens": 4096, "temperature": 1.0,
          "messages": [
            ["role": "user", "content": "a"],
            ["role": "assistant", "content": [["type": "tool_use", "id": "x", "name": "f", "input": [:]]]],
            ["role": "user", "content": [["type": "tool_result", "tool_use_id": "x", "content": "r"]]],
            ["role": "assistant", "content": []],
          ],
        ]))
    let later = MessagesCodec(version: .v2026_10_21)
    #expect(later.encodeRequest(try openAI.decodeChatRequest(chat))["temperature"] == nil)
    let body = try messagesBody(
      #"""
      {"service_tier": "auto", "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}],
       "thinking": {"type": "adaptive"}, "tools": [{"type": "bash_20250124", "name": "bash"}], "messages": [
        {"role": "user", "content": [{"type": "search_result", "source": "s", "title": "t",
          "content": [{"type": "text", "text": "found"}]}]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "s"},
          {"type": "redacted_thinking", "data": "x"}, {"type": "tool_use", "id": "x", "name": "f", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "x", "is_error": true}]}]}
      """#)
    #expect(
      try sorted(toChat(body))
        == sorted([
          "model": "m", "max_tokens": 64,
          "messages": [
            ["role": "system", "content": "s"], ["role": "user", "content": "found"],
            [
              "role": "assistant", "content": nil, "reasoning_content": "hm",
              "tool_calls": [["id": "x", "type": "function", "function": ["name": "f", "arguments": "{}"]]],
            ], ["role": "tool", "tool_call_id": "x", "content": ""],
          ],
        ]))
  }

  @Test("A request that a program made is written in both APIs") func ofPrograms() throws {
    var request = GenerationRequest(
      model: "m", messages: [Message(.system, "s"), Message(.user, "a"), Message(.user, "b")])
    request.maximumTokens = 5
    #expect(
      messages.encodeRequest(request) == [
        "model": "m", "max_tokens": 5, "system": "s",
        "messages": [["role": "user", "content": [["type": "text", "text": "a"], ["type": "text", "text": "b"]]]],
      ])
    #expect(
      openAI.encodeChatRequest(request)["messages"] == [
        ["role": "system", "content": "s"], ["role": "user", "content": "a"], ["role": "user", "content": "b"],
      ])
  }

  // MARK: Answers

  @Test(
    "Each reason to stop has its word in the other API",
    arguments: [
      ("end_turn", "stop", "end_turn"), ("stop_sequence", "stop", "end_turn"), ("max_tokens", "length", "max_tokens"),
      ("model_context_window_exceeded", "length", "max_tokens"), ("tool_use", "tool_calls", "tool_use"),
      ("refusal", "content_filter", "refusal"),
    ])
  func reasons(name: String, chat: String, back: String) throws {
    let answer: JSONValue = [
      "id": "i", "type": "message", "model": "m", "content": [["type": "text", "text": "a"]],
      "stop_reason": .string(name), "usage": ["input_tokens": 1, "output_tokens": 2],
    ]
    let written = openAI.encodeChat([try messages.decodeResponse(answer)], created: 0)
    #expect(written["choices"]?.arrayValue?.first?["finish_reason"] == .string(chat))
    #expect(messages.encode(try openAI.decodeChat(written)[0])["stop_reason"] == .string(back))
  }

  @Test("Counts of tokens add up in both APIs") func usage() throws {
    var usage = Usage(input: 10, cacheRead: 5, reused: 5, output: 9, thinking: 4)
    usage.cacheCreationFiveMinutes = 2
    let response = GenerationResponse(id: "i", model: "m", content: [.text("a")], stopReason: .endOfTurn, usage: usage)
    let chat = openAI.encodeChat([try messages.decodeResponse(messages.encode(response))], created: 0)
    #expect(
      chat["usage"] == [
        "prompt_tokens": 17, "completion_tokens": 9, "total_tokens": 26,
        "prompt_tokens_details": ["cached_tokens": 5, "cache_write_tokens": 2],
        "completion_tokens_details": ["reasoning_tokens": 4],
      ])
    #expect(try openAI.decodeChat(chat)[0].usage == usage)
  }

  @Test("What the server read before counts as cached, for chats mark no places") func reused() {
    let usage = Usage(input: 10, reused: 8)
    let response = GenerationResponse(id: "i", model: "m", content: [], stopReason: .endOfTurn, usage: usage)
    #expect(openAI.encodeChat([response], created: 0)["usage"]?["prompt_tokens_details"]?["cached_tokens"] == 8)
    #expect(messages.encode(response)["usage"]?["cache_read_input_tokens"] == 0)
  }

  @Test("A stream of one API is the same stream in the other") func streams() throws {
    var encoder = ChatStreamEncoder(created: 0, includesUsage: true)
    let chunks = sampleEvents.flatMap { encoder.frames(for: $0) }
    var decoder = ChatStreamDecoder()
    let events = try decoder.events(in: chunks) + decoder.finish()
    var one = AnswerAssembler()
    var other = AnswerAssembler()
    for event in sampleEvents { try one.add(event) }
    for event in events { try other.add(event) }
    var expected = try #require(one.response)
    expected.content[0] = ContentBlock(.thinking(ThinkingContent("Hm…", signature: "")))
    // The other API counts what is kept in one sum.
    expected.usage.cacheCreationFiveMinutes = 3
    expected.usage.cacheCreationHour = 0
    #expect(other.response == expected)
  }
}
