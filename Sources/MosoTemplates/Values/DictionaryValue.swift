/// An immutable dictionary that keeps the order of its keys.
final class DictionaryValue {
  let keys: [Value]
  let values: [Value]
  let depth: Int
  private let positions: [DictionaryKey: Int]

  /// Creates a dictionary; of equal keys the first keeps its place and the last gives the value.
  init(_ entries: [(key: DictionaryKey, name: Value, value: Value)]) {
    var keys: [Value] = []
    var values: [Value] = []
    var positions: [DictionaryKey: Int] = [:]
    keys.reserveCapacity(entries.count)
    values.reserveCapacity(entries.count)
    positions.reserveCapacity(entries.count)
    for entry in entries {
      if let position = positions[entry.key] {
        values[position] = entry.value
      } else {
        positions[entry.key] = keys.count
        keys.append(entry.name)
        values.append(entry.value)
      }
    }
    self.keys = keys
    self.values = values
    self.positions = positions
    depth = 1 + (values.lazy.map(\.depth).max() ?? 0)
  }

  var count: Int { keys.count }
  var isEmpty: Bool { keys.isEmpty }

  subscript(key: DictionaryKey) -> Value? { positions[key].map { values[$0] } }
  subscript(name: String) -> Value? { self[.text(Array(name.utf8))] }

  /// Keys with their values, as the entries of a new dictionary.
  var entries: [(key: DictionaryKey, name: Value, value: Value)] {
    let ordered = positions.sorted { $0.value < $1.value }
    return ordered.map { (key: $0.key, name: keys[$0.value], value: values[$0.value]) }
  }

  /// `(key, value)` tuples.
  var items: [Value] { zip(keys, values).map { .tuple([$0, $1]) } }
}

/// A value as the key of a dictionary: equal values are equal keys, so `1`, `1.0` and `true` are one key.
enum DictionaryKey: Hashable {
  case none
  case undefined
  case integer(Int)
  case float(Double)
  case text([UInt8])
  case tuple([DictionaryKey])
  case identity(ObjectIdentifier)
}
