public import MosoFormats

extension MessagesCodec {
  /// The reply that refuses a request.
  public func encode(_ error: RequestError, requestID: String) -> ErrorReply {
    let (status, _) = Self.wireName(of: error.kind)
    var headers = [ErrorReply.Header("request-id", requestID)] + error.retryHeaders
    if error.kind == .spendingLimit {
      // By these agents tell a limit of the house from one of the model's maker.
      headers.append(ErrorReply.Header("anthropic-ratelimit-unified-status", "rejected"))
      headers.append(
        ErrorReply.Header("anthropic-ratelimit-unified-overage-disabled-reason", "org_spend_cap_reached"))
    }
    return ErrorReply(status: status, headers: headers, body: Self.body(of: error, requestID: requestID))
  }

  /// Reads a server's refusal.
  ///
  /// - Parameters:
  ///   - status: The HTTP status.
  ///   - body: The body; `nil` when it is no JSON.
  ///   - retryAfter: The value of the header `retry-after` in seconds.
  public func decodeError(status: Int, body: JSONValue?, retryAfter: Int? = nil) -> RequestError {
    let error = body?["error"]
    let message = error?["message"]?.stringValue ?? "the server refused the request with status \(status)"
    var kind = Self.kind(named: error?["type"]?.stringValue ?? "", status: status)
    if kind == .invalidRequest, message.hasPrefix("prompt is too long") { kind = .contextTooLong }
    return RequestError(kind, message, retryAfter: retryAfter)
  }

  /// The body of a refusal, which is also what a stream says when it breaks off.
  static func body(of error: RequestError, requestID: String?) -> JSONValue {
    var inner: JSONObject = ["type": .string(wireName(of: error.kind).type), "message": .string(error.message)]
    inner["details"] = error.details.map(JSONValue.object)
    var body: JSONObject = ["type": "error", "error": .object(inner)]
    body["request_id"] = requestID.map(JSONValue.string)
    return .object(body)
  }

  private static func wireName(of kind: RequestError.Kind) -> (status: Int, type: String) {
    switch kind {
    case .invalidRequest, .contextTooLong: (400, "invalid_request_error")
    case .authentication: (401, "authentication_error")
    case .billing: (402, "billing_error")
    case .permission: (403, "permission_error")
    case .notFound: (404, "not_found_error")
    case .conflict: (409, "conflict_error")
    case .tooLarge: (413, "request_too_large")
    case .rateLimit: (429, "rate_limit_error")
    case .spendingLimit: (429, "billing_error")
    case .server: (500, "api_error")
    case .notSupported: (501, "not_supported")
    case .timeout: (504, "timeout_error")
    case .overloaded: (529, "overloaded_error")
    }
  }

  /// What an error of this name is; a name that nobody knows is judged by the status.
  static func kind(named name: String, status: Int) -> RequestError.Kind {
    switch name {
    case "invalid_request_error": return .invalidRequest
    case "authentication_error": return .authentication
    case "billing_error": return status == 429 ? .spendingLimit : .billing
    case "permission_error": return .permission
    case "not_found_error": return .notFound
    case "conflict_error": return .conflict
    case "request_too_large": return .tooLarge
    case "rate_limit_error": return .rateLimit
    case "timeout_error": return .timeout
    case "overloaded_error": return .overloaded
    case "not_supported": return .notSupported
    case "api_error": return .server
    default: return RequestError.Kind(status: status)
    }
  }
}

extension RequestError.Kind {
  /// What an HTTP status means when nothing else is known.
  init(status: Int) {
    switch status {
    case 401: self = .authentication
    case 402: self = .billing
    case 403: self = .permission
    case 404: self = .notFound
    case 408, 504: self = .timeout
    case 409: self = .conflict
    case 413: self = .tooLarge
    case 429: self = .rateLimit
    case 501: self = .notSupported
    case 503, 529: self = .overloaded
    case 400..<500: self = .invalidRequest
    default: self = .server
    }
  }
}
