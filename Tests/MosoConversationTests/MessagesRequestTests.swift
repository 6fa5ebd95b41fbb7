import MosoConversation
import MosoFormats
import Testing

/// A request that both dialects take, with some members set to something else; `null` takes a member away.
func messagesBody(_ members: String = "{}") throws -> JSONValue {
  var body: JSONObject = ["model": "m", "max_tokens": 64, "messages": [["role": "user", "content": "Hi"]]]
  for (key, value) in try #require(JSONValue(parsing: members).objectValue) {
    if value == .null {
      body[key] = Optional<JSONValue>.none
    } else {
      body[key] = value
    }
  }
  return .object(body)
}

@Suite("MessagesCodec, requests") struct MessagesRequestTests {
  private let codec = MessagesCodec(version: .v2023_06_01)

  @Test("The fields of a request become those of the neutral one") func fields() throws {
    let body = try JSONValue(
      parsing: #"""
        {"model": "m", "max_tokens": 4096, "stream": true, "temperature": 0.5, "top_p": 0.9, "top_k": 40,
         "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
         "stop_sequences": ["\n\nHuman:"], "metadata": {"user_id": "u"},
         "tools": [{"name": "ls", "description": "Lists.", "input_schema": {"type": "object"}, "strict": true},
                   {"type": "bash_20250124", "name": "bash"}],
         "tool_choice": {"type": "auto", "disable_parallel_tool_use": true},
         "thinking": {"type": "enabled", "budget_tokens": 1024, "display": "omitted"},
         "output_config": {"effort": "high", "format": {"type": "json_schema", "schema": {"type": "object"}}},
         "cache_control": {"type": "ephemeral"},
         "messages": [
          {"role": "user", "content": "List."},
          {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "redacted_thinking", "data": "x"},
            {"type": "text", "text": "Yes."}, {"type": "tool_use", "id": "t1", "name": "ls", "input": {"b": 1, "a": 2.0}}]},
          {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "none", "is_error": true},
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "d"}, "title": "T"},
            {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "found"}]}]},
          {"role": "system", "content": "Go on."}]}
        """#)
    let request = try codec.decodeRequest(body)
    #expect(request.model == "m")
    #expect(request.maximumTokens == 4_096)
    #expect(request.isStreamed == true)
    #expect(request.sampling.temperature == 0.5)
    #expect(request.sampling.topP == 0.9)
    #expect(request.sampling.topK == 40)
    #expect(
      request.system == [ContentBlock(.text(TextContent("Be brief.")), cacheControl: CacheControl(timeToLive: "1h"))])
    #expect(request.stopSequences == ["\n\nHuman:"])
    #expect(request.userID == "u")
    #expect(request.tools?.map(\.name) == ["ls", "bash"])
    #expect(request.tools?.map(\.type) == [nil, "bash_20250124"])
    #expect(request.tools?.first?.isStrict == true)
    #expect(request.toolChoice == ToolChoice(.automatic, allowsParallelUse: false))
    #expect(request.thinking == ThinkingRequest(.enabled(budget: 1_024), display: "omitted"))
    #expect(request.effort == "high")
    #expect(
      request.outputFormat == .jsonSchema(["type": "object"], name: nil, description: nil, isStrict: nil))
    #expect(request.cacheControl == CacheControl())
    #expect(request.messages.map(\.role) == [.user, .assistant, .user, .system])
    #expect(request.messages[0] == Message(.user, "List."))
    #expect(
      request.messages[1].content.map(\.kind) == [
        .thinking(ThinkingContent("hm", signature: "s")), .redactedThinking(data: "x"), .text(TextContent("Yes.")),
        .toolUse(ToolUse(id: "t1", name: "ls", input: ["b": 1, "a": 2.0])),
      ])
    #expect(
      request.messages[2].content.map(\.kind) == [
        .toolResult(ToolResult(toolUseID: "t1", text: "none", isError: true)),
        .document(Document(source: .text("d", mediaType: "text/plain"), title: "T")),
        .searchResult(SearchResult(source: "s", title: "t", content: [.text("found")])),
      ])
    #expect(request.unknownFields == [])
    #expect(request.unsupportedContent == [])
    #expect(codec.encodeRequest(request).serialized(sortedKeys: true) == body.serialized(sortedKeys: true))
  }

  @Test("A field that is missing or of the wrong kind is named with what was found and what was expected")
  func sentence() throws {
    func refusal(_ members: String) throws -> RequestError? {
      let body = try messagesBody(members)
      return #expect(throws: RequestError.self) { try codec.decodeRequest(body) }
    }
    let missing = try refusal(#"{"max_tokens": null}"#)
    #expect(missing?.kind == .invalidRequest)
    #expect(missing?.message == "max_tokens is missing, but has to be a whole number of 0 or more")
    let source = try refusal(
      #"""
      {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"},
        {"type": "image", "source": {"type": "ftp", "data": "x"}}]}]}
      """#)
    #expect(source?.field == "messages.0.content.1.source.type")
    #expect(
      source?.message
        == #"messages.0.content.1.source.type is "ftp", but has to be "base64", "url" or "file""#)
    let long = try refusal(#"{"system": 3, "model": {}}"#)
    #expect(long?.message == "model is an object, but has to be a string")
  }

  @Test(
    "What breaks a rule is refused by the name of its field",
    arguments: [
      (#"{"model": null}"#, "model"), (#"{"model": ""}"#, "model"), (#"{"max_tokens": -1}"#, "max_tokens"),
      (#"{"max_tokens": 1.5}"#, "max_tokens"), (#"{"max_tokens": "9"}"#, "max_tokens"),
      (#"{"messages": null}"#, "messages"), (#"{"messages": []}"#, "messages"), (#"{"messages": {}}"#, "messages"),
      (#"{"messages": ["a"]}"#, "messages.0"), (#"{"messages": [{"content": "a"}]}"#, "messages.0.role"),
      (#"{"messages": [{"role": "tool", "content": "a"}]}"#, "messages.0.role"),
      (#"{"messages": [{"role": "user"}]}"#, "messages.0.content"),
      (#"{"messages": [{"role": "user", "content": ""}]}"#, "messages.0.content"),
      (#"{"messages": [{"role": "user", "content": []}]}"#, "messages.0.content"),
      (#"{"messages": [{"role": "user", "content": 1}]}"#, "messages.0.content"),
      (#"{"messages": [{"role": "user", "content": [{"text": "a"}]}]}"#, "messages.0.content.0.type"),
      (#"{"messages": [{"role": "user", "content": [{"type": "text"}]}]}"#, "messages.0.content.0.text"),
      (#"{"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}"#, "messages.0.content.0.text"),
      (
        #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "citations": 1}]}]}"#,
        "messages.0.content.0.citations"
      ),
      (
        #"{"messages": [{"role": "user", "content": [{"type": "tool_use", "id": "a", "name": "b", "input": {}}]}]}"#,
        "messages.0.content.0.type"
      ),
      (
        #"{"messages": [{"role": "assistant", "content": [{"type": "tool_result", "tool_use_id": "a"}]}]}"#,
        "messages.0.content.0.type"
      ),
      (
        #"{"messages": [{"role": "system", "content": [{"type": "image", "source": {}}]}]}"#,
        "messages.0.content.0.type"
      ),
      (
        #"{"messages": [{"role": "assistant", "content": [{"type": "thinking", "thinking": "a"}]}]}"#,
        "messages.0.content.0.signature"
      ),
      (
        #"{"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "b", "input": []}]}]}"#,
        "messages.0.content.0.input"
      ),
      (
        #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b "}]}"#,
        "messages.1.content"
      ),
      (
        #"{"messages": [{"role": "assistant", "content": [{"type": "text", "text": "b\n"}]}]}"#, "messages.0.content"
      ),
      (#"{"system": 1}"#, "system"), (#"{"system": [{"type": "image"}]}"#, "system.0.type"),
      (#"{"system": [{"type": "text", "text": ""}]}"#, "system.0.text"),
      (#"{"stop_sequences": "a"}"#, "stop_sequences"),
      (#"{"stop_sequences": [\#((0..<65).map { "\"\($0)\"" }.joined(separator: ","))]}"#, "stop_sequences"),
      (#"{"stop_sequences": ["a", "\#(String(repeating: "b", count: 1_025))"]}"#, "stop_sequences.1"),
      (#"{"stop_sequences": ["a", 1]}"#, "stop_sequences.1"), (#"{"stream": 1}"#, "stream"),
      (#"{"temperature": 1.1}"#, "temperature"), (#"{"temperature": "1"}"#, "temperature"),
      (#"{"top_p": -0.1}"#, "top_p"),
      (#"{"top_k": -1}"#, "top_k"), (#"{"metadata": "u"}"#, "metadata"),
      (#"{"metadata": {"user_id": 1}}"#, "metadata.user_id"),
      (#"{"safeguards": {}}"#, "safeguards"), (#"{"tools": {}}"#, "tools"), (#"{"tools": [{}]}"#, "tools.0.name"),
      (#"{"tools": [{"name": "a b", "input_schema": {"type": "object"}}]}"#, "tools.0.name"),
      (#"{"tools": [{"name": "a"}]}"#, "tools.0.input_schema"),
      (#"{"tools": [{"name": "a", "input_schema": {"type": "array"}}]}"#, "tools.0.input_schema.type"),
      (
        #"""
        {"tools": [{"name": "a", "input_schema": {"type": "object"}}, {"name": "a", "input_schema": {"type": "object"}}]}
        """#, "tools.1.name"
      ),
      (#"{"tool_choice": {"type": "some"}}"#, "tool_choice.type"),
      (#"{"tool_choice": {"type": "any"}}"#, "tool_choice"),
      (#"{"tool_choice": {"type": "tool"}}"#, "tool_choice.name"),
      (
        #"{"tools": [{"name": "a", "input_schema": {"type": "object"}}], "tool_choice": {"type": "tool", "name": "b"}}"#,
        "tool_choice.name"
      ),
      (
        #"""
        {"tools": [{"name": "a", "input_schema": {"type": "object"}}], "tool_choice": {"type": "any"},
         "thinking": {"type": "adaptive"}}
        """#, "tool_choice"
      ),
      (#"{"thinking": {"type": "on"}}"#, "thinking.type"),
      (#"{"thinking": {"type": "enabled"}}"#, "thinking.budget_tokens"),
      (#"{"max_tokens": 4096, "thinking": {"type": "enabled", "budget_tokens": 1023}}"#, "thinking.budget_tokens"),
      (#"{"max_tokens": 1024, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#, "thinking.budget_tokens"),
      (#"{"output_config": {"effort": "huge"}}"#, "output_config.effort"),
      (#"{"output_config": {"format": {"type": "json"}}}"#, "output_config.format.type"),
      (#"{"output_config": {"format": {"type": "json_schema", "schema": true}}}"#, "output_config.format.schema"),
      (#"{"cache_control": {"type": "durable"}}"#, "cache_control.type"),
      (#"{"cache_control": {"type": "ephemeral", "ttl": "2h"}}"#, "cache_control.ttl"),
    ])
  func refused(members: String, field: String) throws {
    let body = try messagesBody(members)
    let error = #expect(throws: RequestError.self) { try codec.decodeRequest(body) }
    #expect(error?.kind == .invalidRequest)
    #expect(error?.field == field)
    #expect(error?.message.contains(field) == true)
  }

  @Test("A body that is no object is refused") func noObject() {
    let error = #expect(throws: RequestError.self) { try codec.decodeRequest([1]) }
    #expect(error?.message == "the body is an array, but has to be an object")
  }

  @Test(
    "The later dialect refuses what only the earlier one allows",
    arguments: [
      (#"{"temperature": 1}"#, "temperature"), (#"{"top_p": 1.0}"#, "top_p"), (#"{"top_k": 0}"#, "top_k"),
      (
        #"""
        {"messages": [{"role": "assistant", "content": [
          {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a"}}]}]}
        """#, "messages.0.content.0.type"
      ),
      (
        #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "citations": [{}]}]}]}"#,
        "messages.0.content.0.citations"
      ),
    ])
  func dialects(members: String, field: String) throws {
    let body = try messagesBody(members)
    _ = try codec.decodeRequest(body)
    let error = #expect(throws: RequestError.self) { try MessagesCodec(version: .v2026_10_21).decodeRequest(body) }
    #expect(error?.field == field)
  }

  @Test("The later dialect takes what it does not forbid") func laterDialect() throws {
    let members = #"""
      {"temperature": null, "messages": [
        {"role": "user", "content": [{"type": "text", "text": "a", "citations": []},
          {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a"}}]},
        {"role": "assistant", "content": [{"type": "text", "text": "a", "citations": [{"type": "char_location"}]}]}]}
      """#
    let later = MessagesCodec(version: .v2026_10_21)
    let body = try messagesBody(members)
    #expect(
      try later.encodeRequest(later.decodeRequest(body)).serialized(sortedKeys: true)
        == body.serialized(sortedKeys: true))
  }

  @Test("The version comes from the header, and an unknown one is refused") func version() throws {
    #expect(try MessagesVersion(header: nil) == .v2023_06_01)
    #expect(try MessagesVersion(header: "2026-10-21") == .v2026_10_21)
    let error = #expect(throws: RequestError.self) { try MessagesVersion(header: "2023-01-01") }
    #expect(
      error?.message == #"anthropic-version is "2023-01-01", but has to be 2023-06-01 or 2026-10-21"#)
  }

  @Test("A count of tokens needs no max_tokens, and 0 only fills the cache") func counting() throws {
    let body = try messagesBody(#"{"max_tokens": null, "thinking": {"type": "enabled", "budget_tokens": 2000}}"#)
    let request = try codec.decodeCountRequest(body)
    #expect(request.maximumTokens == nil)
    #expect(codec.encodeRequest(request).serialized(sortedKeys: true) == body.serialized(sortedKeys: true))
    #expect(try codec.decodeRequest(messagesBody(#"{"max_tokens": 0}"#)).maximumTokens == 0)
    #expect(codec.encodeCount(inputTokens: 7) == ["input_tokens": 7])
  }

  @Test("The final message may be an empty one of the assistant") func emptyPrefill() throws {
    let body = try messagesBody(
      #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": ""}]}"#)
    #expect(try codec.decodeRequest(body).messages.last == Message(.assistant, ""))
  }

  @Test("Unknown fields are kept and listed with their places") func unknownFields() throws {
    let body = try messagesBody(
      #"""
      {"service_tier": "auto", "nothing": null, "metadata": {"team": 1}, "output_config": {"x": 1},
       "tool_choice": {"type": "auto", "x": 1}, "thinking": {"type": "adaptive", "x": 1},
       "tools": [{"name": "a", "input_schema": {"type": "object"}, "allowed_callers": []}],
       "cache_control": {"type": "ephemeral", "scope": "x"},
       "messages": [{"role": "user", "tag": "x", "content": [
         {"type": "text", "text": "a", "foo": [1, 2.0], "cache_control": {"type": "ephemeral", "y": null, "z": 1}},
         {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "d", "bar": 1}},
         {"type": "mystery", "secret": {"b": 1, "a": 2}},
         {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "i", "deep": 1}]}}]}]}
      """#)
    let request = try codec.decodeRequest(body)
    #expect(
      request.unknownFields == [
        "service_tier", "metadata.team", "output_config.x", "cache_control.scope", "thinking.x", "tool_choice.x",
        "tools.0.allowed_callers", "messages.0.tag", "messages.0.content.0.foo",
        "messages.0.content.0.cache_control.z", "messages.0.content.1.source.bar",
        "messages.0.content.3.source.content.0.deep",
      ])
    #expect(request.unsupportedContent == [UnsupportedContent(field: "messages.0.content.2", type: "mystery")])
    // Missing in `messagesBody` means taken away, so the null is put back by hand.
    var full = try #require(body.objectValue)
    full["nothing"] = .null
    let again = try codec.encodeRequest(codec.decodeRequest(.object(full)))
    #expect(again.serialized(sortedKeys: true) == JSONValue.object(full).serialized(sortedKeys: true))
  }

  @Test("Pictures and files are kept, and named as what a model of text cannot honour") func unsupported() throws {
    let body = try messagesBody(
      #"""
      {"messages": [{"role": "user", "content": [
         {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
         {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "AA=="}},
         {"type": "document", "source": {"type": "url", "url": "https://a"}},
         {"type": "document", "source": {"type": "file", "file_id": "f"}}]},
       {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "b", "input": {}}]},
       {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": [
         {"type": "text", "text": "x"}, {"type": "image", "source": {"type": "url", "url": "https://a"}}]}]}]}
      """#)
    let request = try codec.decodeRequest(body)
    #expect(
      request.unsupportedContent.map(\.field) == [
        "messages.0.content.0", "messages.0.content.1", "messages.0.content.2", "messages.0.content.3",
        "messages.2.content.0.content.1",
      ])
    #expect(request.unsupportedContent.map(\.type) == ["image", "document", "document", "document", "image"])
    #expect(codec.encodeRequest(request).serialized(sortedKeys: true) == body.serialized(sortedKeys: true))
  }
}
