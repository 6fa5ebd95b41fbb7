public import MosoFormats

extension OpenAICodec {
  /// The reply that refuses a request.
  public func encode(_ error: RequestError, requestID: String) -> ErrorReply {
    ErrorReply(
      status: Self.wireName(of: error).status,
      headers: [ErrorReply.Header("x-request-id", requestID)] + error.retryHeaders, body: Self.body(of: error))
  }

  /// Reads a server's refusal.
  ///
  /// - Parameters:
  ///   - status: The HTTP status.
  ///   - body: The body; `nil` when it is no JSON.
  ///   - retryAfter: The value of the header `retry-after` in seconds.
  public func decodeError(status: Int, body: JSONValue?, retryAfter: Int? = nil) -> RequestError {
    let error = body?["error"]
    let message =
      error?["message"]?.stringValue ?? error?.stringValue ?? "the server refused the request with status \(status)"
    let kind: RequestError.Kind
    switch error?["code"]?.stringValue ?? error?["type"]?.stringValue {
    case "context_length_exceeded": kind = .contextTooLong
    case "invalid_api_key": kind = .authentication
    case "model_not_found": kind = .notFound
    case "insufficient_quota": kind = .billing
    case "rate_limit_exceeded": kind = .rateLimit
    case "server_overloaded": kind = .overloaded
    case "spending_limit_reached": kind = .spendingLimit
    default: kind = RequestError.Kind(status: status)
    }
    return RequestError(kind, message, field: error?["param"]?.stringValue, retryAfter: retryAfter)
  }

  /// The body of a refusal, which is also what a stream says when it breaks off.
  static func body(of error: RequestError) -> JSONValue {
    let (_, type, code) = wireName(of: error)
    // Clients of this API look for these words in the sentence, and not at the code.
    let message =
      error.length.map { "This model's maximum context length is \($0.maximum) tokens, but the \(error.message)" }
      ?? error.message
    return [
      "error": [
        "message": .string(message), "type": .string(type),
        "param": error.field.map(JSONValue.string) ?? .null, "code": code.map(JSONValue.string) ?? .null,
      ]
    ]
  }

  private static func wireName(of error: RequestError) -> (status: Int, type: String, code: String?) {
    let ofRequest = "invalid_request_error"
    let ofServer = "server_error"
    switch error.kind {
    case .invalidRequest: return (400, ofRequest, nil)
    case .contextTooLong: return (400, ofRequest, "context_length_exceeded")
    case .authentication: return (401, ofRequest, "invalid_api_key")
    case .permission: return (403, ofRequest, nil)
    case .notFound: return (404, ofRequest, error.field == "model" ? "model_not_found" : nil)
    case .conflict: return (409, ofRequest, nil)
    case .tooLarge: return (413, ofRequest, nil)
    case .rateLimit: return (429, "rate_limit_error", "rate_limit_exceeded")
    case .billing: return (429, "insufficient_quota", "insufficient_quota")
    // Clients know the type; the code tells it from an empty account.
    case .spendingLimit: return (429, "insufficient_quota", "spending_limit_reached")
    case .server: return (500, ofServer, nil)
    case .notSupported: return (501, ofRequest, nil)
    case .overloaded: return (503, ofServer, "server_overloaded")
    case .timeout: return (504, ofServer, nil)
    }
  }
}

extension OpenAICodec {
  /// The description of one model.
  public func encode(_ model: ModelInfo) -> JSONValue {
    [
      "id": .string(model.id), "object": "model", "created": .integer(model.created), "owned_by": .string(model.owner),
    ]
  }

  /// The list of all models.
  public func encode(_ models: [ModelInfo]) -> JSONValue {
    ["object": "list", "data": .array(models.map(encode))]
  }
}
