import Synchronization

/// What becomes known about a request while it is served, for the log and the counts.
final class ExchangeRecord: Sendable {
  private let name = Mutex("")

  /// The model that was asked, by the name that it has here.
  var model: String {
    get { name.withLock { $0 } }
    set { name.withLock { $0 = newValue } }
  }
}
