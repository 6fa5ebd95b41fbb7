import MosoFormats

/// Where a server may listen: beyond this machine only when its callers need a key.
public enum BindPolicy {
  /// Checks that nobody else's requests would be answered for nothing.
  ///
  /// - Parameter needsKey: Whether each request has to bring an API key, and there is one.
  /// - Throws: `BindError.open` for an address that other machines can reach while no key is needed.
  public static func check(_ address: BindAddress, needsKey: Bool) throws(BindError) {
    if case .unixSocket = address { return }
    guard address.isLoopback || needsKey else { throw .open(address) }
  }
}

/// Why a server cannot listen where it was told to.
public enum BindError: Error, Hashable, Sendable {
  /// The text is no address, name or path.
  case malformed(String)
  /// Other machines could use the server without a key.
  case open(BindAddress)
}

extension BindError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let text):
      "\(quoted(text)) is no place to listen at; expected an address such as 127.0.0.1, a name, or unix:PATH"
    case .open(let address):
      "\(address) can be reached from other machines, and no API key is needed; make a key with `moso keys add NAME`, or "
        + "listen at 127.0.0.1"
    }
  }
}
