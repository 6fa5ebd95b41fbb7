public import MosoFormats

/// How an API says that a request is refused.
public struct ErrorReply: Sendable, Hashable {
  /// A header of the reply.
  public struct Header: Sendable, Hashable {
    /// The name, in lower case.
    public var name: String
    /// The value.
    public var value: String

    /// A header with its value.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The HTTP status.
  public var status: Int
  /// Headers besides those that every reply has.
  public var headers: [Header]
  /// The body.
  public var body: JSONValue

  /// A refusal.
  public init(status: Int, headers: [Header], body: JSONValue) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

extension RequestError {
  /// The headers that tell clients of both APIs whether and when to try again.
  var retryHeaders: [ErrorReply.Header] {
    var headers: [ErrorReply.Header] = []
    if let retryAfter { headers.append(ErrorReply.Header("retry-after", "\(max(retryAfter, 0))")) }
    switch kind {
    // What the clients would try again by the status alone, to no avail.
    case .authentication, .billing, .spendingLimit, .notSupported:
      headers.append(ErrorReply.Header("x-should-retry", "false"))
    case .rateLimit, .overloaded, .timeout, .server, .conflict:
      headers.append(ErrorReply.Header("x-should-retry", "true"))
    case .invalidRequest, .contextTooLong, .permission, .notFound, .tooLarge: break
    }
    return headers
  }

  /// The error as one of a server's answer that cannot be read.
  var ofAnswer: RequestError { RequestError(.server, "the server's answer cannot be read: \(message)", field: field) }
}
