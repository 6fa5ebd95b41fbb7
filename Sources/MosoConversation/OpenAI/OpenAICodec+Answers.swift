public import MosoFormats

extension OpenAICodec {
  /// Writes whole answers to a chat request, one for each that was asked for.
  ///
  /// - Parameters:
  ///   - responses: The answers; the first one's names stand for all, and so does its count of the prompt.
  ///   - created: When they were made, in seconds since 1970.
  /// - Precondition: There is at least one answer.
  public func encodeChat(_ responses: [GenerationResponse], created: Int) -> JSONValue {
    precondition(!responses.isEmpty, "a reply without an answer")
    let first = responses[0]
    var body: JSONObject = [
      "id": .string(first.id), "object": "chat.completion", "created": .integer(created), "model": .string(first.model),
    ]
    body["choices"] = .array(responses.enumerated().map { Self.choice($0.element, index: $0.offset) })
    var usage = first.usage
    for response in responses.dropFirst() {
      usage.output += response.usage.output
      usage.thinking += response.usage.thinking
    }
    body["usage"] = Self.json(usage, unknown: first.unknown["usage"] ?? [:])
    body.merge(first.unknown[""] ?? [:])
    return .object(body)
  }

  private static func choice(_ response: GenerationResponse, index: Int) -> JSONValue {
    var text: String?
    var thoughts: String?
    var calls: [JSONValue] = []
    for block in response.content {
      switch block.kind {
      case .text(let content): text = (text ?? "") + content.text
      case .thinking(let content): thoughts = (thoughts ?? "") + content.text
      case .toolUse(let use):
        calls.append([
          "id": .string(use.id), "type": "function",
          "function": ["name": .string(use.name), "arguments": .string(use.arguments)],
        ])
      // Nothing else has a place in an answer of this API.
      default: break
      }
    }
    var message: JSONObject = ["role": "assistant"]
    message["content"] = text.map(JSONValue.string) ?? (calls.isEmpty ? "" : .null)
    message["refusal"] = .null
    message["reasoning_content"] = thoughts.map(JSONValue.string)
    if !calls.isEmpty { message["tool_calls"] = .array(calls) }
    return [
      "index": .integer(index), "message": .object(message), "logprobs": json(response.logProbabilities),
      "finish_reason": .string(wireName(of: response.stopReason)),
    ]
  }

  /// Reads whole answers to a chat request.
  ///
  /// The count of tokens is one for all answers: the first one has it.
  ///
  /// - Throws: `RequestError` of the kind `server` when there are none.
  public func decodeChat(_ body: JSONValue) throws(RequestError) -> [GenerationResponse] {
    do throws(RequestError) {
      var fields = try FieldReader(body, at: "")
      let id = try fields.string("id") ?? ""
      let model = try fields.string("model") ?? ""
      guard let choices = try fields.array("choices"), !choices.isEmpty else {
        throw fields.wrong("choices", expected: "an array of at least one answer")
      }
      var usage = Usage()
      var unknownCounts = JSONObject()
      if var counts = try fields.fields("usage") {
        usage = try Self.usage(&counts)
        unknownCounts = counts.rest
      }
      for key in ["object", "created"] { _ = fields.value(key) }
      var responses: [GenerationResponse] = []
      for (index, choice) in choices.enumerated() {
        var reader = try FieldReader(choice, at: "choices.\(index)")
        var response = GenerationResponse(
          id: id, model: model, content: try answer(&reader), stopReason: try Self.stopReason(&reader) ?? .endOfTurn,
          usage: usage)
        if var tokens = try reader.fields("logprobs") { response.logProbabilities = try Self.logProbabilities(&tokens) }
        if index == 0 { response.unknown = ["": fields.rest, "usage": unknownCounts] }
        responses.append(response)
        usage = Usage()
      }
      return responses
    } catch {
      throw error.ofAnswer
    }
  }

  private func answer(_ choice: inout FieldReader) throws(RequestError) -> [ContentBlock] {
    guard var message = try choice.fields("message") else { throw choice.wrong("message", expected: "an object") }
    var content: [ContentBlock] = []
    if let thoughts = try message.string("reasoning_content"), !thoughts.isEmpty {
      content.append(ContentBlock(.thinking(ThinkingContent(thoughts, signature: ""))))
    }
    if let text = try message.string("content"), !text.isEmpty { content.append(.text(text)) }
    for (index, call) in (try message.array("tool_calls") ?? []).enumerated() {
      content.append(try toolCall(call, at: message.place("tool_calls.\(index)")))
    }
    return content
  }

  // MARK: Parts

  static func wireName(of reason: StopReason) -> String {
    switch reason {
    case .endOfTurn, .stopString: "stop"
    // Whoever no longer wants the answer has it cut short; the API has no other word for that.
    case .maximumTokens, .contextFull, .cancelled: "length"
    case .toolUse: "tool_calls"
    case .refusal: "content_filter"
    }
  }

  /// Why an answer or its last piece ended; `nil` while it goes on.
  static func stopReason(_ choice: inout FieldReader) throws(RequestError) -> StopReason? {
    guard let name = try choice.string("finish_reason") else { return nil }
    switch name {
    case "length": return .maximumTokens
    case "tool_calls", "function_call": return .toolUse
    case "content_filter": return .refusal
    default:
      // Some servers tell which stop string it was, or the number of the token that ended the text.
      if case .string(let text) = choice.value("stop_reason") { return .stopString(text) }
      return .endOfTurn
    }
  }

  static func json(_ usage: Usage, unknown: JSONObject = [:]) -> JSONValue {
    let written = usage.cacheCreationFiveMinutes + usage.cacheCreationHour
    var fields: JSONObject = [
      "prompt_tokens": .integer(usage.prompt), "completion_tokens": .integer(usage.output),
      "total_tokens": .integer(usage.prompt + usage.output),
      // Clients of this API mark no places: whatever was read before counts.
      "prompt_tokens_details": [
        "cached_tokens": .integer(max(usage.cacheRead, usage.reused)), "cache_write_tokens": .integer(written),
      ],
      "completion_tokens_details": ["reasoning_tokens": .integer(usage.thinking)],
    ]
    fields.merge(unknown)
    return .object(fields)
  }

  static func usage(_ fields: inout FieldReader) throws(RequestError) -> Usage {
    let prompt = try fields.wholeNumber("prompt_tokens", in: Usage.range) ?? 0
    var usage = Usage(output: try fields.wholeNumber("completion_tokens", in: Usage.range) ?? 0)
    _ = fields.value("total_tokens")
    if var details = try fields.fields("prompt_tokens_details") {
      usage.cacheRead = min(try details.wholeNumber("cached_tokens", in: Usage.range) ?? 0, prompt)
      let written = try details.wholeNumber("cache_write_tokens", in: Usage.range) ?? 0
      usage.cacheCreationFiveMinutes = min(written, prompt - usage.cacheRead)
    }
    usage.reused = usage.cacheRead
    usage.input = prompt - usage.cacheRead - usage.cacheCreationFiveMinutes
    if var details = try fields.fields("completion_tokens_details") {
      usage.thinking = try details.wholeNumber("reasoning_tokens", in: Usage.range) ?? 0
    }
    return usage
  }
}
