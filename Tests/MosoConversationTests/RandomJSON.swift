import MosoFormats
import MosoTesting

/// Makes random JSON, and objects of which some members are left out, are null, or are nobody's.
struct RandomJSON {
  private var generator: RepeatableGenerator
  private var idCount = 0

  init(seed: UInt64) { generator = RepeatableGenerator(seed: seed) }

  mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...(elements.count - 1))] }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] { elements.shuffled(using: &generator) }

  /// A text that is not empty and does not end in white space.
  mutating func text() -> String {
    let pieces = ["a", "Hello", "\n", "\"", "\\", "é", "中", "😀", "\u{1}", " ", "{}", "</s>", "\u{2028}", "e\u{301}"]
    return (0..<number(0...5)).map { _ in pick(pieces) }.joined() + pick(["x", "é", "😀", "."])
  }

  mutating func name() -> String { pick(["ls", "get_weather", "A-1", "_"]) + String(number(0...9_999_999)) }

  /// An id that this generator has not made before.
  mutating func id() -> String {
    idCount += 1
    return "id_\(idCount)"
  }

  /// Any value; numbers are whole or not, keys are in any order.
  mutating func value(depth: Int = 0) -> JSONValue {
    switch number(0...(depth > 2 ? 5 : 7)) {
    case 0: return .null
    case 1: return .bool(chance(50))
    case 2: return .integer(pick([0, 1, -1, 7, .max, .min, number(-1_000...1_000)]))
    case 3: return .number(pick([0.5, -0.0, 1.0, 1e300, .leastNonzeroMagnitude, Double(number(-1_000...1_000)) / 8]))
    case 4, 5: return .string(chance(10) ? "" : text())
    case 6: return .array((0..<number(0...3)).map { _ in value(depth: depth + 1) })
    default: return .object(object(depth: depth + 1))
    }
  }

  mutating func object(depth: Int = 0) -> JSONObject {
    var object = JSONObject()
    for key in shuffled(["z", "a", "type", "m", "10", "9", "é", ""]).prefix(number(0...4)) {
      object[key] = value(depth: depth)
    }
    return object
  }

  /// The members of an object: those that are required, each of the others or not or as null, and some that are nobody's,
  /// in any order.
  mutating func members(
    _ required: [(String, JSONValue)], optional: [(String, JSONValue)] = [], nullable: Bool = true
  ) -> JSONValue {
    var members = required
    for (key, value) in optional where chance(40) {
      members.append((key, nullable && chance(10) ? .null : value))
    }
    for index in 0..<(chance(20) ? number(1...2) : 0) { members.append(("x_\(index)_\(number(0...99))", value())) }
    var object = JSONObject()
    for (key, value) in shuffled(members) { object[key] = value }
    return .object(object)
  }
}

extension JSONValue {
  /// All values of members by these names, wherever they stand, in the order of their places without regard to the order of
  /// members around them.
  func values(named names: Set<String>, at path: String = "") -> [String: JSONValue] {
    var found: [String: JSONValue] = [:]
    switch self {
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        found.merge(element.values(named: names, at: "\(path).\(index)")) { $1 }
      }
    case .object(let object):
      for (key, value) in object {
        if names.contains(key) { found["\(path).\(key)"] = value }
        found.merge(value.values(named: names, at: "\(path).\(key)")) { $1 }
      }
    default: break
    }
    return found
  }
}
