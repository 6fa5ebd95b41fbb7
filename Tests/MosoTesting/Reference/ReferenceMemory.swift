/// Every key and value so far, by sequence and layer, one row per position.
public final class ReferenceMemory {
  struct Rows {
    var keys: [[Double]] = []
    var values: [[Double]] = []
  }

  private struct Place: Hashable {
    let sequence: Int
    let layer: Int
  }

  private var rows: [Place: Rows] = [:]

  public init() {}

  /// Stores a position's key and value, in place of whatever the sequence had from there on.
  func store(key: [Double], value: [Double], sequence: Int, layer: Int, position: Int) {
    let place = Place(sequence: sequence, layer: layer)
    rows[place, default: Rows()].keys.removeLast(past: position)
    rows[place, default: Rows()].values.removeLast(past: position)
    precondition(rows[place]?.keys.count == position, "position \(position) of sequence \(sequence) has no past")
    rows[place, default: Rows()].keys.append(key)
    rows[place, default: Rows()].values.append(value)
  }

  func past(of sequence: Int, layer: Int) -> Rows { rows[Place(sequence: sequence, layer: layer)] ?? Rows() }

  /// Forgets the positions of `sequence` from `count` on.
  public func truncate(_ sequence: Int, to count: Int) {
    for place in rows.keys where place.sequence == sequence {
      rows[place]?.keys.removeLast(past: count)
      rows[place]?.values.removeLast(past: count)
    }
  }
}

extension Array {
  fileprivate mutating func removeLast(past count: Int) { removeLast(Swift.max(self.count - count, 0)) }
}
