import MosoConversation
import MosoFormats
import Testing

@Suite("MessagesCodec, answers") struct MessagesAnswerTests {
  private let codec = MessagesCodec(version: .v2023_06_01)

  private func answer(_ reason: StopReason) -> GenerationResponse {
    var usage = Usage(input: 10, cacheRead: 5, reused: 5, output: 9, thinking: 4)
    usage.cacheCreationFiveMinutes = 2
    usage.cacheCreationHour = 1
    return GenerationResponse(
      id: "msg_1", model: "m",
      content: [
        ContentBlock(.thinking(ThinkingContent("Hm", signature: "s"))), .text("a"),
        ContentBlock(.toolUse(ToolUse(id: "t", name: "f", input: ["b": 1, "a": 2.0]))),
      ], stopReason: reason, usage: usage)
  }

  @Test("A whole answer has the API's shape") func shape() {
    #expect(
      codec.encode(answer(.endOfTurn)).serialized() == #"""
        {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"Hm","signature":"s"},{"type":"text","text":"a"},{"type":"tool_use","id":"t","name":"f","input":{"b":1,"a":2.0}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":1},"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}
        """#)
  }

  @Test(
    "Each reason to stop has its name and comes back",
    arguments: [
      (StopReason.endOfTurn, "end_turn"), (.maximumTokens, "max_tokens"), (.stopString("x"), "stop_sequence"),
      (.contextFull, "model_context_window_exceeded"), (.toolUse, "tool_use"), (.refusal, "refusal"),
    ])
  func reasons(reason: StopReason, name: String) throws {
    let json = codec.encode(answer(reason))
    #expect(json["stop_reason"] == .string(name))
    #expect(json["stop_sequence"] == (reason == .stopString("x") ? "x" : .null))
    let back = try codec.decodeResponse(json)
    #expect(back.stopReason == reason)
    #expect(back.content == answer(reason).content)
    #expect(back.usage == answer(reason).usage)
    #expect(codec.encode(back) == json)
  }

  @Test("An answer that nobody wants any longer counts as cut short") func cancelled() {
    #expect(codec.encode(answer(.cancelled))["stop_reason"] == "max_tokens")
  }

  @Test("Arguments that were cut within are an object all the same") func cutArguments() {
    var response = answer(.maximumTokens)
    response.content = [ContentBlock(.toolUse(ToolUse(id: "t", name: "f", inputText: #"{"a": "#)))]
    #expect(codec.encode(response)["content"]?.arrayValue?.first?["input"] == [:])
  }

  @Test("What another server's answer says beyond that is kept") func unknown() throws {
    let json = try JSONValue(
      parsing: #"""
        {"id": "i", "type": "message", "role": "assistant", "model": "m", "stop_reason": "pause_turn",
         "stop_sequence": null, "content": [
           {"type": "text", "text": "", "citations": null}, {"type": "server_tool_use", "id": "s", "name": "w", "input": {}},
           {"type": "tool_use", "id": "t", "name": "f", "input": {}, "caller": {"type": "direct"}}],
         "stop_details": {"type": "refusal"}, "container": null,
         "usage": {"input_tokens": 1, "output_tokens": 2, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
           "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
           "output_tokens_details": {"thinking_tokens": 0}, "service_tier": "standard", "server_tool_use": null}}
        """#)
    let response = try codec.decodeResponse(json)
    #expect(response.stopReason == .endOfTurn)
    #expect(codec.encode(response).serialized(sortedKeys: true) == json.serialized(sortedKeys: true))
  }

  @Test("Counts that are missing are 0, and a sum without its parts counts for five minutes") func usage() throws {
    func usage(_ counts: JSONValue) throws -> Usage {
      try codec.decodeResponse([
        "id": "i", "type": "message", "model": "m", "content": [], "stop_reason": "end_turn", "usage": counts,
      ]).usage
    }
    #expect(
      try usage(["input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": nil]) == Usage(input: 3, output: 4))
    let sum = try usage(["input_tokens": 3, "output_tokens": 4, "cache_creation_input_tokens": 7])
    #expect(sum.cacheCreationFiveMinutes == 7)
    #expect(sum.prompt == 10)
  }

  @Test(
    "What is no answer is refused",
    arguments: [
      "[]", "{}", #"{"type": "error"}"#, #"{"id": "i", "type": "message", "model": "m", "content": []}"#,
      #"{"id": "i", "type": "message", "model": "m", "content": 1, "stop_reason": "end_turn", "usage": {}}"#,
    ])
  func refused(text: String) throws {
    let json = try JSONValue(parsing: text)
    let error = #expect(throws: RequestError.self) { try codec.decodeResponse(json) }
    #expect(error?.kind == .server)
  }
}

@Suite("MessagesCodec, errors and models") struct MessagesErrorTests {
  private let codec = MessagesCodec(version: .v2023_06_01)

  @Test("An error has a status, a body and headers that name the request") func shape() {
    let reply = codec.encode(.promptTooLong(tokens: 9, maximum: 8), requestID: "req_1")
    #expect(reply.status == 400)
    #expect(reply.headers == [ErrorReply.Header("request-id", "req_1")])
    #expect(
      reply.body.serialized()
        == #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"},"request_id":"req_1"}"#
    )
  }

  @Test(
    "Each kind has its status, its name and its word on trying again",
    arguments: [
      (RequestError.Kind.invalidRequest, 400, "invalid_request_error", nil),
      (.contextTooLong, 400, "invalid_request_error", nil), (.authentication, 401, "authentication_error", "false"),
      (.billing, 402, "billing_error", "false"), (.permission, 403, "permission_error", nil),
      (.notFound, 404, "not_found_error", nil), (.conflict, 409, "conflict_error", "true"),
      (.tooLarge, 413, "request_too_large", nil), (.rateLimit, 429, "rate_limit_error", "true"),
      (.spendingLimit, 429, "billing_error", "false"), (.server, 500, "api_error", "true"),
      (.notSupported, 501, "not_supported", "false"), (.timeout, 504, "timeout_error", "true"),
      (.overloaded, 529, "overloaded_error", "true"),
    ] as [(RequestError.Kind, Int, String, String?)])
  func kinds(kind: RequestError.Kind, status: Int, name: String, isRetried: String?) {
    let message = kind == .contextTooLong ? "prompt is too long: 2 tokens > 1 maximum" : "no"
    let reply = codec.encode(RequestError(kind, message), requestID: "r")
    #expect(reply.status == status)
    #expect(reply.body["error"]?["type"] == .string(name))
    #expect(reply.headers.first { $0.name == "x-should-retry" }?.value == isRetried)
    #expect(codec.decodeError(status: status, body: reply.body) == RequestError(kind, message))
  }

  @Test("It says when to try again, and that a limit is the house's own") func headers() {
    let error = RequestError(.spendingLimit, "The limit of this key resets tomorrow.", retryAfter: 60)
    let headers = codec.encode(error, requestID: "r").headers
    #expect(headers.contains(ErrorReply.Header("retry-after", "60")))
    #expect(headers.contains(ErrorReply.Header("anthropic-ratelimit-unified-status", "rejected")))
    #expect(!codec.encode(RequestError(.rateLimit, "no"), requestID: "r").headers.contains { $0.name == "retry-after" })
  }

  @Test("A refusal that is no such body is judged by its status") func foreignErrors() {
    let error = codec.decodeError(status: 503, body: nil, retryAfter: 3)
    #expect(
      error == RequestError(.overloaded, "the server refused the request with status 503", retryAfter: 3))
    #expect(codec.decodeError(status: 418, body: ["error": "x"]).kind == .invalidRequest)
  }

  @Test("Models are listed in parts") func models() throws {
    let models = (1...5).map { ModelInfo(id: "m\($0)", created: 1_000_000_000) }
    func ids(_ page: ModelPage) throws -> [String] {
      let json = try codec.encode(models, page: page)
      let ids = json["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
      #expect(json["first_id"]?.stringValue == ids.first)
      #expect(json["last_id"]?.stringValue == ids.last)
      return ids + [json["has_more"] == true ? "…" : "."]
    }
    #expect(try ids(ModelPage()) == ["m1", "m2", "m3", "m4", "m5", "."])
    #expect(try ids(ModelPage(limit: "2")) == ["m1", "m2", "…"])
    #expect(try ids(ModelPage(limit: "2", afterID: "m3")) == ["m4", "m5", "."])
    #expect(try ids(ModelPage(limit: "3", beforeID: "m3")) == ["m1", "m2", "."])
    #expect(try ids(ModelPage(limit: "1", beforeID: "m3")) == ["m2", "…"])
    #expect(try ids(ModelPage(afterID: "m5")) == ["."])
    #expect(throws: RequestError.self) { try ids(ModelPage(afterID: "m9")) }
    for limit in ["0", "1001", "x", ""] { #expect(throws: RequestError.self) { try ModelPage(limit: limit) } }
    #expect(throws: RequestError.self) { try ModelPage(afterID: "m1", beforeID: "m2") }
  }

  @Test("A model is described with its capabilities") func model() {
    var model = ModelInfo(id: "m", displayName: "M", created: 951_827_696)
    model.capabilities = [.structuredOutputs, .thinking]
    model.maximumInputTokens = 8_192
    let json = codec.encode(model)
    #expect(json["type"] == "model")
    #expect(json["display_name"] == "M")
    #expect(json["created_at"] == "2000-02-29T12:34:56Z")
    #expect(json["max_input_tokens"] == 8_192)
    #expect(json["max_tokens"] == .null)
    #expect(json["capabilities"]?["structured_outputs"] == ["supported": true])
    #expect(json["capabilities"]?["batch"] == ["supported": false])
    #expect(json["capabilities"]?["thinking"]?["types"]?["enabled"] == ["supported": true])
    #expect(json["capabilities"]?["effort"]?["high"] == ["supported": false])
    #expect(json["capabilities"]?["server_tools"]?["web_search"] == ["supported": false])
  }

  @Test(
    "Times are written as the calendar has them",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (1_792_540_800, "2026-10-21T00:00:00Z"),
      (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
      (253_402_300_799, "9999-12-31T23:59:59Z"), (Int.max, "9999-12-31T23:59:59Z"), (Int.min, "0001-01-01T00:00:00Z"),
      (-62_135_596_800, "0001-01-01T00:00:00Z"), (1_735_689_599, "2024-12-31T23:59:59Z"),
    ])
  func timestamps(seconds: Int, text: String) {
    #expect(codec.encode(ModelInfo(id: "m", created: seconds))["created_at"] == .string(text))
  }
}
