/// Why a hub did not give what was asked for.
public enum HubError: Error, Hashable, Sendable {
  /// `HF_ENDPOINT` is no address.
  case badEndpoint(String)
  /// `HF_TOKEN` cannot be sent.
  case badToken
  /// The environment names a proxy that is no address.
  case badProxy(String)
  /// The connection failed more often than is tried.
  case gaveUp(host: String, reason: String, attempts: Int)
  /// The server asks for a longer pause than anybody waits.
  case askedToWait(host: String, pause: Duration)
  /// The server's certificate is signed by nobody this machine trusts.
  case untrusted(host: String)
  /// The hub shows no such repository to this user; it may exist.
  case notVisible(repository: String, host: String, hasToken: Bool)
  /// The repository's owners let in only whom they approve.
  case gated(repository: String, endpoint: String, hasToken: Bool)
  /// There is no such repository.
  case notFound(repository: String, host: String)
  /// The repository has no such branch, tag or commit.
  case noSuchRevision(repository: String, revision: String)
  /// A file that the listing names is not delivered.
  case noSuchFile(repository: String, file: String)
  /// The server answered with an error of another kind.
  case refused(host: String, status: Int, message: String)
  /// The server sends to an address that is none, or from an encrypted to an open one.
  case badRedirect(host: String, location: String)
  /// The server sends on and on.
  case tooManyRedirects(host: String)
  /// The list of files is not as hubs write it.
  case badListing(repository: String, found: String)
  /// No file of the repository is what was asked for.
  case noFiles(repository: String, reason: FileSelectionError)
  /// A file came several times, and never with the right hash.
  case corrupted(file: String, expected: String, found: String)
  /// A file is longer or shorter than the listing says.
  case wrongSize(file: String, expected: Int, found: Int)
}

extension HubError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badEndpoint(let text):
      "HF_ENDPOINT is \"\(text.printable())\", where an address such as https://huggingface.co was expected"
    case .badToken:
      "HF_TOKEN holds something else than a token of letters, digits and signs; copy it again from your account's page"
    case .badProxy(let text):
      "the proxy is \"\(text.printable())\", where an address such as http://proxy.example:3128 was expected; "
        + "check HTTPS_PROXY"
    case .gaveUp(let host, let reason, let attempts):
      "\(host.printable()) could not be reached or did not finish after \(attempts) tries: \(reason.printable()); "
        + "check the connection and pull again, which goes on where this stopped"
    case .askedToWait(let host, let pause):
      "\(host.printable()) asks to wait \(ByteCount.time(pause)) before the next request; pull again after that"
        + " (a token in HF_TOKEN raises the limit)"
    case .untrusted(let host):
      "the certificate of \(host.printable()) is not trusted by this machine; install the ca-certificates package, "
        + "or your organisation's certificate"
    case .notVisible(let repository, let host, false):
      "\(host.printable()) shows no model \(repository.printable()): check the spelling, or, if it is private or gated, "
        + "set HF_TOKEN to a token that may read it"
    case .notVisible(let repository, let host, true):
      "\(host.printable()) shows no model \(repository.printable()) to the holder of this HF_TOKEN: check the spelling and "
        + "that the token is valid and may read it"
    case .gated(let repository, let endpoint, false):
      "\(repository.printable()) is gated: accept its terms at \(endpoint.printable())/\(repository.printable()), "
        + "then set HF_TOKEN to a token of that account"
    case .gated(let repository, let endpoint, true):
      "\(repository.printable()) is gated and this HF_TOKEN has no access: accept its terms at "
        + "\(endpoint.printable())/\(repository.printable()), or wait until its owners approve"
    case .notFound(let repository, let host):
      "\(host.printable()) has no model \(repository.printable()); check the spelling of hf:owner/name"
    case .noSuchRevision(let repository, let revision):
      "\(repository.printable()) has no branch, tag or commit \(revision.printable()); leave out the @ for its main branch"
    case .noSuchFile(let repository, let file):
      "\(repository.printable()) lists \(file.printable()) but does not deliver it; pull again, for it may just have changed"
    case .refused(let host, let status, let message):
      "\(host.printable()) answered \(status)\(message.isEmpty ? "" : " (\(message.printable()))"), "
        + "where a file or a listing was expected; try again later"
    case .badRedirect(let host, let location):
      "\(host.printable()) redirects to \"\(location.printable())\", which is not an address that may be followed"
    case .tooManyRedirects(let host):
      "\(host.printable()) redirects in a circle; check HF_ENDPOINT"
    case .badListing(let repository, let found):
      "the listing of \(repository.printable()) could not be read: \(found.printable()); check HF_ENDPOINT"
    case .noFiles(let repository, let reason):
      "nothing to pull from \(repository.printable()): \(reason)"
    case .corrupted(let file, let expected, let found):
      "\(file.printable()) arrived damaged several times: its hash should be \(expected.printable()) and is "
        + "\(found.printable()); pull again later or from another HF_ENDPOINT"
    case .wrongSize(let file, let expected, let found):
      "\(file.printable()) should have \(expected) bytes, but the server sends \(found); pull again later"
    }
  }
}
