import MosoConversation
import MosoFormats
import Testing

/// A chat request with some members set to something else; `null` takes a member away.
func chatBody(_ members: String = "{}") throws -> JSONValue {
  var body: JSONObject = ["model": "m", "messages": [["role": "user", "content": "Hi"]]]
  for (key, value) in try #require(JSONValue(parsing: members).objectValue) {
    if value == .null {
      body[key] = Optional<JSONValue>.none
    } else {
      body[key] = value
    }
  }
  return .object(body)
}

@Suite("OpenAICodec, chat requests") struct OpenAIRequestTests {
  private let codec = OpenAICodec()

  private func expectSame(_ body: JSONValue) throws {
    let again = try codec.encodeChatRequest(codec.decodeChatRequest(body))
    #expect(again.serialized(sortedKeys: true) == body.serialized(sortedKeys: true))
  }

  @Test("The fields of a request become those of the neutral one") func fields() throws {
    let body = try JSONValue(
      parsing: #"""
        {"model": "m", "max_completion_tokens": 99, "temperature": 1.5, "top_p": 0.9, "top_k": -1, "min_p": 0.05,
         "repetition_penalty": 1.1, "presence_penalty": -2.0, "frequency_penalty": 0.5, "seed": -7, "n": 2,
         "stop": "END", "logit_bias": {"50": -100, "7": 1.5}, "logprobs": true, "top_logprobs": 5, "stream": true,
         "stream_options": {"include_usage": true}, "user": "u", "parallel_tool_calls": false,
         "tool_choice": {"type": "function", "function": {"name": "ls"}}, "reasoning_effort": "minimal",
         "tools": [{"type": "function", "function": {"name": "ls", "description": "Lists.", "strict": true,
           "parameters": {"type": "object", "properties": {"z": {}, "a": {}}}}}],
         "response_format": {"type": "json_schema",
           "json_schema": {"name": "N", "description": "D", "schema": {"type": "object"}, "strict": false}},
         "messages": [
          {"role": "developer", "content": "Be brief."},
          {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url":
            {"url": "data:image/png;base64,AA==", "detail": "low"}}, {"type": "input_audio", "input_audio": {"data": "x"}}]},
          {"role": "assistant", "content": null, "reasoning_content": "Hm", "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": "{\"b\":1, \"a\": 2.0}"}}]},
          {"role": "tool", "tool_call_id": "c1", "content": "none"},
          {"role": "assistant", "content": "Nothing."}]}
        """#)
    let request = try codec.decodeChatRequest(body)
    #expect(request.maximumTokens == 99)
    #expect(request.sampling.temperature == 1.5)
    #expect(request.sampling.topP == 0.9)
    #expect(request.sampling.topK == 0)
    #expect(request.sampling.minP == 0.05)
    #expect(request.sampling.repetitionPenalty == 1.1)
    #expect(request.sampling.presencePenalty == -2)
    #expect(request.sampling.frequencyPenalty == 0.5)
    #expect(request.sampling.seed == UInt64.max - 6)
    #expect(request.sampling.logitBias == [50: -100, 7: 1.5])
    #expect(request.count == 2)
    #expect(request.stopSequences == ["END"])
    #expect(request.logProbabilities == LogProbabilityRequest(alternatives: 5))
    #expect(request.isStreamed == true)
    #expect(request.streamIncludesUsage == true)
    #expect(request.userID == "u")
    #expect(request.toolChoice == ToolChoice(.tool(name: "ls"), allowsParallelUse: false))
    #expect(request.effort == "minimal")
    #expect(request.tools?.first?.isStrict == true)
    #expect(request.tools?.first?.inputSchema?["properties"] == ["z": [:], "a": [:]])
    #expect(
      request.outputFormat == .jsonSchema(["type": "object"], name: "N", description: "D", isStrict: false))
    #expect(request.messages.map(\.role) == [.developer, .user, .assistant, .user, .assistant])
    #expect(request.messages[0] == Message(.developer, "Be brief."))
    #expect(
      request.messages[1].content.map(\.kind) == [
        .text(TextContent("a")), .image(source: ["type": "base64", "media_type": "image/png", "data": "AA=="]),
        .unknown(type: "input_audio"),
      ])
    #expect(
      request.messages[2].content.map(\.kind) == [
        .thinking(ThinkingContent("Hm", signature: "")),
        .toolUse(ToolUse(id: "c1", name: "ls", inputText: #"{"b":1, "a": 2.0}"#)),
      ])
    #expect(request.messages[3].content.map(\.kind) == [.toolResult(ToolResult(toolUseID: "c1", text: "none"))])
    #expect(request.unsupportedContent.map(\.field) == ["messages.1.content.1", "messages.1.content.2"])
    #expect(request.unknownFields == ["messages.1.content.1.image_url.detail"])
    try expectSame(body)
  }

  @Test(
    "What can be written in several ways comes back as it came",
    arguments: [
      #"{"max_tokens": 5}"#, #"{"max_completion_tokens": 5}"#, #"{"max_tokens": 4, "max_completion_tokens": 5}"#,
      #"{"max_tokens": 5.0}"#, #"{"temperature": 1}"#, #"{"temperature": 1.0}"#, #"{"stop": "a"}"#, #"{"stop": ["a"]}"#,
      #"{"stop": []}"#, #"{"logprobs": false}"#, #"{"logprobs": true}"#, #"{"parallel_tool_calls": true}"#,
      #"{"parallel_tool_calls": true, "tool_choice": "auto"}"#, #"{"tool_choice": "none"}"#, #"{"tools": []}"#,
      #"{"reasoning_effort": "none"}"#, #"{"logit_bias": {"9": 1, "1": 2.0}}"#, #"{"logit_bias": {}}"#,
      #"{"top_k": 0}"#,
      #"{"top_k": -1}"#, #"{"stream_options": {}}"#, #"{"stream_options": {"include_usage": false, "x": 1}}"#,
      #"{"response_format": {"type": "text"}}"#, #"{"response_format": {"type": "json_object", "x": 1}}"#,
      #"{"store": true, "metadata": {"a": "b"}, "service_tier": "auto", "prompt_cache_key": "k"}"#,
      #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}], "name": "n"}]}"#,
      #"{"messages": [{"role": "user", "content": []}]}"#, #"{"messages": [{"role": "assistant", "content": ""}]}"#,
      #"{"messages": [{"role": "assistant", "content": null, "refusal": null, "tool_calls": null}]}"#,
      #"{"messages": [{"role": "assistant", "content": [], "tool_calls": []}]}"#,
      #"{"messages": [{"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}], "reasoning_content": ""}]}"#,
      #"""
      {"messages": [{"role": "assistant", "content": [], "tool_calls": [
        {"id": "a", "type": "function", "x": 1, "function": {"name": "f", "arguments": "", "y": 2}},
        {"id": "b", "type": "function", "function": {"name": "f", "arguments": "{\"a\": [1,"}}]},
       {"role": "tool", "tool_call_id": "b", "content": [{"type": "text", "text": "r"}], "name": "f"},
       {"role": "tool", "tool_call_id": "a", "content": []}]}
      """#,
      #"""
      {"messages": [{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "https://a/b,c"}, "cache_control": {"type": "ephemeral"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;charset=x,AA"}},
        {"type": "image_url", "image_url": {"url": "data:;base64,"}}, {"type": "file", "file": {"file_id": "f"}}]}]}
      """#,
    ])
  func spelling(members: String) throws {
    try expectSame(chatBody(members))
  }

  @Test("A null is kept where nothing stands for it") func nulls() throws {
    let keys = [
      "max_tokens", "temperature", "stop", "tools", "tool_choice", "response_format", "logit_bias", "n", "user",
      "reasoning_effort", "stream_options", "functions",
    ]
    var body = try #require(chatBody(#"{"parallel_tool_calls": true}"#).objectValue)
    for key in keys { body[key] = .null }
    try expectSame(.object(body))
    #expect(try codec.decodeChatRequest(.object(body)).unknownFields == [])
  }

  @Test("Arguments are read as JSON where they are JSON, and kept as text until they change") func arguments() {
    #expect(ToolUse(id: "", name: "", inputText: " ").input == [:])
    #expect(ToolUse(id: "", name: "", inputText: #"{"a": 1}"#).input == ["a": 1])
    var use = ToolUse(id: "", name: "", inputText: #"{"a": "#)
    #expect(use.input == .string(#"{"a": "#))
    #expect(use.inputText == #"{"a": "#)
    use.input = ["a": 2]
    #expect(use.inputText == nil)
  }

  @Test("What has changed since it was read is written as it is now") func changes() throws {
    var request = try codec.decodeChatRequest(
      chatBody(
        #"""
        {"max_tokens": 4, "max_completion_tokens": 5, "temperature": 1, "stop": "a", "top_k": -1, "logit_bias": {"1": 1},
         "parallel_tool_calls": false}
        """#))
    request.maximumTokens = 3
    request.sampling.temperature = 0.5
    request.stopSequences = ["b", "c"]
    request.sampling.topK = 7
    request.sampling.logitBias = [2: 2]
    request.toolChoice?.kind = .none
    #expect(
      codec.encodeChatRequest(request) == [
        "model": "m", "messages": [["role": "user", "content": "Hi"]], "max_completion_tokens": 3, "temperature": 0.5,
        "top_k": 7, "logit_bias": ["2": 2.0], "stop": ["b", "c"], "parallel_tool_calls": false, "tool_choice": "none",
      ])
  }

  @Test(
    "What breaks a rule is refused by the name of its field",
    arguments: [
      (#"{"model": null}"#, "model"), (#"{"messages": null}"#, "messages"), (#"{"messages": []}"#, "messages"),
      (#"{"functions": []}"#, "functions"), (#"{"function_call": "auto"}"#, "function_call"),
      (#"{"messages": [1]}"#, "messages.0"),
      (#"{"messages": [{"role": "function", "content": "a"}]}"#, "messages.0.role"),
      (#"{"messages": [{"role": "user"}]}"#, "messages.0.content"),
      (#"{"messages": [{"role": "user", "content": 1}]}"#, "messages.0.content"),
      (#"{"messages": [{"role": "user", "content": ["a"]}]}"#, "messages.0.content.0"),
      (#"{"messages": [{"role": "user", "content": [{"text": "a"}]}]}"#, "messages.0.content.0.type"),
      (#"{"messages": [{"role": "user", "content": [{"type": "text"}]}]}"#, "messages.0.content.0.text"),
      (
        #"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "a"}]}]}"#,
        "messages.0.content.0.image_url"
      ),
      (#"{"messages": [{"role": "assistant"}]}"#, "messages.0.content"),
      (#"{"messages": [{"role": "assistant", "tool_calls": [{}]}]}"#, "messages.0.tool_calls.0.id"),
      (
        #"{"messages": [{"role": "assistant", "tool_calls": [{"id": "a", "type": "custom"}]}]}"#,
        "messages.0.tool_calls.0.type"
      ),
      (
        #"{"messages": [{"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {}}}]}]}"#,
        "messages.0.tool_calls.0.function.arguments"
      ),
      (
        #"{"messages": [{"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": ""}}]}]}"#,
        "messages.0.tool_calls"
      ),
      (#"{"messages": [{"role": "tool", "content": "a"}]}"#, "messages.0.tool_call_id"),
      (#"{"messages": [{"role": "tool", "content": "a", "tool_call_id": "x"}]}"#, "messages.0.tool_call_id"),
      (
        #"""
        {"messages": [{"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": ""}}]},
         {"role": "user", "content": "b"}, {"role": "tool", "tool_call_id": "a", "content": "c"}]}
        """#, "messages.0.tool_calls"
      ),
      (
        #"""
        {"messages": [{"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": ""}}]},
         {"role": "tool", "tool_call_id": "a", "content": "c"}, {"role": "tool", "tool_call_id": "a", "content": "c"}]}
        """#, "messages.2.tool_call_id"
      ),
      (#"{"max_tokens": -1}"#, "max_tokens"), (#"{"max_completion_tokens": "1"}"#, "max_completion_tokens"),
      (#"{"temperature": 2.1}"#, "temperature"), (#"{"top_p": 1.1}"#, "top_p"), (#"{"min_p": -1}"#, "min_p"),
      (#"{"top_k": -2}"#, "top_k"), (#"{"presence_penalty": 3}"#, "presence_penalty"),
      (#"{"frequency_penalty": -3}"#, "frequency_penalty"), (#"{"repetition_penalty": 0}"#, "repetition_penalty"),
      (#"{"seed": 0.5}"#, "seed"), (#"{"n": 0}"#, "n"), (#"{"n": 129}"#, "n"), (#"{"stop": 1}"#, "stop"),
      (#"{"stop": ["a", "b", "c", "d", "e"]}"#, "stop"), (#"{"stop": [1]}"#, "stop.0"),
      (#"{"logit_bias": []}"#, "logit_bias"),
      (#"{"logit_bias": {"a": 1}}"#, "logit_bias"), (#"{"logit_bias": {"1": 101}}"#, "logit_bias.1"),
      (#"{"logit_bias": {"-1": 1}}"#, "logit_bias"), (#"{"top_logprobs": 1}"#, "top_logprobs"),
      (#"{"logprobs": true, "top_logprobs": 21}"#, "top_logprobs"), (#"{"logprobs": 1}"#, "logprobs"),
      (#"{"stream_options": 1}"#, "stream_options"), (#"{"tools": [{"function": {"name": "a"}}]}"#, "tools.0.type"),
      (#"{"tools": [{"type": "custom"}]}"#, "tools.0.type"),
      (#"{"tools": [{"type": "function"}]}"#, "tools.0.function"),
      (#"{"tools": [{"type": "function", "function": {"name": "a.b"}}]}"#, "tools.0.function.name"),
      (
        #"{"tools": [{"type": "function", "function": {"name": "a", "parameters": 1}}]}"#, "tools.0.function.parameters"
      ),
      (
        #"{"tools": [{"type": "function", "function": {"name": "a"}}, {"type": "function", "function": {"name": "a"}}]}"#,
        "tools.1.function.name"
      ),
      (#"{"tool_choice": "any"}"#, "tool_choice"), (#"{"tool_choice": "required"}"#, "tool_choice"),
      (#"{"tool_choice": {"type": "allowed_tools"}}"#, "tool_choice.type"),
      (#"{"tool_choice": {"type": "function", "function": {"name": "a"}}}"#, "tool_choice.function.name"),
      (#"{"parallel_tool_calls": "no"}"#, "parallel_tool_calls"), (#"{"response_format": "json"}"#, "response_format"),
      (#"{"response_format": {"type": "xml"}}"#, "response_format.type"),
      (#"{"response_format": {"type": "json_schema"}}"#, "response_format.json_schema"),
      (
        #"{"response_format": {"type": "json_schema", "json_schema": {"name": "n"}}}"#,
        "response_format.json_schema.schema"
      ),
      (#"{"reasoning_effort": "huge"}"#, "reasoning_effort"), (#"{"user": 1}"#, "user"),
    ])
  func refused(members: String, field: String) throws {
    let body = try chatBody(members)
    let error = #expect(throws: RequestError.self) { try codec.decodeChatRequest(body) }
    #expect(error?.kind == .invalidRequest)
    #expect(error?.field == field)
    #expect(error?.message.contains(field) == true)
  }

  @Test("Unknown fields are listed with their places") func unknownFields() throws {
    let request = try codec.decodeChatRequest(
      chatBody(
        #"""
        {"store": true, "stream_options": {"x": 1}, "tools": [{"type": "function", "function": {"name": "a", "y": 1}}],
         "messages": [{"role": "user", "content": "a", "name": "n"}, {"role": "assistant", "content": "c", "tool_calls": [
           {"id": "a", "z": 1, "function": {"name": "f", "arguments": "", "w": 2}}]},
           {"role": "tool", "tool_call_id": "a", "content": "c"}]}
        """#))
    #expect(
      request.unknownFields == [
        "store", "stream_options.x", "tools.0.function.y", "messages.0.name", "messages.1.tool_calls.0.z",
        "messages.1.tool_calls.0.function.w",
      ])
  }
}
