import AsyncHTTPClient
import MosoFormats
import NIOCore
import NIOHTTP1

/// A hub that speaks Hugging Face's API: what a repository holds, and the bytes of its files.
struct HubClient: Sendable {
  let settings: HubSettings
  let transport: HubTransport

  private static let listingLimit = 32_000_000

  /// Opens a client for as long as `body` runs.
  static func with<Value>(_ settings: HubSettings, _ body: (HubClient) async throws -> Value) async throws -> Value {
    guard let home = WebAddress(settings.endpoint) else { throw HubError.badEndpoint(settings.endpoint) }
    var token = settings.token
    while let last = token?.last, last.isWhitespace { token?.removeLast() }
    if let token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { throw HubError.badToken }
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout = HTTPClient.Configuration.Timeout(
      connect: TimeAmount(settings.connectTimeout), read: TimeAmount(settings.silenceTimeout))
    configuration.httpVersion = .http1Only
    configuration.proxy = try settings.proxy.map { try ProxyAddress($0).configuration }
    // Trying again is decided here, where it can be shown and is bounded.
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    do {
      let hub = HubClient(
        settings: settings, transport: HubTransport(client: client, home: home, token: token))
      let value = try await body(hub)
      try await client.shutdown()
      return value
    } catch {
      try? await client.shutdown()
      throw error
    }
  }

  private var host: String { transport.home.host }

  private func address(_ path: String) throws(HubError) -> WebAddress {
    guard let address = WebAddress(settings.endpoint + path) else { throw .badEndpoint(settings.endpoint) }
    return address
  }

  /// Where a file of a commit is.
  func address(of file: String, in repository: String, commit: String) throws(HubError) -> WebAddress {
    try address(
      "/\(repository)/resolve/\(WebAddress.encoded(commit, keepingSlashes: false))/"
        + WebAddress.encoded(file, keepingSlashes: true))
  }

  /// Asks what a repository holds at a revision.
  func listing(of reference: HubReference, reporter: ProgressReporter) async throws -> HubListing {
    let revision = reference.revision ?? "main"
    let address = try address(
      "/api/models/\(reference.repository)/revision/\(WebAddress.encoded(revision, keepingSlashes: false))?blobs=true")
    return try await retrying(reporter) {
      let answer = try await transport.send(to: address, headers: [("Accept", "application/json")])
      guard answer.status == 200 else { throw try await failure(of: answer, reference: reference, file: nil) }
      guard let bytes = try await answer.collect(upTo: Self.listingLimit) else {
        throw HubError.badListing(
          repository: reference.repository, found: "it is longer than \(ByteCount.text(Self.listingLimit))")
      }
      return try HubListing(parsing: bytes, repository: reference.repository)
    }
  }

  /// Fills in a size or hash that the listing left out, as mirrors do.
  func completing(_ file: HubListing.File, of reference: HubReference, commit: String, reporter: ProgressReporter)
    async throws -> HubFile
  {
    if let size = file.size { return HubFile(path: file.path, size: size, check: file.check) }
    let address = try address(of: file.path, in: reference.repository, commit: commit)
    return try await retrying(reporter) {
      // The hub's own answer names the hash; the storage it redirects to would not.
      let answer = try await transport.send(.HEAD, to: address, follow: false)
      guard (200..<400).contains(answer.status) else {
        throw try await failure(of: answer, reference: reference, file: file.path)
      }
      guard let size = answer.number("X-Linked-Size") ?? answer.number("Content-Length"), size >= 0 else {
        throw HubError.badListing(repository: reference.repository, found: "no size of \(file.path)")
      }
      let tag = answer.headers.first(name: "X-Linked-ETag") ?? answer.headers.first(name: "ETag") ?? ""
      let check = file.check == .none ? ContentCheck(digits: tag.filter { $0 != "\"" }) : file.check
      return HubFile(path: file.path, size: size, check: check)
    }
  }

  /// Runs a request until it succeeds, fails for good, or has failed too often.
  private func retrying<Value>(_ reporter: ProgressReporter, _ body: () async throws -> Value) async throws -> Value {
    var retries = Retries(settings.retries)
    while true {
      do {
        return try await body()
      } catch let failure as TransientFailure {
        let pause = try retries.pause(after: failure, host: host)
        reporter.enter(.retrying(after: pause, reason: failure.reason))
        try await Task.sleep(for: pause)
        reporter.enter(.resolving)
      }
    }
  }

  /// What an answer other than the expected one means.
  func failure(of answer: HubTransport.Answer, reference: HubReference, file: String?) async throws -> any Error {
    let text = (try? await answer.collect(upTo: 65_536)).flatMap { $0 } ?? []
    let body = (try? JSONValue(parsing: text))?["error"]?.stringValue
    let message = answer.headers.first(name: "X-Error-Message") ?? body ?? ""
    let code = answer.headers.first(name: "X-Error-Code") ?? ""
    let (repository, hasToken) = (reference.repository, transport.token != nil)
    switch (answer.status, code) {
    case (408, _), (429, _), (500..., _):
      return TransientFailure(
        reason: "\(answer.address.host) answered \(answer.status)", requestedPause: answer.requestedPause)
    case (_, "GatedRepo"):
      return HubError.gated(repository: repository, endpoint: settings.endpoint, hasToken: hasToken)
    case (404, "RevisionNotFound"):
      return HubError.noSuchRevision(repository: repository, revision: reference.revision ?? "main")
    // The hub answers 401 for what does not exist, so as not to tell strangers what does.
    case (401, _), (403, "RepoNotFound"):
      return HubError.notVisible(repository: repository, host: host, hasToken: hasToken)
    case (403, _) where answer.address.hasSameOrigin(as: transport.home) && message.isEmpty:
      return HubError.gated(repository: repository, endpoint: settings.endpoint, hasToken: hasToken)
    case (404, _):
      if let file { return HubError.noSuchFile(repository: repository, file: file) }
      if code != "RepoNotFound", let revision = reference.revision {
        return HubError.noSuchRevision(repository: repository, revision: revision)
      }
      return HubError.notFound(repository: repository, host: host)
    default:
      return HubError.refused(host: answer.address.host, status: answer.status, message: message)
    }
  }
}
