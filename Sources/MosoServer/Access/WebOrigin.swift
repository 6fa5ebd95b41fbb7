/// Where a web page comes from, as browsers say it in the header `Origin`: a scheme, a host and perhaps a port (RFC 6454).
public struct WebOrigin: Sendable, Hashable {
  /// The scheme in lower case, such as `https`.
  public let scheme: String
  /// The host, in the form in which equal hosts compare equal.
  public let host: HostName
  /// The port, or `nil` for the usual one of the scheme.
  public let port: Int?

  /// Reads `scheme://host` or `scheme://host:port`; `nil` for anything else, paths and `null` included.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 512, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let scheme = text[..<colon].utf8
    guard let first = scheme.first, Self.isLetter(first), scheme.allSatisfy(Self.isSchemeByte) else { return nil }
    let rest = text[colon...]
    guard rest.utf8.starts(with: "://".utf8), let authority = HostAuthority(rest.dropFirst(3)) else { return nil }
    self.scheme = text[..<colon].lowercased()
    host = authority.host
    port = authority.port == Self.usualPort(of: self.scheme) ? nil : authority.port
  }

  /// Whether a page from here talks to the server that brought it, which the request called `authority`.
  ///
  /// Between `http` and `https` the scheme does not count: what ends TLS before this server hides it.
  func isSame(as authority: HostAuthority) -> Bool {
    guard let usual = Self.usualPort(of: scheme) else { return false }
    return host == authority.host && port ?? usual == authority.port ?? usual
  }

  private static func usualPort(of scheme: String) -> Int? {
    switch scheme {
    case "http": 80
    case "https": 443
    default: nil
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte) || "+-.".utf8.contains(byte)
  }
}

extension WebOrigin: CustomStringConvertible {
  /// The origin as browsers write it.
  public var description: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")" }
}
