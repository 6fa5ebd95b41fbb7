public import MosoFormats

extension OpenAICodec {
  /// How many texts a request may hold.
  public static var maximumPromptCount: Int { 2_048 }

  /// Reads the body of `POST /v1/completions`.
  public func decodeCompletionRequest(_ body: JSONValue) throws(RequestError) -> CompletionRequest {
    var fields = try FieldReader(body, at: "")
    let model = try fields.requiredName("model")
    var request = CompletionRequest(model: model, prompts: try prompts(&fields, "prompt"))
    if let suffix = try fields.string("suffix"), !suffix.isEmpty {
      throw RequestError(
        .invalidRequest, "suffix is given, but texts are only continued at their end: it has to be left out",
        field: "suffix")
    }
    request.maximumTokens = try fields.wholeNumber("max_tokens", in: 0...Int.max)
    request.echoesPrompt = try fields.bool("echo") ?? false
    request.alternatives = try fields.wholeNumber("logprobs", in: 0...Self.maximumAlternativeCount)
    var spelling = JSONObject()
    request.sampling = try sampling(&fields, &spelling)
    request.stopSequences = try stopSequences(&fields, &spelling)
    request.count = try fields.wholeNumber("n", in: 1...Self.maximumAnswerCount)
    if let best = try fields.wholeNumber("best_of", in: 1...Self.maximumAnswerCount), best != request.count ?? 1 {
      throw RequestError(
        .invalidRequest, "best_of is \(best), but has to be \(request.count ?? 1), which is n: all texts are returned",
        field: "best_of")
    }
    request.isStreamed = try fields.bool("stream") ?? false
    if var options = try fields.fields("stream_options") {
      request.streamIncludesUsage = try options.bool("include_usage") ?? false
      request.unknownFields += options.rest.namesOfValues(at: "stream_options")
    }
    request.userID = try fields.string("user")
    request.unknownFields += fields.rest.namesOfValues(at: "")
    return request
  }

  /// Reads the body of `POST /v1/embeddings`.
  public func decodeEmbeddingRequest(_ body: JSONValue) throws(RequestError) -> EmbeddingRequest {
    var fields = try FieldReader(body, at: "")
    let model = try fields.requiredName("model")
    var request = EmbeddingRequest(model: model, inputs: try prompts(&fields, "input"))
    if let index = request.inputs.firstIndex(where: { $0 == .text("") || $0 == .tokens([]) }) {
      let place = fields.object["input"]?.arrayValue == nil ? "input" : "input.\(index)"
      throw RequestError(
        .invalidRequest, "\(place) is empty, but has to be a text or numbers of tokens", field: place)
    }
    let names = EmbeddingRequest.Encoding.allCases.map(\.rawValue)
    if let name = try fields.word("encoding_format", of: names) {
      request.encoding = EmbeddingRequest.Encoding(rawValue: name) ?? .float
    }
    request.dimensions = try fields.wholeNumber("dimensions", in: 1...(1 << 20))
    request.userID = try fields.string("user")
    request.unknownFields = fields.rest.namesOfValues(at: "")
    return request
  }

  /// The vectors of texts.
  ///
  /// - Parameters:
  ///   - vectors: One vector for each input, in order.
  ///   - model: The model's name.
  ///   - promptTokens: How many tokens the inputs have.
  ///   - encoding: How vectors are written.
  public func encodeEmbeddings(
    _ vectors: [[Float]], model: String, promptTokens: Int, encoding: EmbeddingRequest.Encoding
  ) -> JSONValue {
    let data: [JSONValue] = vectors.enumerated().map { index, vector in
      let embedding: JSONValue =
        switch encoding {
        case .float: .array(vector.map { .number(Double($0)) })
        case .base64: .string(Base64.text(of: vector))
        }
      return ["object": "embedding", "index": .integer(index), "embedding": embedding]
    }
    return [
      "object": "list", "data": .array(data), "model": .string(model),
      "usage": ["prompt_tokens": .integer(promptTokens), "total_tokens": .integer(promptTokens)],
    ]
  }

  // MARK: Prompts

  /// Reads one text, several, the tokens of one, or those of several.
  private func prompts(_ fields: inout FieldReader, _ key: String) throws(RequestError) -> [CompletionRequest.Prompt] {
    let expected = "a string, an array of strings, an array of tokens, or an array of such arrays"
    switch try fields.required(key, expected: expected) {
    case .string(let text): return [.text(text)]
    case .array(let list):
      guard let first = list.first else { throw fields.wrong(key, expected: expected) }
      if first.kind == .number { return [.tokens(try tokens(list, at: fields.place(key)))] }
      guard list.count <= Self.maximumPromptCount else {
        throw RequestError(
          .invalidRequest, "\(key) has \(list.count) elements, but has to have at most \(Self.maximumPromptCount)",
          field: key)
      }
      var prompts: [CompletionRequest.Prompt] = []
      for (index, element) in list.enumerated() {
        let place = fields.place("\(key).\(index)")
        switch (first, element) {
        case (.string, .string(let text)): prompts.append(.text(text))
        case (.array, .array(let list)): prompts.append(.tokens(try tokens(list, at: place)))
        default:
          let isText = first.stringValue != nil
          throw .wrongField(place, element, expected: isText ? "a string" : "an array of tokens, as the first one")
        }
      }
      return prompts
    default: throw fields.wrong(key, expected: expected)
    }
  }

  private func tokens(_ list: [JSONValue], at path: String) throws(RequestError) -> [Int32] {
    var tokens: [Int32] = []
    tokens.reserveCapacity(list.count)
    for (index, element) in list.enumerated() {
      guard let token = element.integerValue.flatMap({ Int32(exactly: $0) }), token >= 0 else {
        throw .wrongField("\(path).\(index)", element, expected: "the number of a token")
      }
      tokens.append(token)
    }
    return tokens
  }
}

extension JSONObject {
  /// The names of the members that are not `null`, with their place.
  func namesOfValues(at place: String) -> [String] {
    filter { $0.value != .null }.map { place.isEmpty ? $0.key : place + "." + $0.key }
  }
}
