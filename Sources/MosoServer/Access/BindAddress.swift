/// Where a server listens.
public enum BindAddress: Sendable, Hashable {
  /// A name or an address of this machine, with the zone of an IPv6 address that needs one, such as `eth0`.
  case host(HostName, zone: String?)
  /// A socket in the file system; only who may open the file gets to the server.
  case unixSocket(path: String)

  /// Reads a name, an address, or the path of a socket as `unix:PATH` or as a path that begins with a slash.
  ///
  /// - Throws: `BindError.malformed` for anything else.
  public init(_ text: String) throws(BindError) {
    if text.hasPrefix("/") {
      self = .unixSocket(path: text)
    } else if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard !path.isEmpty else { throw .malformed(text) }
      self = .unixSocket(path: path)
    } else if let percent = text.utf8.firstIndex(of: UInt8(ascii: "%")) {
      let zone = text[percent...].dropFirst()
      let isZone = !zone.isEmpty && zone.utf8.count <= 32 && zone.allSatisfy { $0.isASCII && !"%[]: ".contains($0) }
      guard isZone, text[..<percent].contains(":"), let host = HostName(unbracketed: text[..<percent]) else {
        throw .malformed(text)
      }
      self = .host(host, zone: String(zone))
    } else {
      guard let host = HostName(unbracketed: text) else { throw .malformed(text) }
      self = .host(host, zone: nil)
    }
  }

  /// Whether only programs on this machine reach it over the network.
  public var isLoopback: Bool {
    switch self {
    case .host(let host, let zone): zone == nil && host.isLoopback
    case .unixSocket: false
    }
  }
}

extension BindAddress: CustomStringConvertible {
  public var description: String {
    switch self {
    case .host(let host, let zone?): "\(host.description.filter { !"[]".contains($0) })%\(zone)"
    case .host(let host, nil): host.description
    case .unixSocket(let path): "unix:\(path)"
    }
  }
}
