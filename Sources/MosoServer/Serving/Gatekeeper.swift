import HTTPTypes
import MosoConversation

/// Decides which requests are let in: by the host they speak to, the page they come from, and the key they bring.
struct Gatekeeper: Sendable {
  let hosts: HostPolicy
  /// Whose key that is; `nil` lets everybody in without one.
  let ownerOfKey: (@Sendable (String) -> String?)?

  /// Refuses what a foreign web page may have sent through somebody's browser.
  ///
  /// - Returns: What the answer has to tell the browser when a page of another server asks that may.
  func admit(_ head: HTTPRequest) throws(AccessRefusal) -> CrossOriginGrant? {
    try hosts.check(hosts: head.authority.map { [$0] } ?? [], origins: head.headerFields[values: .origin])
  }

  /// Whose key a request brings.
  func owner(of headers: HTTPFields) throws(RequestError) -> String {
    guard let ownerOfKey else { return "" }
    let bearer = headers[.authorization].flatMap { value in
      value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7)) : nil
    }
    guard let key = headers[.apiKey] ?? bearer else {
      throw RequestError(
        .authentication, "there is no key in the request; send one as x-api-key or as Authorization: Bearer")
    }
    guard let owner = ownerOfKey(key) else {
      throw RequestError(.authentication, "the key is not valid here; moso keys add makes a new one")
    }
    return owner
  }
}
