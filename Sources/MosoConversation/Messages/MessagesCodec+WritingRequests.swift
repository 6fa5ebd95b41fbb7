public import MosoFormats

extension MessagesCodec {
  /// Writes the body of a request; what `decodeRequest` read comes back with every field.
  ///
  /// A request of another origin is put into this API's words: leading messages of the system become the system prompt,
  /// neighbours of the same role become one message, and what the API would refuse is left out: empty texts, thoughts
  /// without proof, fields of other APIs, and what the dialect has no word for.
  public func encodeRequest(_ request: GenerationRequest) -> JSONValue {
    let isOwn = request.wire == .messages
    let request = isOwn ? request : Self.adapted(request, defaultMaximumTokens: defaultMaximumTokens)
    var body: JSONObject = ["model": .string(request.model)]
    if let count = request.maximumTokens { body["max_tokens"] = request.spelled("max_tokens", count) }
    if let system = request.system {
      body["system"] = Self.content(system, asString: request.systemPrefersString)
    }
    body["messages"] = .array(request.messages.map(Self.json))
    if let tools = request.tools { body["tools"] = .array(tools.map(Self.json)) }
    if let choice = request.toolChoice { body["tool_choice"] = Self.json(choice) }
    body["stop_sequences"] = request.stopSequences.map { .array($0.map(JSONValue.string)) }
    if version == .v2023_06_01 {
      body["temperature"] = request.sampling.temperature.map { request.spelled("temperature", $0) }
      body["top_p"] = request.sampling.topP.map { request.spelled("top_p", $0) }
      body["top_k"] = request.sampling.topK.map { request.spelled("top_k", $0) }
    }
    if let thinking = request.thinking { body["thinking"] = Self.json(thinking, of: request) }
    if let rest = request.unknown["output_format"] { body["output_format"] = Self.outputFormat(of: request, rest) }
    body["output_config"] = Self.outputConfiguration(of: request)
    if request.userID != nil || request.unknown["metadata"] != nil {
      var metadata = JSONObject()
      metadata["user_id"] = request.userID.map(JSONValue.string)
      metadata.merge(request.unknown["metadata"] ?? [:])
      body["metadata"] = .object(metadata)
    }
    body["stream"] = request.isStreamed.map(JSONValue.bool)
    body["cache_control"] = request.cacheControl.map(Self.json)
    body.merge(request.unknown[""] ?? [:])
    return .object(body)
  }

  // MARK: Parts

  static func json(_ message: Message) -> JSONValue {
    var fields: JSONObject = ["role": .string(message.role.rawValue)]
    fields["content"] = content(message.content, asString: message.prefersString)
    fields.merge(message.unknown)
    return .object(fields)
  }

  private static func json(_ tool: Tool) -> JSONValue {
    var fields = JSONObject()
    fields["type"] = tool.type.map(JSONValue.string)
    if !tool.name.isEmpty { fields["name"] = .string(tool.name) }
    fields["description"] = tool.description.map(JSONValue.string)
    fields["input_schema"] = tool.inputSchema
    fields["strict"] = tool.isStrict.map(JSONValue.bool)
    fields["defer_loading"] = tool.isDeferred.map(JSONValue.bool)
    fields["cache_control"] = tool.cacheControl.map(json)
    fields.merge(tool.unknown)
    return .object(fields)
  }

  private static func json(_ choice: ToolChoice) -> JSONValue {
    var fields = JSONObject()
    switch choice.kind {
    case .automatic: fields["type"] = "auto"
    case .any: fields["type"] = "any"
    case .tool(let name):
      fields["type"] = "tool"
      fields["name"] = .string(name)
    case .none: fields["type"] = "none"
    }
    fields["disable_parallel_tool_use"] = choice.allowsParallelUse.map { .bool(!$0) }
    fields.merge(choice.unknown)
    return .object(fields)
  }

  private static func json(_ thinking: ThinkingRequest, of request: GenerationRequest) -> JSONValue {
    var fields = JSONObject()
    switch thinking.mode {
    case .enabled(let budget):
      fields["type"] = "enabled"
      fields["budget_tokens"] = request.spelled("thinking.budget_tokens", budget)
    case .adaptive: fields["type"] = "adaptive"
    case .betweenTools: fields["type"] = "between_tools"
    case .disabled: fields["type"] = "disabled"
    }
    fields["display"] = thinking.display.map(JSONValue.string)
    fields.merge(thinking.unknown)
    return .object(fields)
  }

  private static func outputConfiguration(of request: GenerationRequest) -> JSONValue? {
    var fields = JSONObject()
    fields["effort"] = request.effort.map(JSONValue.string)
    if request.unknown["output_format"] == nil {
      fields["format"] = outputFormat(of: request, request.unknown["output_config.format"] ?? [:])
    }
    guard !fields.isEmpty || request.unknown["output_config"] != nil else { return nil }
    fields.merge(request.unknown["output_config"] ?? [:])
    return .object(fields)
  }

  private static func outputFormat(of request: GenerationRequest, _ rest: JSONObject) -> JSONValue? {
    guard case .jsonSchema(let schema, _, _, _) = request.outputFormat else { return nil }
    var format: JSONObject = ["type": "json_schema", "schema": schema]
    format.merge(rest)
    return .object(format)
  }

  // MARK: Requests of another origin

  /// The request in this API's words, without the fields of others.
  private static func adapted(_ request: GenerationRequest, defaultMaximumTokens: Int) -> GenerationRequest {
    var request = request.withoutUnknownFields()
    request.maximumTokens = request.maximumTokens ?? defaultMaximumTokens
    let leading = request.messages.prefix { $0.role == .system || $0.role == .developer }
    if !leading.isEmpty {
      request.systemPrefersString = request.system == nil && leading.count == 1 && leading[0].prefersString
      request.system = (request.system ?? []) + leading.flatMap(\.content)
      request.messages.removeFirst(leading.count)
    }
    if let system = request.system {
      let texts = system.filter { !$0.isEmptyText }
      request.system = texts.isEmpty ? nil : texts
    }
    let last = request.messages.indices.last
    request.messages = request.messages.enumerated().compactMap { index, message in
      var message = message
      if message.role == .developer { message.role = .system }
      message.content = message.content.filter { !$0.isEmptyText && !$0.isThoughtWithoutProof }
      return message.content.isEmpty && !(index == last && message.role == .assistant) ? nil : message
    }.mergingNeighbours()
    request.sampling.temperature = request.sampling.temperature.map { min($0, 1) }
    for index in request.tools?.indices ?? 0..<0 where request.tools?[index].inputSchema == nil {
      request.tools?[index].inputSchema = ["type": "object"]
    }
    if request.effort == "minimal" { request.effort = "low" }
    if case .jsonObject = request.outputFormat {
      request.outputFormat = .jsonSchema(["type": "object"], name: nil, description: nil, isStrict: nil)
    }
    return request
  }
}

extension ContentBlock {
  /// Whether the block is a text that says nothing.
  var isEmptyText: Bool {
    if case .text(let content) = kind { content.text.isEmpty } else { false }
  }

  /// Whether the block is thoughts that no server of this API would take for its own.
  var isThoughtWithoutProof: Bool {
    if case .thinking(let content) = kind { content.signature.isEmpty } else { false }
  }
}
