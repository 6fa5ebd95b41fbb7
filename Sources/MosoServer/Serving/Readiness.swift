import Synchronization

/// Whether the server takes requests now.
final class Readiness: Sendable {
  private enum State { case loading, ready, draining }
  private let state = Mutex(State.loading)

  var isReady: Bool { state.withLock { $0 == .ready } }

  var reason: String { state.withLock { $0 == .loading ? "loading the model" : "stopping" } }

  func becomeReady() { state.withLock { if $0 == .loading { $0 = .ready } } }

  func drain() { state.withLock { $0 = .draining } }
}
