import NIOCore
import NIOPosix
import Synchronization

/// A proxy on the loopback interface that opens tunnels (`CONNECT`), and knows where hosts that do not exist are.
final class FakeProxy: Sendable {
  /// The ports of 127.0.0.1 that stand for host names.
  private let ports: [String: Int]
  private let heads = Mutex<[String]>([])
  private let address = Mutex("")

  private init(ports: [String: Int]) { self.ports = ports }

  /// Runs a proxy for as long as `body` runs.
  static func run<Value>(ports: [String: Int], _ body: (FakeProxy) async throws -> Value) async throws -> Value {
    let proxy = FakeProxy(ports: ports)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(TunnelHandler(proxy: proxy))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    proxy.address.withLock { $0 = "http://me:p%40ss@127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    do {
      let value = try await body(proxy)
      try? await channel.close()
      return value
    } catch {
      try? await channel.close()
      throw error
    }
  }

  /// The proxy's address, with a user and a password.
  var url: String { address.withLock { $0 } }
  /// The requests for tunnels, each with its headers.
  var tunnels: [String] { heads.withLock { $0 } }

  /// Where a request for a tunnel leads.
  fileprivate func port(for head: String) -> Int? {
    heads.withLock { $0.append(head) }
    let words = head.split(separator: " ")
    guard words.count > 1, words[0] == "CONNECT" else { return nil }
    let place = words[1].split(separator: ":")
    return ports[String(place[0])] ?? place.last.flatMap { Int($0) }
  }
}

/// Reads the request for a tunnel, opens it, and passes bytes on in both directions.
private final class TunnelHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let proxy: FakeProxy
  private var head = ""
  private var other: (any Channel)?

  init(proxy: FakeProxy) { self.proxy = proxy }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    if let other {
      other.writeAndFlush(buffer, promise: nil)
      return
    }
    head += String(buffer: buffer)
    guard head.hasSuffix("\r\n\r\n") else { return }
    guard let port = proxy.port(for: head) else {
      context.close(promise: nil)
      return
    }
    let (near, bound) = (context.channel, NIOLoopBound((self, context), eventLoop: context.eventLoop))
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { far in
        far.eventLoop.makeCompletedFuture {
          try far.pipeline.syncOperations.addHandler(PassingHandler(to: near))
        }
      }
      .connect(host: "127.0.0.1", port: port).whenSuccess { far in
        let (handler, context) = bound.value
        handler.other = far
        let reply = context.channel.allocator.buffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
        context.writeAndFlush(handler.wrapOutboundOut(reply), promise: nil)
      }
  }

  func channelInactive(context: ChannelHandlerContext) { other?.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Passes what arrives on to another channel, its end included.
private final class PassingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let channel: any Channel

  init(to channel: any Channel) { self.channel = channel }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    channel.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { channel.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
