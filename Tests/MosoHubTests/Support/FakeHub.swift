import Crypto
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A hub on the loopback interface that behaves like Hugging Face's: an API and small files on one port, large files on
/// a storage of another port to which it redirects.
final class FakeHub: Sendable {
  struct File: Sendable {
    var bytes: [UInt8]
    /// Whether it is kept in the storage, as everything large is.
    var isLarge: Bool
  }

  struct Repository: Sendable {
    var commit = String(repeating: "c0ffee12", count: 5)
    var files: [String: File] = [:]
    /// Who may see it; `nil` is everybody.
    var token: String?
  }

  /// A request as it arrived.
  struct Request: Sendable {
    let port: Port
    let method: HTTPMethod
    let uri: String
    let headers: HTTPHeaders
    /// How many requests of the same method for the same path came before.
    let earlier: Int

    var range: String? { headers.first(name: "Range") }
    var path: String { String(uri.prefix { $0 != "?" }) }
  }

  enum Port: Sendable { case hub, storage }

  /// An answer, which a test may spoil before it goes out.
  struct Reply: Sendable {
    var status = HTTPResponseStatus.ok
    var headers = HTTPHeaders()
    var body: [UInt8] = []
    /// What `Content-Length` says, if not the truth; a negative number leaves it out.
    var announcedLength: Int?
    /// The connection is closed after so many bytes of the body.
    var dropAfter: Int?
    /// The body is sent in pieces of this size, with a pause between them.
    var pieceSize = 16_384
    var pauseMilliseconds: Int64 = 0
    /// The body waits until this flag is set, after so many bytes.
    var awaited: Flag?
    var awaitedAfter = 0
    /// Nothing more is sent after so many bytes, but the connection stays.
    var stallAfter: Int?
  }

  private struct State: Sendable {
    var repositories: [String: Repository] = [:]
    var requests: [Request] = []
    var bodyBytes = 0
    var spoil: @Sendable (Request, inout Reply) -> Void = { _, _ in }
  }

  private let state = Mutex(State())
  private let channels = Mutex<[any Channel]>([])
  private let hubPort = Mutex(0)
  private let storagePort = Mutex(0)

  /// Runs a hub for as long as `body` runs.
  static func run<Value>(
    _ repositories: [String: Repository] = [:], _ body: (FakeHub) async throws -> Value
  ) async throws -> Value {
    let hub = FakeHub()
    hub.state.withLock { $0.repositories = repositories }
    let first = try await hub.listen(.hub)
    let second = try await hub.listen(.storage)
    hub.hubPort.withLock { $0 = first }
    hub.storagePort.withLock { $0 = second }
    do {
      let value = try await body(hub)
      await hub.stop()
      return value
    } catch {
      await hub.stop()
      throw error
    }
  }

  var endpoint: String { "http://127.0.0.1:\(hubPort.withLock { $0 })" }
  var storage: String { "http://127.0.0.1:\(storagePort.withLock { $0 })" }

  /// Everything that was asked so far.
  var requests: [Request] { state.withLock { $0.requests } }
  /// How many bytes of bodies went out.
  var bodyBytes: Int { state.withLock { $0.bodyBytes } }

  func change(_ repository: String, _ body: @Sendable (inout Repository) -> Void) {
    state.withLock { body(&$0.repositories[repository, default: Repository()]) }
  }

  /// Lets a test spoil answers.
  func spoil(_ body: @escaping @Sendable (Request, inout Reply) -> Void) {
    state.withLock { $0.spoil = body }
  }

  fileprivate func sent(_ bytes: Int) { state.withLock { $0.bodyBytes += bytes } }

  fileprivate func reply(to head: HTTPRequestHead, on port: Port) -> Reply {
    let (request, repositories, spoil) = state.withLock { state in
      let path = head.uri.prefix { $0 != "?" }
      let earlier = state.requests.count { $0.method == head.method && $0.path == path && $0.port == port }
      let request = Request(port: port, method: head.method, uri: head.uri, headers: head.headers, earlier: earlier)
      state.requests.append(request)
      return (request, state.repositories, state.spoil)
    }
    var reply = port == .hub ? hubReply(request, repositories) : storageReply(request, repositories)
    spoil(request, &reply)
    return reply
  }

  private func listen(_ port: Port) async throws -> Int {
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(FakeHubHandler(hub: self, port: port))
        }
      }
    let channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    channels.withLock { $0.append(channel) }
    return channel.localAddress?.port ?? 0
  }

  private func stop() async {
    for channel in channels.withLock({ $0 }) { try? await channel.close() }
  }
}

/// Sends one reply after the other on a connection.
private final class FakeHubHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let hub: FakeHub
  private let port: FakeHub.Port
  private var head: HTTPRequestHead?

  init(hub: FakeHub, port: FakeHub.Port) {
    self.hub = hub
    self.port = port
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      let reply = hub.reply(to: head, on: port)
      var headers = reply.headers
      let length = reply.announcedLength ?? reply.body.count
      if length >= 0 { headers.replaceOrAdd(name: "Content-Length", value: "\(length)") }
      let responseHead = HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)
      context.writeAndFlush(wrapOutboundOut(.head(responseHead)), promise: nil)
      if head.method == .HEAD {
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      } else {
        send(reply, from: 0, context: context)
      }
    }
  }

  private func send(_ reply: FakeHub.Reply, from start: Int, context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    if let flag = reply.awaited, start >= reply.awaitedAfter, !flag.isSet {
      continueSending(reply, from: start, after: 5, context: context)
      return
    }
    if let stall = reply.stallAfter, start >= stall { return }
    if let drop = reply.dropAfter, start >= drop {
      context.close(promise: nil)
      return
    }
    guard start < reply.body.count else {
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      return
    }
    let limits = [start + reply.pieceSize, reply.body.count, reply.dropAfter, reply.stallAfter]
    let end = limits.compactMap { $0 }.min() ?? start
    let buffer = context.channel.allocator.buffer(bytes: reply.body[start..<end])
    hub.sent(end - start)
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: written)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    written.futureResult.whenSuccess {
      let (handler, context) = bound.value
      handler.continueSending(reply, from: end, after: reply.pauseMilliseconds, context: context)
    }
  }

  private func continueSending(
    _ reply: FakeHub.Reply, from start: Int, after milliseconds: Int64, context: ChannelHandlerContext
  ) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
      let (handler, context) = bound.value
      handler.send(reply, from: start, context: context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
