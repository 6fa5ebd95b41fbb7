import HTTPTypes
import MosoConversation

/// Decides which requests are let in: by the host they speak to, the page they come from, and the key they bring.
struct Gatekeeper: Sendable {
  let hosts: HostPolicy
  /// The keys that requests have to bring one of; `nil` lets everybody in.
  let keys: KeyTable?

  /// Refuses what a foreign web page may have sent through somebody's browser.
  ///
  /// - Returns: What the answer has to tell the browser when a page of another server asks that may.
  func admit(_ head: HTTPRequest) throws(AccessRefusal) -> CrossOriginGrant? {
    try hosts.check(hosts: head.authority.map { [$0] } ?? [], origins: head.headerFields[values: .origin])
  }

  /// Whose key a request brings.
  func owner(of headers: HTTPFields) throws(RequestError) -> String {
    guard let keys else { return "" }
    switch keys.lookup(apiKey: headers[.apiKey], authorization: headers[.authorization]) {
    case .accepted(let entry): return entry.owner
    case .disabled(let entry):
      throw RequestError(.authentication, "the key \(entry.name) is switched off; ask for another one")
    case .unknown: throw RequestError(.authentication, "the key is not valid here; moso keys add makes a new one")
    case nil:
      throw RequestError(
        .authentication, "there is no key in the request; send one as x-api-key or as Authorization: Bearer")
    }
  }
}
