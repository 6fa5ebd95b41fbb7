import NIOCore
import NIOHTTPTypesHTTP1
import Synchronization

/// Who wants to know when a connection is closed, by connection.
///
/// A client that goes away is noticed at once, also while its request waits and nothing is written to it.
final class Disconnects: Sendable {
  private typealias Handlers = [Int: @Sendable (any Error) -> Void]
  private struct State: Sendable {
    var handlers: [ObjectIdentifier: Handlers] = [:]
    var open: Set<ObjectIdentifier> = []
    var next = 0
  }
  private let state = Mutex(State())

  /// How many connections are open.
  var openCount: Int { state.withLock { $0.open.count } }

  /// Runs `body`, and calls `onDisconnect` if the connection is closed meanwhile, with a `CancellationError`, or if all
  /// that is on its way is to be ended, with the reason.
  func watch<Result>(
    _ channel: any Channel, onDisconnect: @escaping @Sendable (any Error) -> Void, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let key = ObjectIdentifier(channel)
    let number = state.withLock { state -> Int? in
      guard state.open.contains(key) else { return nil }
      state.next += 1
      state.handlers[key, default: [:]][state.next] = onDisconnect
      return state.next
    }
    guard let number else {
      onDisconnect(CancellationError())
      return try await body()
    }
    defer { state.withLock { state in state.handlers[key]?[number] = nil } }
    return try await body()
  }

  fileprivate func opened(_ channel: any Channel) {
    _ = state.withLock { $0.open.insert(ObjectIdentifier(channel)) }
  }

  fileprivate func closed(_ channel: any Channel) {
    let handlers = state.withLock { state in
      state.open.remove(ObjectIdentifier(channel))
      return state.handlers.removeValue(forKey: ObjectIdentifier(channel))
    }
    for handler in (handlers ?? [:]).values { handler(CancellationError()) }
  }

  /// Ends everything that is on its way.
  func endAll(_ reason: any Error) {
    let handlers = state.withLock { $0.handlers.values.flatMap(\.values) }
    for handler in handlers { handler(reason) }
  }

  /// The part that sits in a connection's pipeline; it brings `ConnectionManners` along.
  func handler(_ limits: ConnectionLimits) -> any RemovableChannelHandler {
    DisconnectHandler(disconnects: self, limits: limits)
  }
}

/// Notices that a client has closed its side. No client of this API goes on reading after that, so the rest is closed too.
private final class DisconnectHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let disconnects: Disconnects
  private let limits: ConnectionLimits

  init(disconnects: Disconnects, limits: ConnectionLimits) {
    self.disconnects = disconnects
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    disconnects.opened(context.channel)
    // Manners are a matter of the wire, so their place is before what makes its messages into those of the program.
    let pipeline = context.pipeline.syncOperations
    if let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) {
      try? pipeline.addHandler(ConnectionManners(limits), position: .before(codec))
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { disconnects.closed(context.channel) }

  func channelInactive(context: ChannelHandlerContext) {
    disconnects.closed(context.channel)
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent {
      disconnects.closed(context.channel)
      context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }
}
