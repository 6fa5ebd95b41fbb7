import Synchronization

/// What becomes known about a request while it is served, for the log and the counts.
final class ExchangeRecord: Sendable {
  private struct State: Sendable {
    var model = ""
    var isRefused = false
  }
  private let state = Mutex(State())

  /// The model that was asked, by the name that it has here.
  var model: String {
    get { state.withLock { $0.model } }
    set { state.withLock { $0.model = newValue } }
  }
}
