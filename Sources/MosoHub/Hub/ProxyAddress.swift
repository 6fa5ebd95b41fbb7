import AsyncHTTPClient

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A proxy, as the environment names it.
struct ProxyAddress: Hashable, Sendable {
  let host: String
  let port: Int
  private let user: String?
  private let password: String?

  /// Reads `http://user:password@host:port` or `host:port`.
  init(_ text: String) throws(HubError) {
    let full = text.contains("://") ? text : "http://" + text
    guard let url = URL(string: full), url.scheme?.lowercased() == "http", let host = url.host(percentEncoded: false),
      !host.isEmpty
    else { throw .badProxy(Self.withoutSecret(text)) }
    self.host = host
    port = url.port ?? 80
    user = url.user(percentEncoded: false)
    password = url.password(percentEncoded: false)
  }

  var configuration: HTTPClient.Configuration.Proxy {
    let authorization = user.map { HTTPClient.Authorization.basic(username: $0, password: password ?? "") }
    return .server(host: host, port: port, authorization: authorization)
  }

  /// What the variables say about an address; upper-case `HTTP_PROXY` is left alone, for web servers set it from a
  /// request's header.
  static func setting(for address: String, in environment: [String: String]) -> String? {
    guard let target = WebAddress(address) else { return nil }
    let names = target.scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
    let found = (names + ["all_proxy", "ALL_PROXY"]).lazy.compactMap { CacheLocation.setting($0, in: environment) }
      .first
    guard let found else { return nil }
    let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    let isException = exceptions.split(separator: ",").contains { entry in
      var name = entry.filter { !$0.isWhitespace }.lowercased()
      if name == "*" { return true }
      if name.hasPrefix(".") { name.removeFirst() }
      return !name.isEmpty && (target.host == name || target.host.hasSuffix("." + name))
    }
    return isException ? nil : found
  }

  /// The text without the user and the password, for an error message.
  private static func withoutSecret(_ text: String) -> String {
    text.lastIndex(of: "@").map { "…" + text[$0...] } ?? text
  }
}
