/// Which headers `Host` and `Origin` a server accepts, so that no web page uses it behind its reader's back.
///
/// A page may not read or change anything here because it knows the address (its `Origin` gives it away), nor because
/// its own name leads to this machine (that name is in `Host`).
public struct HostPolicy: Sendable {
  private let acceptsEveryHost: Bool
  private let hosts: Set<HostName>
  private let origins: Set<WebOrigin>

  /// A policy for a server that listens at `address`.
  ///
  /// - Parameters:
  ///   - allowedHosts: Names the server has beside `localhost`, the loopback addresses and the address it listens at.
  ///   - allowedOrigins: Other servers' pages that may use this one.
  ///   - needsKey: Whether each request has to bring an API key. Then, or at a socket in the file system, a server that
  ///     other machines may reach has any name, unless `allowedHosts` are given: a page cannot know the key.
  public init(address: BindAddress, allowedHosts: [HostName], allowedOrigins: [WebOrigin], needsKey: Bool) {
    var hosts: Set<HostName> = [.localhost, .loopback4, .loopback6]
    hosts.formUnion(allowedHosts)
    switch address {
    case .unixSocket: acceptsEveryHost = allowedHosts.isEmpty
    case .host(let host, _):
      hosts.insert(host)
      acceptsEveryHost = allowedHosts.isEmpty && needsKey && !address.isLoopback
    }
    self.hosts = hosts
    origins = Set(allowedOrigins)
  }

  /// Checks the values of all headers `Host` and `Origin` of a request.
  ///
  /// - Returns: What the answer has to tell the browser when a page of another server asks that may; otherwise `nil`.
  /// - Throws: `AccessRefusal`, whose `status` is the answer's.
  public func check(hosts: [String], origins: [String]) throws(AccessRefusal) -> CrossOriginGrant? {
    guard let text = hosts.first else { throw .missingHost }
    guard hosts.count == 1 else { throw .severalHosts }
    guard let authority = HostAuthority(text) else { throw .malformedHost(text) }
    guard acceptsEveryHost || self.hosts.contains(authority.host) else { throw .unknownHost(text) }
    guard let originText = origins.first else { return nil }
    guard origins.count == 1 else { throw .severalOrigins }
    if originText == "null" { throw .nullOrigin }
    guard let origin = WebOrigin(originText) else { throw .malformedOrigin(originText) }
    if origin.isSame(as: authority) { return nil }
    guard self.origins.contains(origin) else { throw .foreignOrigin(originText) }
    return CrossOriginGrant(origin: originText)
  }
}
