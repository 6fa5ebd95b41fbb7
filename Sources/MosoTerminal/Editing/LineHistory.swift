/// The messages a user sent before, oldest first, each once, within bounds.
public struct LineHistory: Equatable, Sendable {
  /// The messages, oldest first, none twice in a row.
  public private(set) var entries: [String] = []
  private let maximumCount: Int
  private let maximumBytes: Int
  private var byteCount = 0

  /// Longer messages (a pasted book) are not remembered.
  public static let longestEntry = 1 << 16

  /// A history that keeps the newest of `entries` within `maximumCount` messages and `maximumBytes` bytes of UTF-8.
  public init(_ entries: [String] = [], maximumCount: Int = 1000, maximumBytes: Int = 1 << 20) {
    self.maximumCount = max(1, maximumCount)
    self.maximumBytes = max(1, maximumBytes)
    // From the newest, so that the cost does not grow with what is dropped.
    var seen = Set<String>()
    var kept: [String] = []
    for entry in entries.reversed() where Self.isWorthKeeping(entry) && seen.insert(entry).inserted {
      let bytes = entry.utf8.count
      if kept.count == self.maximumCount || byteCount + bytes > self.maximumBytes { break }
      kept.append(entry)
      byteCount += bytes
    }
    self.entries = kept.reversed()
  }

  /// Makes `entry` the newest; an equal older one goes, and so do the oldest when there are too many.
  public mutating func add(_ entry: String) {
    guard Self.isWorthKeeping(entry) else { return }
    if let index = entries.lastIndex(of: entry) {
      entries.remove(at: index)
    } else {
      byteCount += entry.utf8.count
    }
    entries.append(entry)
    while entries.count > maximumCount || (byteCount > maximumBytes && entries.count > 1) {
      byteCount -= entries.removeFirst().utf8.count
    }
  }

  private static func isWorthKeeping(_ entry: String) -> Bool {
    entry.utf8.count <= longestEntry && entry.contains { !$0.isWhitespace }
  }
}
