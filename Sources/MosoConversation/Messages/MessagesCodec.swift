public import MosoFormats

/// Reads and writes the JSON of Anthropic's Messages API in one of its dialects.
///
/// What is read is checked: a `RequestError` names the first field that is wrong. What is read and written again is the
/// same: fields that mean nothing here travel along.
public struct MessagesCodec: Sendable, Hashable {
  /// The dialect.
  public var version: MessagesVersion
  /// The `max_tokens` of a written request that names none, since this API has no other word for "as many as fit".
  public var defaultMaximumTokens = 4_096

  /// A codec for one dialect.
  public init(version: MessagesVersion = .v2023_06_01) {
    self.version = version
  }

  /// How many messages a request may have.
  public static var maximumMessageCount: Int { 100_000 }

  /// How many stop sequences a request may have.
  public static var maximumStopCount: Int { 64 }
  /// How many bytes a stop sequence may have.
  public static var maximumStopLength: Int { 1_024 }

  /// Reads the body of `POST /v1/messages`.
  public func decodeRequest(_ body: JSONValue) throws(RequestError) -> GenerationRequest {
    try request(body, needsMaximumTokens: true)
  }

  /// Reads the body of `POST /v1/messages/count_tokens`, which is a request without `max_tokens`.
  public func decodeCountRequest(_ body: JSONValue) throws(RequestError) -> GenerationRequest {
    try request(body, needsMaximumTokens: false)
  }

  private func request(_ body: JSONValue, needsMaximumTokens: Bool) throws(RequestError) -> GenerationRequest {
    var fields = try FieldReader(body, at: "")
    if fields.value("safeguards") != nil {
      throw RequestError(
        .invalidRequest, "safeguards are not supported by this server, so the field has to be left out",
        field: "safeguards")
    }
    if let thread = fields.value("thread"), thread != .null {
      // Clients that read the details go on without, and send the whole conversation each time.
      var error = RequestError(
        .invalidRequest, "conversations are not kept by this server, so thread has to be left out", field: "thread")
      error.details = ["error_code": "thread_unsupported_request", "unsupported": []]
      throw error
    }
    var request = GenerationRequest(model: try fields.requiredName("model"), messages: [])
    request.wire = .messages
    let wholeNumbers = 0...Int.max
    request.maximumTokens =
      needsMaximumTokens
      ? try fields.requiredWholeNumber("max_tokens", in: wholeNumbers)
      : try fields.wholeNumber("max_tokens", in: wholeNumbers)
    request.messages = try messages(&fields)
    try readSystem(&fields, into: &request)
    request.stopSequences = try stopSequences(&fields)
    request.isStreamed = try fields.bool("stream")
    try readSampling(&fields, into: &request)
    request.tools = try tools(&fields)
    request.toolChoice = try toolChoice(&fields)
    try readThinking(&fields, into: &request)
    try readOutput(&fields, into: &request)
    if var metadata = try fields.fields("metadata") {
      request.userID = try metadata.string("user_id")
      request.unknown["metadata"] = metadata.rest
    }
    request.cacheControl = try cacheControl(&fields)
    request.spelling.merge(fields.spelling)
    request.unknown[""] = fields.rest
    try checkRules(of: request)
    return request
  }

  // MARK: Parts

  private func messages(_ fields: inout FieldReader) throws(RequestError) -> [Message] {
    guard let list = try fields.array("messages"), !list.isEmpty, list.count <= Self.maximumMessageCount else {
      let count = fields.object["messages"]?.arrayValue?.count ?? 0
      guard count > Self.maximumMessageCount else { throw fields.wrong("messages", expected: "an array of messages") }
      throw RequestError(
        .invalidRequest, "messages has \(count) elements, but has to have at most \(Self.maximumMessageCount)",
        field: "messages")
    }
    var messages: [Message] = []
    messages.reserveCapacity(list.count)
    for (index, element) in list.enumerated() {
      messages.append(try message(element, at: "messages.\(index)", isLast: index == list.count - 1))
    }
    return messages
  }

  private func message(_ value: JSONValue, at path: String, isLast: Bool) throws(RequestError) -> Message {
    var fields = try FieldReader(value, at: path)
    let name = try fields.requiredWord("role", of: ["user", "assistant", "system"])
    let role: Message.Role = name == "user" ? .user : name == "assistant" ? .assistant : .system
    let place: BlockPlace =
      switch role {
      case .assistant: .assistant
      case .user: .user
      case .system, .developer: .systemMessage
      }
    let content = try fields.required("content", expected: "a string or an array of blocks")
    var message: Message
    switch content {
    case .string(let text):
      guard !text.isEmpty || (isLast && role == .assistant) else {
        throw fields.wrong("content", expected: "a text that is not empty")
      }
      message = Message(role, text)
    case .array(let list):
      guard !list.isEmpty || (isLast && role == .assistant) else {
        throw fields.wrong("content", expected: "an array of at least one block")
      }
      message = Message(role, try blocks(list, at: fields.place("content"), in: place))
    default: throw fields.wrong("content", expected: "a string or an array of blocks")
    }
    message.unknown = fields.rest
    return message
  }

  /// Each is looked for in every token of the answer, so there may not be any number of them.
  private func stopSequences(_ fields: inout FieldReader) throws(RequestError) -> [String]? {
    guard let texts = try fields.strings("stop_sequences") else { return nil }
    guard texts.count <= Self.maximumStopCount else {
      throw RequestError(
        .invalidRequest,
        "stop_sequences has \(texts.count) elements, but has to have at most \(Self.maximumStopCount)",
        field: "stop_sequences")
    }
    if let index = texts.firstIndex(where: { $0.utf8.count > Self.maximumStopLength }) {
      throw RequestError(
        .invalidRequest,
        "stop_sequences.\(index) has \(texts[index].utf8.count) bytes, but has to have at most \(Self.maximumStopLength)",
        field: "stop_sequences.\(index)")
    }
    return texts
  }

  private func readSystem(_ fields: inout FieldReader, into request: inout GenerationRequest) throws(RequestError) {
    guard let system = fields.value("system") else { return }
    switch system {
    case .string(let text):
      request.system = [.text(text)]
      request.systemPrefersString = true
    case .array(let list): request.system = try blocks(list, at: "system", in: .system)
    default: throw fields.wrong("system", expected: "a string or an array of text blocks")
    }
  }

  private func readSampling(_ fields: inout FieldReader, into request: inout GenerationRequest) throws(RequestError) {
    if version == .v2026_10_21 {
      for key in ["temperature", "top_p", "top_k"] {
        guard let value = fields.value(key) else { continue }
        throw RequestError(
          .invalidRequest,
          "\(key) is \(value.shown), but anthropic-version \(version.rawValue) has no such field: it has to be left out",
          field: key)
      }
      return
    }
    request.sampling.temperature = try fields.number("temperature", in: 0...1)
    request.sampling.topP = try fields.number("top_p", in: 0...1)
    request.sampling.topK = try fields.wholeNumber("top_k", in: 0...Int.max)
  }

  private func readThinking(_ fields: inout FieldReader, into request: inout GenerationRequest) throws(RequestError) {
    guard var thinking = try fields.fields("thinking") else { return }
    let mode: ThinkingRequest.Mode
    switch try thinking.requiredWord("type", of: ["enabled", "adaptive", "between_tools", "disabled"]) {
    case "enabled":
      mode = .enabled(budget: try thinking.requiredWholeNumber("budget_tokens", in: 1_024...Int.max))
      request.spelling["thinking.budget_tokens"] = thinking.spelling["budget_tokens"]
    case "adaptive": mode = .adaptive
    case "between_tools": mode = .betweenTools
    default: mode = .disabled
    }
    request.thinking = ThinkingRequest(mode, display: try thinking.string("display"))
    request.thinking?.unknown = thinking.rest
  }

  private func readOutput(_ fields: inout FieldReader, into request: inout GenerationRequest) throws(RequestError) {
    // The name that the format had before it moved into `output_config`.
    if var format = try fields.fields("output_format") {
      request.outputFormat = try outputFormat(&format)
      request.unknown["output_format"] = format.rest
    }
    guard var output = try fields.fields("output_config") else { return }
    request.effort = try output.word("effort", of: ["low", "medium", "high", "xhigh", "max"])
    if var format = try output.fields("format") {
      guard request.outputFormat == nil else {
        throw RequestError(
          .invalidRequest, "output_format and output_config.format are both given, but only one of them may be",
          field: "output_format")
      }
      request.outputFormat = try outputFormat(&format)
      request.unknown["output_config.format"] = format.rest
    }
    request.unknown["output_config"] = output.rest
  }

  private func outputFormat(_ format: inout FieldReader) throws(RequestError) -> OutputFormat {
    _ = try format.requiredWord("type", of: ["json_schema"])
    let schema = try format.required("schema", expected: "a JSON Schema")
    guard schema.objectValue != nil else {
      throw format.wrong("schema", expected: "a JSON Schema, which is an object")
    }
    return .jsonSchema(schema, name: nil, description: nil, isStrict: nil)
  }

  /// Reads the field `cache_control` of a request, a tool or a block.
  func cacheControl(_ fields: inout FieldReader) throws(RequestError) -> CacheControl? {
    guard var control = try fields.fields("cache_control") else { return nil }
    _ = try control.requiredWord("type", of: ["ephemeral"])
    var result = CacheControl(timeToLive: try control.word("ttl", of: ["5m", "1h"]))
    result.unknown = control.rest
    return result
  }
}
