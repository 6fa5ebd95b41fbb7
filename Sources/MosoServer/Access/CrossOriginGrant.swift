/// What an answer tells a browser so that a page of another server may read it (the Fetch standard's CORS protocol).
public struct CrossOriginGrant: Sendable, Hashable {
  /// The page's origin, as the request wrote it.
  public let origin: String

  /// A header of an answer.
  public struct Field: Sendable, Hashable {
    /// The name, in lower case.
    public let name: String
    /// The value.
    public let value: String
  }

  /// The headers to add to every answer.
  ///
  /// Keys travel in headers that the page itself sets, so it needs no credentials of the browser, and gets none.
  public var fields: [Field] {
    [
      Field(name: "access-control-allow-origin", value: origin), Field(name: "vary", value: "Origin"),
      Field(name: "access-control-expose-headers", value: Self.exposed),
    ]
  }

  /// The headers of the answer to a browser that asks before the page's own request (`OPTIONS`).
  ///
  /// - Parameter requestedHeaders: The value of `Access-Control-Request-Headers`: names the page wants to send, which it
  ///   may, whatever they are, because its origin is allowed; a value that is no list of names is passed over.
  public func preflightFields(requestedHeaders: String?) -> [Field] {
    var fields = [
      Field(name: "access-control-allow-origin", value: origin),
      Field(name: "vary", value: "Origin, Access-Control-Request-Headers"),
      Field(name: "access-control-allow-methods", value: "GET, HEAD, POST"),
      Field(name: "access-control-max-age", value: "600"),
    ]
    let names = requestedHeaders.flatMap(Self.names) ?? Self.usual
    fields.append(Field(name: "access-control-allow-headers", value: names.joined(separator: ", ")))
    return fields
  }

  private static let exposed = "request-id, x-request-id, retry-after, x-should-retry, moso-ignored-fields, moso-seed"
  private static let usual = [
    "authorization", "content-type", "x-api-key", "anthropic-version", "anthropic-beta",
    "anthropic-dangerous-direct-browser-access",
  ]

  /// The names in a list with commas, `nil` when one of them is no token or there are too many.
  private static func names(_ list: String) -> [String]? {
    guard list.utf8.count <= 4_096 else { return nil }
    var names: [String] = []
    for part in list.split(separator: ",") {
      var name = part.drop { $0 == " " || $0 == "\t" }
      while name.last == " " || name.last == "\t" { name.removeLast() }
      guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { return nil }
      names.append(name.lowercased())
    }
    return names.isEmpty || names.count > 64 ? nil : names
  }

  /// The bytes of names of headers (RFC 9110, 5.6.2).
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
