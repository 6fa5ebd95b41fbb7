/// An immutable dictionary that keeps the order of its keys.
final class DictionaryValue {
  let keys: [Value]
  let values: [Value]
  let depth: Int
  private let hashedKeys: [DictionaryKey]
  private let positions: [DictionaryKey: Int]

  /// Creates a dictionary; of equal keys the first keeps its place and the last gives the value.
  init(_ entries: [(key: DictionaryKey, name: Value, value: Value)]) {
    var keys: [Value] = []
    var values: [Value] = []
    var hashedKeys: [DictionaryKey] = []
    var positions: [DictionaryKey: Int] = [:]
    keys.reserveCapacity(entries.count)
    values.reserveCapacity(entries.count)
    hashedKeys.reserveCapacity(entries.count)
    positions.reserveCapacity(entries.count)
    for entry in entries {
      if let position = positions[entry.key] {
        values[position] = entry.value
      } else {
        positions[entry.key] = keys.count
        keys.append(entry.name)
        values.append(entry.value)
        hashedKeys.append(entry.key)
      }
    }
    self.keys = keys
    self.values = values
    self.hashedKeys = hashedKeys
    self.positions = positions
    depth = 1 + (values.lazy.map(\.depth).max() ?? 0)
  }

  var count: Int { keys.count }
  var isEmpty: Bool { keys.isEmpty }

  subscript(key: DictionaryKey) -> Value? { positions[key].map { values[$0] } }
  subscript(name: String) -> Value? { self[.text(Array(name.utf8))] }

  /// Keys with their values, as the entries of a new dictionary.
  var entries: [(key: DictionaryKey, name: Value, value: Value)] {
    keys.indices.map { (key: hashedKeys[$0], name: keys[$0], value: values[$0]) }
  }

  /// `(key, value)` tuples.
  var items: [Value] { zip(keys, values).map { .tuple([$0, $1]) } }
}

/// A value as the key of a dictionary: equal values are equal keys, so `1`, `1.0` and `true` are one key.
///
/// A key is hashed once, when it is made: a dictionary may be copied, and its keys are hashed again each time, many times
/// over.
struct DictionaryKey: Hashable, Sendable {
  private enum Content: Hashable, Sendable {
    case none
    case undefined
    case integer(Int)
    case float(Double)
    case text([UInt8])
    case tuple([DictionaryKey])
    case identity(ObjectIdentifier)
  }

  private let content: Content
  private let hashCode: Int
  /// The bytes of the texts in the key and the number of its parts: how much work it is to compare it.
  let weight: Int

  private init(_ content: Content, weight: Int = 1) {
    self.content = content
    self.weight = weight
    hashCode = content.hashValue
  }

  static let none = DictionaryKey(.none)
  static let undefined = DictionaryKey(.undefined)
  static func integer(_ value: Int) -> DictionaryKey { DictionaryKey(.integer(value)) }
  static func float(_ value: Double) -> DictionaryKey { DictionaryKey(.float(value)) }
  static func text(_ bytes: [UInt8]) -> DictionaryKey { DictionaryKey(.text(bytes), weight: bytes.count) }
  static func identity(_ value: ObjectIdentifier) -> DictionaryKey { DictionaryKey(.identity(value)) }

  static func tuple(_ keys: [DictionaryKey]) -> DictionaryKey {
    // Parts may be shared: a small tuple of tuples can stand for more texts than there is memory.
    let weight = keys.reduce(1) { sum, key in
      let (total, overflow) = sum.addingReportingOverflow(key.weight)
      return overflow ? .max : total
    }
    return DictionaryKey(.tuple(keys), weight: weight)
  }

  static func == (left: DictionaryKey, right: DictionaryKey) -> Bool {
    left.hashCode == right.hashCode && left.weight == right.weight && left.content == right.content
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hashCode) }
}
