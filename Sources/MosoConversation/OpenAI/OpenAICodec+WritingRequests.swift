public import MosoFormats

extension OpenAICodec {
  /// Writes the body of a chat request; what `decodeChatRequest` read comes back with every field.
  ///
  /// A request of another origin is put into this API's words: the system prompt becomes the first message, each result
  /// of a tool a message of its own, and what the API has no word for is left out, such as the proof of thoughts, whether
  /// a tool failed, and tools that are defined by their type alone.
  public func encodeChatRequest(_ request: GenerationRequest) -> JSONValue {
    let isOwn = request.wire == .openAI
    let request = isOwn ? request : request.withoutUnknownFields()
    let writer = MessageWriter(isOwn: isOwn)
    var body: JSONObject = ["model": .string(request.model)]
    var messages: [JSONValue] = []
    if let system = request.system, !system.isEmpty {
      messages.append(["role": "system", "content": writer.content(system, asString: request.systemPrefersString)])
    }
    for message in request.messages { messages += writer.json(message) }
    body["messages"] = .array(messages)
    writeMaximumTokens(of: request, into: &body)
    writeSampling(of: request, into: &body)
    if let sequences = request.stopSequences {
      if case .string(let text) = request.spelling["stop"], sequences == [text] {
        body["stop"] = .string(text)
      } else {
        body["stop"] = .array(sequences.map(JSONValue.string))
      }
    }
    body["n"] = request.count.map { request.spelled("n", $0) }
    if let logProbabilities = request.logProbabilities {
      body["logprobs"] = true
      body["top_logprobs"] = logProbabilities.alternatives.map { request.spelled("top_logprobs", $0) }
    } else {
      body["logprobs"] = request.spelling["logprobs"]
    }
    body["stream"] = request.isStreamed.map(JSONValue.bool)
    if request.streamIncludesUsage != nil || request.unknown["stream_options"] != nil {
      var options = JSONObject()
      options["include_usage"] = request.streamIncludesUsage.map(JSONValue.bool)
      options.merge(request.unknown["stream_options"] ?? [:])
      body["stream_options"] = .object(options)
    }
    writeTools(of: request, isOwn: isOwn, into: &body)
    body["response_format"] = Self.format(of: request)
    body["reasoning_effort"] = Self.effort(of: request, isOwn: isOwn)
    body["user"] = request.userID.map(JSONValue.string)
    body.merge(request.unknown[""] ?? [:])
    return .object(body)
  }

  private func writeMaximumTokens(of request: GenerationRequest, into body: inout JSONObject) {
    guard let count = request.maximumTokens else { return }
    guard let newer = request.spelling["max_completion_tokens"] else {
      body["max_tokens"] = request.spelled("max_tokens", count)
      return
    }
    body["max_completion_tokens"] = request.spelled("max_completion_tokens", count)
    if newer.integerValue == count { body["max_tokens"] = request.spelling["max_tokens"] }
  }

  private func writeSampling(of request: GenerationRequest, into body: inout JSONObject) {
    let sampling = request.sampling
    let numbers: [(String, Double?)] = [
      ("temperature", sampling.temperature), ("top_p", sampling.topP), ("min_p", sampling.minP),
      ("presence_penalty", sampling.presencePenalty), ("frequency_penalty", sampling.frequencyPenalty),
      ("repetition_penalty", sampling.repetitionPenalty),
    ]
    for (key, number) in numbers { body[key] = number.map { request.spelled(key, $0) } }
    if let count = sampling.topK {
      let written = request.spelling["top_k"]
      body["top_k"] = max(written?.integerValue ?? count, 0) == count ? written ?? .integer(count) : .integer(count)
    }
    body["seed"] = sampling.seed.map { request.spelled("seed", Int(Int64(bitPattern: $0))) }
    if let bias = sampling.logitBias {
      let written = request.spelling["logit_bias"]
      let isSame = written.map { (try? Self.logitBias($0, at: "")) == bias } ?? false
      body["logit_bias"] = isSame ? written : Self.json(bias)
    }
  }

  private func writeTools(of request: GenerationRequest, isOwn: Bool, into body: inout JSONObject) {
    if let tools = request.tools {
      // A tool that only its type defines means something to the models of its maker alone.
      let functions = tools.filter { $0.type == nil || $0.type == "custom" }
      if isOwn || !functions.isEmpty {
        body["tools"] = .array(functions.map { Self.json($0, isOwn: isOwn) })
      }
    }
    guard let choice = request.toolChoice else { return }
    body["parallel_tool_calls"] = choice.allowsParallelUse.map(JSONValue.bool)
    let isImplied = request.spelling["tool_choice"] == .null && choice.kind == .automatic
    if !isImplied { body["tool_choice"] = Self.json(choice) }
  }

  private static func json(_ tool: Tool, isOwn: Bool) -> JSONValue {
    var function: JSONObject = ["name": .string(tool.name)]
    function["description"] = tool.description.map(JSONValue.string)
    function["parameters"] = tool.inputSchema
    function["strict"] = tool.isStrict.map(JSONValue.bool)
    function.merge(tool.unknown["function"]?.objectValue ?? [:])
    var fields: JSONObject = ["type": "function", "function": .object(function)]
    if isOwn { fields["cache_control"] = tool.cacheControl.map(MessagesCodec.json) }
    fields.merge(tool.unknown)
    return .object(fields)
  }

  private static func json(_ choice: ToolChoice) -> JSONValue {
    switch choice.kind {
    case .automatic: return "auto"
    case .any: return "required"
    case .none: return "none"
    case .tool(let name):
      var function: JSONObject = ["name": .string(name)]
      function.merge(choice.unknown["function"]?.objectValue ?? [:])
      var fields: JSONObject = ["type": "function", "function": .object(function)]
      fields.merge(choice.unknown)
      return .object(fields)
    }
  }

  private static func format(of request: GenerationRequest) -> JSONValue? {
    var fields: JSONObject
    switch request.outputFormat {
    case nil: return nil
    case .text: fields = ["type": "text"]
    case .jsonObject: fields = ["type": "json_object"]
    case .jsonSchema(let content, let name, let description, let isStrict):
      // The API wants a name, whatever it is.
      var schema: JSONObject = ["name": .string(name ?? "answer")]
      schema["description"] = description.map(JSONValue.string)
      schema["schema"] = content
      schema["strict"] = isStrict.map(JSONValue.bool)
      schema.merge(request.unknown["response_format.json_schema"] ?? [:])
      fields = ["type": "json_schema", "json_schema": .object(schema)]
    }
    fields.merge(request.unknown["response_format"] ?? [:])
    return .object(fields)
  }

  private static func effort(of request: GenerationRequest, isOwn: Bool) -> JSONValue? {
    if request.thinking?.mode == .disabled { return "none" }
    guard let effort = request.effort else { return nil }
    return .string(effort == "max" && !isOwn ? "xhigh" : effort)
  }
}
