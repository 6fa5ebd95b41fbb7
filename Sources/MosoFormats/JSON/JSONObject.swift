/// The members of a JSON object, in the order they were written.
///
/// Keys are compared byte for byte, not by Unicode equivalence as `String` does: a vocabulary may hold both the
/// composed and the decomposed spelling of a word.
public struct JSONObject: Sendable {
  /// The keys in the order of writing.
  public private(set) var keys: [String]
  /// The values in the order of their keys.
  public private(set) var values: [JSONValue]
  private var index: JSONKeyIndex

  /// An object without members.
  public init() {
    keys = []
    values = []
    index = JSONKeyIndex()
  }

  /// The value of `key`, or `nil` when there is none; assigning `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get { index.position(of: key, in: keys).map { values[$0] } }
    set {
      if let newValue {
        _ = updateValue(newValue, forKey: key)
      } else if let position = index.position(of: key, in: keys) {
        keys.remove(at: position)
        values.remove(at: position)
        index = JSONKeyIndex(of: keys)
      }
    }
  }

  /// Sets the value of `key`, at its old place when it had one.
  ///
  /// - Returns: Whether the key was new.
  mutating func updateValue(_ value: JSONValue, forKey key: String) -> Bool {
    if let position = index.insert(key, in: keys) {
      values[position] = value
      return false
    }
    keys.append(key)
    values.append(value)
    return true
  }
}

extension JSONObject: RandomAccessCollection {
  public typealias Index = Int

  public var startIndex: Int { 0 }
  public var endIndex: Int { keys.count }

  /// The member at `position`, counted from 0 in the order of writing.
  public subscript(position: Int) -> (key: String, value: JSONValue) { (keys[position], values[position]) }
}

extension JSONObject: Hashable {
  /// Whether both objects have the same members in the same order.
  public static func == (one: JSONObject, other: JSONObject) -> Bool {
    one.keys.elementsEqual(other.keys) { ExactText($0) == ExactText($1) } && one.values == other.values
  }

  public func hash(into hasher: inout Hasher) {
    for key in keys { hasher.combine(ExactText(key)) }
    hasher.combine(values)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init()
    for (key, value) in elements { self[key] = value }
  }
}
