/// A host and perhaps a port, as the header `Host` has them (RFC 9110, 7.2).
public struct HostAuthority: Sendable, Hashable {
  /// The host, in the form in which equal hosts compare equal.
  public var host: HostName
  /// The port, if one is written.
  public var port: Int?

  /// Reads `host`, `host:` or `host:port`; `nil` for anything else, user information and spaces included.
  public init?(_ text: some StringProtocol) {
    // A name of 253 bytes, its dot, a colon and five digits.
    guard text.utf8.count <= 260 else { return nil }
    let end: String.UTF8View.Index
    if text.utf8.first == UInt8(ascii: "[") {
      guard let bracket = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      end = text.utf8.index(after: bracket)
    } else {
      end = text.utf8.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
    }
    guard let host = HostName(text[..<end]) else { return nil }
    self.host = host
    let rest = text[end...].utf8
    if rest.isEmpty { return }
    guard rest.first == UInt8(ascii: ":") else { return nil }
    // No digits mean the usual port.
    let digits = rest.dropFirst()
    if digits.isEmpty { return }
    guard digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let port = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard port <= 65_535 else { return nil }
    self.port = port
  }
}
