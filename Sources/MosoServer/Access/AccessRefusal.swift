import MosoFormats

/// Why a request was refused before anything of it was looked at but its headers `Host` and `Origin`.
public enum AccessRefusal: Error, Hashable, Sendable {
  /// There is no `Host`.
  case missingHost
  /// There is more than one `Host`, so two programs could believe different ones.
  case severalHosts
  /// The `Host` is not a host with perhaps a port.
  case malformedHost(String)
  /// The `Host` is not a name of this server: a web page may have pointed a name of its own here (DNS rebinding).
  case unknownHost(String)
  /// There is more than one `Origin`.
  case severalOrigins
  /// The `Origin` is `null`: a page of a sandbox or of a file, which may be anybody's.
  case nullOrigin
  /// The `Origin` is not a scheme, a host and perhaps a port.
  case malformedOrigin(String)
  /// A web page of another server asks.
  case foreignOrigin(String)

  /// The HTTP status of the answer: 400 for what is malformed, 403 for what is not allowed.
  public var status: Int {
    switch self {
    case .missingHost, .severalHosts, .malformedHost, .severalOrigins, .malformedOrigin: 400
    case .unknownHost, .nullOrigin, .foreignOrigin: 403
    }
  }
}

extension AccessRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingHost: "the request has no Host header, and exactly one was expected"
    case .severalHosts: "the request has several Host headers, and exactly one was expected"
    case .malformedHost(let text): "the Host header is \(quoted(text)), and a host with perhaps a port was expected"
    case .unknownHost(let text):
      "the Host header is \(quoted(text)), which is no name of this server; if it should be, start it with --allowed-host"
    case .severalOrigins: "the request has several Origin headers, and at most one was expected"
    case .nullOrigin: "the Origin header is null, and a page that does not say where it is from gets no answer"
    case .malformedOrigin(let text):
      "the Origin header is \(quoted(text)), and a scheme, a host and perhaps a port were expected"
    case .foreignOrigin(let text):
      "the request comes from a web page at \(quoted(text)), which is not allowed; if it should be, start the server "
        + "with --allowed-origin"
    }
  }
}
