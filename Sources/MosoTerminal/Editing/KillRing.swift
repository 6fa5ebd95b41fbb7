/// What Ctrl-K and its like removed, for Ctrl-Y to bring back; the newest few pieces are kept.
struct KillRing: Equatable, Sendable {
  private var entries: [String] = []
  private var selected = 0

  private static let capacity = 32

  /// Adds removed text; text removed right after earlier text becomes one piece with it.
  mutating func add(_ text: String, joiningNewest: Bool, atFront: Bool = false) {
    if text.isEmpty { return }
    if joiningNewest, let newest = entries.popLast() {
      entries.append(atFront ? text + newest : newest + text)
    } else {
      entries.append(text)
      if entries.count > Self.capacity { entries.removeFirst() }
    }
    selected = entries.count - 1
  }

  /// The piece that Ctrl-Y inserts.
  var current: String? { entries.indices.contains(selected) ? entries[selected] : nil }

  /// Goes to the next older piece, after the oldest to the newest again, as Alt-Y does.
  mutating func rotate() {
    guard !entries.isEmpty else { return }
    selected = (selected + entries.count - 1) % entries.count
  }
}
