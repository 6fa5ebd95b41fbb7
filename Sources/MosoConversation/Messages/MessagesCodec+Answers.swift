public import MosoFormats

extension MessagesCodec {
  /// Writes a whole answer.
  public func encode(_ response: GenerationResponse) -> JSONValue {
    var body: JSONObject = [
      "id": .string(response.id), "type": "message", "role": "assistant", "model": .string(response.model),
    ]
    body["content"] = .array(response.content.map(Self.answerJSON))
    // A reason that nobody here knows stands among the unknown fields.
    body["stop_reason"] =
      response.unknown[""]?["stop_reason"] ?? .string(Self.wireName(of: response.stopReason))
    body["stop_sequence"] = Self.stopSequence(of: response.stopReason)
    body["usage"] = Self.json(response.usage, unknown: response.unknown["usage"] ?? [:])
    body.merge(response.unknown[""] ?? [:])
    return .object(body)
  }

  /// Reads a whole answer.
  ///
  /// - Throws: `RequestError` of the kind `server` when it is none.
  public func decodeResponse(_ body: JSONValue) throws(RequestError) -> GenerationResponse {
    do throws(RequestError) {
      var fields = try FieldReader(body, at: "")
      _ = try fields.requiredWord("type", of: ["message"])
      _ = try fields.word("role", of: ["assistant"])
      let id = try fields.requiredString("id")
      let model = try fields.requiredString("model")
      guard let list = try fields.array("content") else {
        throw fields.wrong("content", expected: "an array of blocks")
      }
      let content = try blocks(list, at: "content", in: .answer)
      let reasonName = try fields.requiredString("stop_reason")
      let reason = Self.stopReason(named: reasonName, sequence: try fields.string("stop_sequence"))
      guard var usageFields = try fields.fields("usage") else { throw fields.wrong("usage", expected: "an object") }
      let usage = try Self.usage(&usageFields, after: Usage())
      var response = GenerationResponse(
        id: id, model: model, content: content, stopReason: reason ?? .endOfTurn, usage: usage)
      response.unknown = ["": fields.rest, "usage": usageFields.rest]
      if reason == nil { response.unknown["", default: [:]]["stop_reason"] = .string(reasonName) }
      return response
    } catch {
      throw error.ofAnswer
    }
  }

  /// The body of the reply to a request for a count of tokens.
  public func encodeCount(inputTokens: Int) -> JSONValue { ["input_tokens": .integer(inputTokens)] }

  // MARK: Parts

  /// A block of an answer, whose tool arguments are an object even where the answer was cut within them.
  static func answerJSON(_ block: ContentBlock) -> JSONValue {
    guard case .toolUse(var use) = block.kind, use.input.objectValue == nil else { return json(block) }
    var block = block
    use.input = [:]
    block.kind = .toolUse(use)
    return json(block)
  }

  static func wireName(of reason: StopReason) -> String {
    switch reason {
    case .endOfTurn: "end_turn"
    // Whoever no longer wants the answer has it cut short; the API has no other word for that.
    case .maximumTokens, .cancelled: "max_tokens"
    case .stopString: "stop_sequence"
    case .contextFull: "model_context_window_exceeded"
    case .toolUse: "tool_use"
    case .refusal: "refusal"
    }
  }

  static func stopSequence(of reason: StopReason) -> JSONValue {
    if case .stopString(let text) = reason { .string(text) } else { .null }
  }

  /// The reason of this name; `nil` for one that nobody here knows.
  static func stopReason(named name: String, sequence: String?) -> StopReason? {
    switch name {
    case "end_turn": .endOfTurn
    case "max_tokens": .maximumTokens
    case "stop_sequence": .stopString(sequence ?? "")
    case "model_context_window_exceeded": .contextFull
    case "tool_use": .toolUse
    case "refusal": .refusal
    default: nil
    }
  }

  static func json(_ usage: Usage, unknown: JSONObject = [:]) -> JSONValue {
    var fields: JSONObject = [
      "input_tokens": .integer(usage.input),
      "cache_creation_input_tokens": .integer(usage.cacheCreationFiveMinutes + usage.cacheCreationHour),
      "cache_read_input_tokens": .integer(usage.cacheRead),
      "cache_creation": [
        "ephemeral_5m_input_tokens": .integer(usage.cacheCreationFiveMinutes),
        "ephemeral_1h_input_tokens": .integer(usage.cacheCreationHour),
      ],
      "output_tokens": .integer(usage.output),
      "output_tokens_details": ["thinking_tokens": .integer(usage.thinking)],
    ]
    fields.merge(unknown)
    return .object(fields)
  }

  /// The usage that `fields` tell; what they leave out is as before, for counts in a stream replace each other.
  static func usage(_ fields: inout FieldReader, after earlier: Usage) throws(RequestError) -> Usage {
    var usage = earlier
    usage.input = try fields.wholeNumber("input_tokens", in: Usage.range) ?? usage.input
    usage.output = try fields.wholeNumber("output_tokens", in: Usage.range) ?? usage.output
    if let read = try fields.wholeNumber("cache_read_input_tokens", in: Usage.range) {
      usage.cacheRead = read
      usage.reused = read
    }
    if var creation = try fields.fields("cache_creation") {
      usage.cacheCreationFiveMinutes = try creation.wholeNumber("ephemeral_5m_input_tokens", in: Usage.range) ?? 0
      usage.cacheCreationHour = try creation.wholeNumber("ephemeral_1h_input_tokens", in: Usage.range) ?? 0
    }
    // The split is optional; where it does not add up, the sum counts.
    if let sum = try fields.wholeNumber("cache_creation_input_tokens", in: Usage.range),
      sum != usage.cacheCreationFiveMinutes + usage.cacheCreationHour
    {
      usage.cacheCreationFiveMinutes = sum
      usage.cacheCreationHour = 0
    }
    if var details = try fields.fields("output_tokens_details") {
      usage.thinking = try details.wholeNumber("thinking_tokens", in: Usage.range) ?? usage.thinking
    }
    return usage
  }
}

extension Usage {
  /// Counts that a server may report: so few that sums of them cannot overflow.
  static var range: ClosedRange<Int> { 0...(1 << 48) }
}
