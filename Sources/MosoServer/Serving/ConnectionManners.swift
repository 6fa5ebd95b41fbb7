import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// What HTTP/1 asks of a server beside its answers (RFC 9112), on the level of the wire, where versions are still known.
///
/// - A client that waits for leave to send its body (`Expect: 100-continue`) is given it.
/// - A client that speaks HTTP/1.0 gets no chunks, and the end of the connection as the end of the body.
/// - A reply that says that it closes the connection does.
/// - A request that names several hosts is refused: two programs could believe different ones.
/// - What is no request, has too large a head, or a body that does not come to its end, is refused in a sentence.
/// - A client that reads nothing of its reply is left.
final class ConnectionManners: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let limits: ConnectionLimits
  /// Whether the client of the request at hand speaks HTTP/1.0; the pipeline hands over one request at a time.
  private var isOld = false
  private var closesAfterReply = false
  private var isRefused = false
  /// Whether the end of a request, and of the reply to it, is still to come.
  private var isReading = false
  private var isReplying = false
  /// Whether some of the reply to the request at hand has been written.
  private var hasReplied = false
  private var bodyDeadline: Scheduled<Void>?
  private var readingDeadline: Scheduled<Void>?

  init(_ limits: ConnectionLimits) { self.limits = limits }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isRefused { return }
    guard case .head(let head) = unwrapInboundIn(data) else {
      if case .end = unwrapInboundIn(data) {
        isReading = false
        bodyDeadline?.cancel()
        bodyDeadline = nil
      }
      return context.fireChannelRead(data)
    }
    isReading = true
    isReplying = true
    hasReplied = false
    isOld = head.version.major < 1 || head.version == .http1_0
    closesAfterReply = isOld && !head.isKeepAlive
    if head.headers["host"].count > 1 {
      return refuse(context, .badRequest, "the request has several Host headers, and exactly one was expected")
    }
    context.fireChannelRead(data)
    let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    if !isOld, length <= limits.body, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      context.writeAndFlush(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if isReading, bodyDeadline == nil, let time = limits.bodyTime {
      let bound = NIOLoopBound((manners: self, context: context), eventLoop: context.eventLoop)
      bodyDeadline = context.eventLoop.scheduleTask(in: time) {
        bound.value.manners.giveUpBody(bound.value.context, time)
      }
    }
    context.fireChannelReadComplete()
  }

  private func giveUpBody(_ context: ChannelHandlerContext, _ time: TimeAmount) {
    // Behind a reply that did not want the body there is nothing more to say.
    if hasReplied { return context.close(promise: nil) }
    let seconds = Double(time.nanoseconds) / 1_000_000_000
    let taken = seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    refuse(
      context, .requestTimeout, "the body did not come to its end within the \(taken) seconds that a request may take")
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    readingDeadline?.cancel()
    if !context.channel.isWritable, let time = limits.readingTime {
      let channel = context.channel
      readingDeadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    bodyDeadline?.cancel()
    readingDeadline?.cancel()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Within a body it is whoever reads that who has to reply; and a client that has gone away reads nothing.
    guard let error = error as? HTTPParserError, error != .invalidEOFState, !isReading, !isReplying, !isRefused else {
      return context.fireErrorCaught(error)
    }
    if error == .headerOverflow {
      refuse(context, .requestHeaderFieldsTooLarge, "the request's line and headers take more than \(limits.head)")
    } else {
      refuse(
        context, .badRequest,
        "this is no request of HTTP/1.1 (\(error)); a client's address for this server begins with http://")
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    // The reply of somebody who has not heard yet that the request was refused.
    if isRefused {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    hasReplied = true
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if isOld {
        head.version = .http1_0
        head.headers.remove(name: "transfer-encoding")
        if head.headers["content-length"].isEmpty { closesAfterReply = true }
        if closesAfterReply { head.headers.replaceOrAdd(name: "connection", value: "close") }
      } else if head.headers.first(name: "connection")?.lowercased() == "close" {
        closesAfterReply = true
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end where closesAfterReply:
      isReplying = false
      context.write(data, promise: promise)
      context.flush()
      context.close(promise: nil)
    case .end:
      isReplying = false
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    }
  }

  private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ message: String) {
    isRefused = true
    let body = ByteBuffer(string: #"{"error":{"message":"\#(message)","type":"invalid_request_error"}}"#)
    let head = HTTPResponseHead(
      version: .http1_1, status: status,
      headers: [
        "content-type": "application/json", "content-length": "\(body.readableBytes)", "connection": "close",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    // Closed at once, with bytes of the client unread, the connection would be reset and the reply lost with it.
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
  }
}
