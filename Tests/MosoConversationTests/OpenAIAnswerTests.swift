import MosoConversation
import MosoFormats
import Testing

private func alternative(_ text: String, _ logProbability: Float) -> TokenLogProbability.Alternative {
  TokenLogProbability.Alternative(token: -1, bytes: Array(text.utf8), logProbability: logProbability)
}

@Suite("OpenAICodec, answers to chats") struct OpenAIAnswerTests {
  private let codec = OpenAICodec()

  @Test("A whole answer has the API's shape") func shape() {
    var response = GenerationResponse(
      id: "chatcmpl-1", model: "m",
      content: [
        ContentBlock(.thinking(ThinkingContent("Hm", signature: "s"))), .text("a"), .text("b"),
        ContentBlock(.toolUse(ToolUse(id: "t", name: "f", inputText: "{\"b\": 1}"))),
      ], stopReason: .toolUse, usage: Usage(input: 3, output: 4))
    response.logProbabilities = [
      TokenLogProbability(chosen: alternative("é", -0.1), best: [alternative("é", -0.1), alternative("x", -.infinity)])
    ]
    #expect(
      codec.encodeChat([response], created: 7).serialized() == #"""
        {"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ab","refusal":null,"reasoning_content":"Hm","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{\"b\": 1}"}}]},"logprobs":{"content":[{"token":"é","logprob":-0.1,"bytes":[195,169],"top_logprobs":[{"token":"é","logprob":-0.1,"bytes":[195,169]},{"token":"x","logprob":-9999.0,"bytes":[120]}]}],"refusal":null},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}
        """#)
  }

  @Test("Several answers share the count of the prompt, and come back") func several() throws {
    let responses = ["a", "", "c"].map { text in
      GenerationResponse(
        id: "i", model: "m", content: text.isEmpty ? [] : [.text(text)], stopReason: .endOfTurn,
        usage: Usage(input: 3, output: 2, thinking: 1))
    }
    let body = codec.encodeChat(responses, created: 0)
    #expect(body["usage"]?["prompt_tokens"] == 3)
    #expect(body["usage"]?["completion_tokens"] == 6)
    #expect(body["choices"]?.arrayValue?.map { $0["index"] } == [0, 1, 2])
    #expect(body["choices"]?.arrayValue?[1]["message"]?["content"] == "")
    let back = try codec.decodeChat(body)
    #expect(back.map(\.content) == responses.map(\.content))
    #expect(back.map(\.usage.output) == [6, 0, 0])
    #expect(codec.encodeChat(back, created: 0) == body)
  }

  @Test("An answer that only calls tools has no text") func noText() {
    let use = ContentBlock(.toolUse(ToolUse(id: "t", name: "f", input: [:])))
    let response = GenerationResponse(id: "i", model: "m", content: [use], stopReason: .toolUse, usage: Usage())
    #expect(codec.encodeChat([response], created: 0)["choices"]?.arrayValue?[0]["message"]?["content"] == .null)
  }

  @Test("Log-probabilities come back with their bytes") func logProbabilities() throws {
    var response = GenerationResponse(
      id: "i", model: "m", content: [.text("é")], stopReason: .endOfTurn, usage: Usage())
    response.logProbabilities = [
      TokenLogProbability(
        chosen: TokenLogProbability.Alternative(token: -1, bytes: [0xC3], logProbability: -0.25), best: []),
      TokenLogProbability(
        chosen: TokenLogProbability.Alternative(token: -1, bytes: [0xA9], logProbability: -1.5),
        best: [alternative("a", -1e-7)]),
    ]
    let body = codec.encodeChat([response], created: 0)
    #expect(try codec.decodeChat(body)[0].logProbabilities == response.logProbabilities)
  }

  @Test("A stop string that a server tells is the reason") func stopString() throws {
    let body = try JSONValue(
      parsing: #"""
        {"choices": [{"message": {"content": "a"}, "finish_reason": "stop", "stop_reason": "END"},
          {"message": {"content": null}, "finish_reason": "function_call"},
          {"message": {"content": "b"}, "finish_reason": "stop", "stop_reason": 7}]}
        """#)
    #expect(try codec.decodeChat(body).map(\.stopReason) == [.stopString("END"), .toolUse, .endOfTurn])
  }

  @Test(
    "What is no answer is refused",
    arguments: [
      "[]", "{}", #"{"choices": []}"#, #"{"choices": [1]}"#, #"{"choices": [{}]}"#,
      #"{"choices": [{"message": {"content": 1}}]}"#,
      #"{"choices": [{"message": {"tool_calls": [{"id": "a"}]}}]}"#,
      #"{"choices": [{"message": {}}], "usage": {"prompt_tokens": -1}}"#,
      #"{"choices": [{"message": {}, "logprobs": {"content": [{"token": "a"}]}}]}"#,
      #"{"choices": [{"message": {}, "logprobs": {"content": [{"token": "a", "logprob": 0, "bytes": [256]}]}}]}"#,
    ])
  func refused(text: String) throws {
    let body = try JSONValue(parsing: text)
    let error = #expect(throws: RequestError.self) { try codec.decodeChat(body) }
    #expect(error?.kind == .server)
  }

  @Test("Counts that contradict each other stay in bounds") func contradictions() throws {
    let body = try JSONValue(
      parsing: #"""
        {"choices": [{"message": {}}], "usage": {"prompt_tokens": 5, "completion_tokens": 1,
          "prompt_tokens_details": {"cached_tokens": 9, "cache_write_tokens": 9}}}
        """#)
    let usage = try codec.decodeChat(body)[0].usage
    #expect(usage.prompt == 5)
    #expect(usage.cacheRead == 5)
    #expect(usage.input == 0)
  }

  @Test(
    "Each kind of error has its status, its code and its word on trying again",
    arguments: [
      (RequestError.Kind.invalidRequest, 400, nil, nil), (.contextTooLong, 400, "context_length_exceeded", nil),
      (.authentication, 401, "invalid_api_key", "false"), (.permission, 403, nil, nil),
      (.notFound, 404, "model_not_found", nil), (.conflict, 409, nil, "true"), (.tooLarge, 413, nil, nil),
      (.rateLimit, 429, "rate_limit_exceeded", "true"), (.billing, 429, "insufficient_quota", "false"),
      (.spendingLimit, 429, "spending_limit_reached", "false"), (.server, 500, nil, "true"),
      (.notSupported, 501, nil, "false"), (.overloaded, 503, "server_overloaded", "true"), (.timeout, 504, nil, "true"),
    ] as [(RequestError.Kind, Int, String?, String?)])
  func errors(kind: RequestError.Kind, status: Int, code: String?, isRetried: String?) {
    let error = RequestError(kind, "no", field: "model")
    let reply = codec.encode(error, requestID: "req_1")
    #expect(reply.status == status)
    #expect(reply.body["error"]?["code"]?.stringValue == code)
    #expect(reply.body["error"]?["message"] == "no")
    #expect(reply.body["error"]?["param"] == "model")
    #expect(reply.headers.first == ErrorReply.Header("x-request-id", "req_1"))
    #expect(reply.headers.first { $0.name == "x-should-retry" }?.value == isRetried)
    #expect(codec.decodeError(status: status, body: reply.body) == error)
  }

  @Test("A path that there is not is no model that there is not") func notFound() {
    let reply = codec.encode(RequestError(.notFound, "no"), requestID: "r")
    #expect(reply.body == ["error": ["message": "no", "type": "invalid_request_error", "param": nil, "code": nil]])
    #expect(codec.decodeError(status: 404, body: ["error": "gone"]) == RequestError(.notFound, "gone"))
    #expect(codec.decodeError(status: 500, body: nil).message == "the server refused the request with status 500")
  }

  @Test("Models are listed") func models() {
    #expect(
      codec.encode([ModelInfo(id: "m", created: 5)]).serialized()
        == #"{"object":"list","data":[{"id":"m","object":"model","created":5,"owned_by":"moso"}]}"#)
  }
}
