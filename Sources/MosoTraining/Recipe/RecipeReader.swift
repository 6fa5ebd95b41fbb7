import MosoFormats

/// Takes values out of a map of a recipe, and notices keys that nobody asked for.
package struct RecipeReader {
  private let entries: [RecipeNode.Entry]
  private let place: String
  private let name: String
  private var asked: [String] = []

  /// - Parameter name: What the map is, as in `training`.
  package init(_ node: RecipeNode, name: String) throws(RecipeError) {
    guard case .map(let entries) = node.value else {
      throw RecipeError(place: node.place, problem: "'\(name)' should be a map of names and values")
    }
    self.entries = entries
    place = node.place
    self.name = name
  }

  private init(name: String) {
    entries = []
    place = ""
    self.name = name
  }

  /// The part under a key.
  package mutating func node(_ key: String) -> RecipeNode? {
    asked.append(key)
    guard let entry = entries.first(where: { $0.key == key }) else { return nil }
    if case .scalar(let text) = entry.node.value, ["", "~", "null"].contains(text) { return nil }
    return RecipeNode(entry.node.value, place: entry.place)
  }

  /// The map under a key; an empty one where there is none.
  package mutating func map(_ key: String) throws(RecipeError) -> RecipeReader {
    guard let node = node(key) else { return RecipeReader(name: key) }
    return try RecipeReader(node, name: key)
  }

  /// The word under a key.
  package mutating func text(_ key: String) throws(RecipeError) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text) = node.value else {
      throw RecipeError(place: node.place, problem: "'\(key)' should be one word or number")
    }
    return text
  }

  /// The words under a key; one may stand alone.
  package mutating func texts(_ key: String) throws(RecipeError) -> [String]? {
    guard let node = node(key) else { return nil }
    switch node.value {
    case .scalar(let text): return [text]
    case .list(let list):
      var texts: [String] = []
      for part in list {
        guard case .scalar(let text) = part.value else {
          throw RecipeError(place: part.place, problem: "'\(key)' should be a list of words")
        }
        texts.append(text)
      }
      return texts
    case .map: throw RecipeError(place: node.place, problem: "'\(key)' should be a word or a list of words")
    }
  }

  /// The number under a key; `K`, `M`, `B` and `T` stand for thousands and so on.
  package mutating func number(_ key: String, _ range: ClosedRange<Double>) throws(RecipeError) -> Double? {
    guard let text = try text(key) else { return nil }
    guard let number = Self.number(text), range.contains(number) else {
      throw problem(
        key,
        "is '\(text)', where a number from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound)) was expected"
      )
    }
    return number
  }

  /// The whole number under a key.
  package mutating func count(_ key: String, _ range: ClosedRange<Int>) throws(RecipeError) -> Int? {
    guard let text = try text(key) else { return nil }
    guard let number = Self.number(text), let count = Int(exactly: number), range.contains(count) else {
      throw problem(
        key, "is '\(text)', where a whole number from \(range.lowerBound) to \(range.upperBound) was expected")
    }
    return count
  }

  /// The yes or no under a key.
  package mutating func flag(_ key: String) throws(RecipeError) -> Bool? {
    guard let text = try text(key) else { return nil }
    switch text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw problem(key, "is '\(text)', where yes or no was expected")
    }
  }

  /// The choice under a key.
  package mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Choice.Type
  ) throws(RecipeError) -> Choice? where Choice.RawValue == String {
    guard let text = try text(key) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw problem(key, "is '\(text)', where one of \(all) was expected")
    }
    return choice
  }

  /// An error about a key.
  package func problem(_ key: String, _ text: String) -> RecipeError {
    RecipeError(place: entries.first { $0.key == key }?.place ?? place, problem: "'\(key)' \(text)")
  }

  /// Whether a key has a value.
  package func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// - Throws: `RecipeError` if there is a key that nobody asked for.
  package func finish() throws(RecipeError) {
    for entry in entries where !asked.contains(entry.key) {
      let near = Spelling.nearest(to: entry.key, among: asked)
      let advice = near.map { "did you mean '\($0)'?" } ?? "it may have \(asked.sorted().joined(separator: ", "))"
      throw RecipeError(place: entry.place, problem: "'\(name)' has no '\(entry.key)'; \(advice)")
    }
  }

  private static func plain(_ number: Double) -> String {
    Int(exactly: number).map { abs($0) < 1_000_000_000 ? String($0) : "\(number)" } ?? "\(number)"
  }

  /// A number as people write it: `0.003`, `20M`, `1e15`, `4_096`.
  package static func number(_ text: String) -> Double? {
    let factors: [Character: Double] = ["K": 1e3, "k": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12]
    var digits = text.filter { $0 != "_" }
    var factor = 1.0
    if let last = digits.last, let found = factors[last] {
      factor = found
      digits.removeLast()
    }
    guard let value = Double(digits), value.isFinite else { return nil }
    // 20.3M should be a whole number, whatever the rounding of the product.
    let product = value * factor
    return abs(product - product.rounded()) < 1e-9 * abs(product) ? product.rounded() : product
  }
}
