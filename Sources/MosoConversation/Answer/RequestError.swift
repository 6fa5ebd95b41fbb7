public import MosoFormats

/// Why a request is refused or its answer ends early, in words of no vendor.
public struct RequestError: Error, Sendable, Hashable {
  /// What kind of failure it is; the codecs know each API's status and name for it.
  public enum Kind: Sendable, Hashable, CaseIterable {
    /// The request says something that cannot be done.
    case invalidRequest
    /// The prompt and the answer do not fit the model's context.
    case contextTooLong
    /// There is no valid key.
    case authentication
    /// The key may not do this.
    case permission
    /// There is no such path or model.
    case notFound
    /// The key has no money left.
    case billing
    /// A limit on spending that the house itself set; trying again does not help before it resets.
    case spendingLimit
    /// Somebody else is changing the same thing.
    case conflict
    /// The body is larger than allowed.
    case tooLarge
    /// Too many requests in too short a time.
    case rateLimit
    /// The request took too long.
    case timeout
    /// The server has no room for another request now.
    case overloaded
    /// Something went wrong on this side.
    case server
    /// The client speaks of something that this server does not have.
    case notSupported
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// One sentence: where, what was found, what was expected, what to do.
  public var message: String
  /// The field of the request that is wrong, as in `messages.0.content.1.source`; `nil` when it is none.
  public var field: String?
  /// In how many seconds it is worth trying again.
  public var retryAfter: Int?
  /// Of a prompt that is too long, how many tokens it has and how many it may have.
  public var length: Length?
  /// What programs read to tell this failure from others, as the Messages API words it: `error_code` and what belongs to it.
  public var details: JSONObject?

  /// How long something is, and how long it may be.
  public struct Length: Sendable, Hashable {
    /// How many tokens there are.
    public var tokens: Int
    /// How many there may be.
    public var maximum: Int
  }

  /// A failure of some kind.
  public init(_ kind: Kind, _ message: String, field: String? = nil, retryAfter: Int? = nil) {
    self.kind = kind
    self.message = message
    self.field = field
    self.retryAfter = retryAfter
  }
}

extension RequestError {
  /// The refusal of a prompt that is longer than the context; agents read both numbers out of its sentence.
  public static func promptTooLong(tokens: Int, maximum: Int) -> RequestError {
    var error = RequestError(
      .contextTooLong, "prompt is too long: \(tokens) tokens > \(maximum) maximum", field: "messages")
    error.length = Length(tokens: tokens, maximum: maximum)
    return error
  }
}

extension RequestError: CustomStringConvertible {
  public var description: String { message }
}
