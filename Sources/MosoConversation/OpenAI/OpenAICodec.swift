public import MosoFormats

/// Reads and writes the JSON of OpenAI's API: chat completions, completions, embeddings and models.
///
/// What is read is checked: a `RequestError` names the first field that is wrong. A chat request that is read and written
/// again is the same: fields that mean nothing here travel along.
public struct OpenAICodec: Sendable, Hashable {
  /// A codec.
  public init() {}

  /// How many messages a request may have.
  public static var maximumMessageCount: Int { 100_000 }
  /// How many answers a request may ask for.
  public static var maximumAnswerCount: Int { 128 }
  /// How many stop strings a request may have.
  public static var maximumStopCount: Int { 4 }
  /// How many alternatives to a token may be asked for.
  public static var maximumAlternativeCount: Int { 20 }

  /// Reads the body of `POST /v1/chat/completions`.
  public func decodeChatRequest(_ body: JSONValue) throws(RequestError) -> GenerationRequest {
    var fields = try FieldReader(body, at: "")
    for key in ["functions", "function_call"] where fields.value(key) != nil {
      throw RequestError(
        .invalidRequest, "\(key) is a field of the past, which is not supported: tools and tool_choice have its place",
        field: key)
    }
    var request = GenerationRequest(model: try fields.requiredName("model"), messages: [])
    request.wire = .openAI
    var spelling = JSONObject()
    request.messages = try messages(&fields)
    try readMaximumTokens(&fields, into: &request, &spelling)
    request.sampling = try sampling(&fields, &spelling)
    request.stopSequences = try stopSequences(&fields, &spelling)
    request.count = try fields.wholeNumber("n", in: 1...Self.maximumAnswerCount)
    try readLogProbabilities(&fields, into: &request, &spelling)
    request.isStreamed = try fields.bool("stream")
    if var options = try fields.fields("stream_options") {
      request.streamIncludesUsage = try options.bool("include_usage")
      request.unknown["stream_options"] = options.rest
    }
    request.tools = try tools(&fields)
    request.toolChoice = try toolChoice(&fields, tools: request.tools, &spelling)
    try readOutputFormat(&fields, into: &request)
    switch try fields.word("reasoning_effort", of: ["none", "minimal", "low", "medium", "high", "xhigh"]) {
    case "none": request.thinking = ThinkingRequest(.disabled)
    case let effort: request.effort = effort
    }
    request.userID = try fields.string("user")
    spelling.merge(fields.spelling)
    request.spelling = spelling
    request.unknown[""] = fields.rest
    return request
  }

  // MARK: Numbers

  private func readMaximumTokens(
    _ fields: inout FieldReader, into request: inout GenerationRequest, _ spelling: inout JSONObject
  ) throws(RequestError) {
    let older = try fields.wholeNumber("max_tokens", in: 0...Int.max)
    guard let newer = try fields.wholeNumber("max_completion_tokens", in: 0...Int.max) else {
      request.maximumTokens = older
      return
    }
    request.maximumTokens = newer
    // The name comes back too, and so does the older one beside it, which the newer one overrules.
    spelling["max_completion_tokens"] = fields.object["max_completion_tokens"]
    if older != nil { spelling["max_tokens"] = fields.object["max_tokens"] }
  }

  /// Reads what a chat request or a completion request says about sampling.
  func sampling(_ fields: inout FieldReader, _ spelling: inout JSONObject) throws(RequestError) -> SamplingRequest {
    var sampling = SamplingRequest()
    sampling.temperature = try fields.number("temperature", in: 0...2)
    sampling.topP = try fields.number("top_p", in: 0...1)
    sampling.minP = try fields.number("min_p", in: 0...1)
    sampling.presencePenalty = try fields.number("presence_penalty", in: -2...2)
    sampling.frequencyPenalty = try fields.number("frequency_penalty", in: -2...2)
    sampling.repetitionPenalty = try fields.number("repetition_penalty", in: 0.01...100)
    sampling.seed = try fields.wholeNumber("seed", in: Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) }
    if let count = try fields.wholeNumber("top_k", in: -1...Int.max) {
      sampling.topK = max(count, 0)
      // Both mean all tokens.
      if count < 0 { spelling["top_k"] = fields.object["top_k"] }
    }
    if let value = fields.value("logit_bias") {
      let bias = try Self.logitBias(value, at: "logit_bias")
      sampling.logitBias = bias
      if value != Self.json(bias) { spelling["logit_bias"] = value }
    }
    return sampling
  }

  /// The bias of each token; the keys are tokens' numbers as text.
  static func logitBias(_ value: JSONValue, at path: String) throws(RequestError) -> [Int32: Double] {
    guard case .object(let object) = value else { throw .wrongField(path, value, expected: "an object") }
    var bias: [Int32: Double] = [:]
    for (key, value) in object {
      guard let token = Int32(key), token >= 0 else {
        throw RequestError(
          .invalidRequest, "\(path) has the key \(JSONValue.string(key).shown), but keys have to be numbers of tokens",
          field: path)
      }
      guard let number = value.doubleValue, (-100...100).contains(number) else {
        throw .wrongField("\(path).\(token)", value, expected: "a number from -100 to 100")
      }
      bias[token] = number
    }
    return bias
  }

  /// The bias as an object, in the order of the tokens' numbers.
  static func json(_ bias: [Int32: Double]) -> JSONValue {
    var object = JSONObject()
    for (token, number) in bias.sorted(by: { $0.key < $1.key }) { object[String(token)] = .number(number) }
    return .object(object)
  }

  /// Reads one stop string or a list of them.
  func stopSequences(_ fields: inout FieldReader, _ spelling: inout JSONObject) throws(RequestError) -> [String]? {
    if case .string(let text) = fields.value("stop") {
      spelling["stop"] = .string(text)
      return [text]
    }
    let texts = try fields.strings("stop")
    guard texts?.count ?? 0 <= Self.maximumStopCount else {
      throw RequestError(
        .invalidRequest, "stop has \(texts?.count ?? 0) elements, but has to have at most \(Self.maximumStopCount)",
        field: "stop")
    }
    return texts
  }

  private func readLogProbabilities(
    _ fields: inout FieldReader, into request: inout GenerationRequest, _ spelling: inout JSONObject
  ) throws(RequestError) {
    let isAsked = try fields.bool("logprobs")
    let alternatives = try fields.wholeNumber("top_logprobs", in: 0...Self.maximumAlternativeCount)
    if isAsked == true {
      request.logProbabilities = LogProbabilityRequest(alternatives: alternatives)
    } else if alternatives != nil {
      throw RequestError(
        .invalidRequest, "top_logprobs is given, but logprobs is not true, which it has to be then",
        field: "top_logprobs")
    } else if isAsked == false {
      spelling["logprobs"] = false
    }
  }

  private func readOutputFormat(
    _ fields: inout FieldReader, into request: inout GenerationRequest
  ) throws(RequestError) {
    guard var format = try fields.fields("response_format") else { return }
    switch try format.requiredWord("type", of: ["text", "json_object", "json_schema"]) {
    case "text": request.outputFormat = .text
    case "json_object": request.outputFormat = .jsonObject
    default:
      guard var schema = try format.fields("json_schema") else {
        throw format.wrong("json_schema", expected: "an object with a name and a schema")
      }
      let name = try schema.requiredName("name")
      let content = try schema.required("schema", expected: "a JSON Schema")
      guard content.objectValue != nil else {
        throw schema.wrong("schema", expected: "a JSON Schema, which is an object")
      }
      request.outputFormat = .jsonSchema(
        content, name: name, description: try schema.string("description"), isStrict: try schema.bool("strict"))
      request.unknown["response_format.json_schema"] = schema.rest
    }
    request.unknown["response_format"] = format.rest
  }
}
