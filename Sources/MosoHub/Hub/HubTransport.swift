import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks for one address over HTTP and follows redirects, showing the token only to the hub itself.
struct HubTransport: Sendable {
  /// The head of an answer, with its body still to come.
  struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: HTTPClientResponse.Body
    /// Who answered, after all redirects.
    let address: WebAddress
  }

  private static let redirectLimit = 10

  let client: HTTPClient
  /// Where the token may be shown.
  let home: WebAddress
  let token: String?

  /// Sends a request without a body; throws a ``TransientFailure``, a ``HubError`` or a `CancellationError`.
  ///
  /// Redirects within one origin are always followed, those to another unless `follow` is false.
  func send(
    _ method: HTTPMethod = .GET, to start: WebAddress, headers: [(String, String)] = [], follow: Bool = true
  ) async throws -> Answer {
    var address = start
    for _ in 0...Self.redirectLimit {
      let answer = try await sendOnce(method, to: address, headers: headers)
      guard [301, 302, 303, 307, 308].contains(answer.status) else { return answer }
      guard let location = answer.headers.first(name: "Location") else { return answer }
      guard let next = address.resolving(location) else {
        throw HubError.badRedirect(host: address.host, location: location)
      }
      if !follow, !next.hasSameOrigin(as: address) { return answer }
      // Reading the little that comes with a redirect lets the connection be used again.
      _ = try? await answer.body.collect(upTo: 65_536)
      address = next
    }
    throw HubError.tooManyRedirects(host: start.host)
  }

  private func sendOnce(
    _ method: HTTPMethod, to address: WebAddress, headers: [(String, String)]
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: address.text)
    request.method = method
    request.headers.add(name: "User-Agent", value: "moso/0.1")
    request.headers.add(name: "Accept-Encoding", value: "identity")
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let token, address.hasSameOrigin(as: home) {
      request.headers.add(name: "Authorization", value: "Bearer " + token)
    }
    do {
      // No deadline for the whole: a large file takes as long as it takes, and silence has a limit of its own.
      let response = try await client.execute(request, deadline: .distantFuture)
      return Answer(
        status: Int(response.status.code), headers: response.headers, body: response.body, address: address)
    } catch {
      throw Self.translate(error, host: address.host)
    }
  }

  /// What a failure of the connection means: to be tried again, unless the task was cancelled or nobody can help.
  static func translate(_ error: any Error, host: String) -> any Error {
    if Task.isCancelled || error is CancellationError { return CancellationError() }
    let text = String(describing: error)
    if text.contains("CERTIFICATE_VERIFY_FAILED") { return HubError.untrusted(host: host) }
    let reason =
      switch error as? HTTPClientError {
      case .connectTimeout?: "no connection could be made in time"
      case .readTimeout?: "the server fell silent"
      case .remoteConnectionClosed?: "the connection was closed"
      default: Self.systemReason(of: error) ?? text.printable(limit: 160)
      }
    return TransientFailure(reason: reason)
  }

  /// Why no connection could be made, in the system's words; `nil` for a failure of another kind.
  private static func systemReason(of error: any Error) -> String? {
    var codes = [(error as? IOError)?.errnoCode].compactMap { $0 }
    if let error = error as? NIOConnectionError {
      codes = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
      if codes.isEmpty && (error.dnsAError ?? error.dnsAAAAError) != nil { return "its name could not be looked up" }
    }
    // Of a host with addresses of two kinds one often cannot be reached at all; what the other says is what matters.
    if codes.contains(ECONNREFUSED) { return "the connection was refused, so nothing listens there" }
    return codes.first.map { "the connection failed (\(SystemCalls.message(of: $0)))" }
  }
}

extension HubTransport.Answer {
  /// The number in a header, such as `Content-Length`.
  func number(_ name: String) -> Int? {
    headers.first(name: name).flatMap { Int($0) }
  }

  /// The entity tag, if two answers with the same one are the same bytes; weak tags do not promise that.
  var strongEntityTag: String? {
    guard let tag = headers.first(name: "ETag"), tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
    return (2...300).contains(tag.utf8.count) && !tag.unicodeScalars.contains { $0.isUnprintable } ? tag : nil
  }

  /// The pause asked for by `Retry-After`, in seconds; a date there counts as no wish.
  var requestedPause: Duration? {
    number("Retry-After").flatMap { $0 >= 0 ? .seconds(min($0, 1_000_000_000)) : nil }
  }

  /// The whole body, up to a limit; `nil` when it is longer.
  func collect(upTo limit: Int) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    var iterator = body.makeAsyncIterator()
    while true {
      let piece: ByteBuffer?
      do {
        piece = try await iterator.next()
      } catch {
        throw HubTransport.translate(error, host: address.host)
      }
      guard let piece else { return bytes }
      guard bytes.count + piece.readableBytes <= limit else { return nil }
      bytes.append(contentsOf: piece.readableBytesView)
    }
  }
}
