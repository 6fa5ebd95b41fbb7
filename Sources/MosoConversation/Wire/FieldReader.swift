import MosoFormats

/// Reads the fields of one JSON object and remembers which ones were read, so that the others can travel along.
///
/// A field that is `null` counts as missing: it is not read and travels along too.
struct FieldReader {
  /// The object that is read.
  let object: JSONObject
  /// Where the object stands in the request, as in `messages.0`; "" for the request itself.
  let path: String
  /// Numbers that were not written as their meaning suggests: `1` for a fraction, `2.0` for a whole number.
  private(set) var spelling = JSONObject()
  private var taken: [String] = []

  /// - Throws: A refusal when `value` is no object.
  init(_ value: JSONValue, at path: String) throws(RequestError) {
    guard case .object(let object) = value else {
      throw .wrongField(path.isEmpty ? "the body" : path, value, expected: "an object")
    }
    self.object = object
    self.path = path
  }

  /// The fields that were not read, in the order they came.
  var rest: JSONObject {
    guard taken.count < object.count else { return JSONObject() }
    var rest = JSONObject()
    for (key, value) in object where !taken.contains(key) { rest[key] = value }
    return rest
  }

  /// Where the field `key` stands in the request.
  func place(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  /// A refusal of what stands in the field `key`.
  func wrong(_ key: String, expected: String) -> RequestError {
    .wrongField(place(key), object[key], expected: expected)
  }

  /// Whether the object has the field at all, `null` included.
  func has(_ key: String) -> Bool { object[key] != nil }

  /// The field `key`, unless it is missing or `null`.
  mutating func value(_ key: String) -> JSONValue? {
    guard let value = object[key], value != .null else { return nil }
    if !taken.contains(key) { taken.append(key) }
    return value
  }

  /// The field `key`, which has to be there.
  mutating func required(_ key: String, expected: String) throws(RequestError) -> JSONValue {
    guard let value = value(key) else { throw wrong(key, expected: expected) }
    return value
  }

  /// A text, unless it is missing.
  mutating func string(_ key: String) throws(RequestError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.stringValue else { throw wrong(key, expected: "a string") }
    return text
  }

  /// A text that has to be there.
  mutating func requiredString(_ key: String) throws(RequestError) -> String {
    guard let text = try string(key) else { throw wrong(key, expected: "a string") }
    return text
  }

  /// A text that has to be there and has to say something.
  mutating func requiredName(_ key: String) throws(RequestError) -> String {
    let name = try requiredString(key)
    guard !name.isEmpty else { throw wrong(key, expected: "a string that is not empty") }
    return name
  }

  /// One of some words, unless it is missing.
  mutating func word(_ key: String, of words: [String]) throws(RequestError) -> String? {
    guard let word = value(key) else { return nil }
    guard let text = word.stringValue, words.contains(text) else { throw wrong(key, expected: Self.choice(of: words)) }
    return text
  }

  /// One of some words, which has to be there.
  mutating func requiredWord(_ key: String, of words: [String]) throws(RequestError) -> String {
    guard let text = try word(key, of: words) else { throw wrong(key, expected: Self.choice(of: words)) }
    return text
  }

  /// `true` or `false`, unless it is missing.
  mutating func bool(_ key: String) throws(RequestError) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.boolValue else { throw wrong(key, expected: "true or false") }
    return flag
  }

  /// A whole number within `range`, unless it is missing.
  mutating func wholeNumber(_ key: String, in range: ClosedRange<Int>) throws(RequestError) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.integerValue, range.contains(number) else {
      throw wrong(key, expected: Self.words(for: range))
    }
    if case .number = value { spelling[key] = value }
    return number
  }

  /// A whole number within `range` that has to be there.
  mutating func requiredWholeNumber(_ key: String, in range: ClosedRange<Int>) throws(RequestError) -> Int {
    guard let number = try wholeNumber(key, in: range) else { throw wrong(key, expected: Self.words(for: range)) }
    return number
  }

  /// A number within `range`, unless it is missing.
  mutating func number(_ key: String, in range: ClosedRange<Double>) throws(RequestError) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.doubleValue, range.contains(number) else {
      throw wrong(
        key, expected: "a number from \(JSONValue.short(range.lowerBound)) to \(JSONValue.short(range.upperBound))")
    }
    if case .integer = value { spelling[key] = value }
    return number
  }

  /// A list, unless it is missing.
  mutating func array(_ key: String) throws(RequestError) -> [JSONValue]? {
    guard let value = value(key) else { return nil }
    guard let elements = value.arrayValue else { throw wrong(key, expected: "an array") }
    return elements
  }

  /// A list of texts, unless it is missing.
  mutating func strings(_ key: String) throws(RequestError) -> [String]? {
    guard let elements = try array(key) else { return nil }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      guard let text = element.stringValue else {
        throw .wrongField(place("\(key).\(index)"), element, expected: "a string")
      }
      texts.append(text)
    }
    return texts
  }

  /// An object, unless it is missing.
  mutating func fields(_ key: String) throws(RequestError) -> FieldReader? {
    guard let value = value(key) else { return nil }
    return try FieldReader(value, at: place(key))
  }

  private static func words(for range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "a whole number of \(range.lowerBound) or more"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func choice(of words: [String]) -> String {
    let quoted = words.map { "\"\($0)\"" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}

extension RequestError {
  /// A refusal of one field: where, what was found, what was expected.
  static func wrongField(_ place: String, _ found: JSONValue?, expected: String) -> RequestError {
    RequestError(
      .invalidRequest, "\(place) is \(found?.shown ?? "missing"), but has to be \(expected)", field: place)
  }
}

extension JSONValue {
  /// The value as an error message shows it: a short text in quotes, a number as it is, anything else by its kind.
  var shown: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return Self.short(value)
    case .array(let elements): return elements.isEmpty ? "an empty array" : "an array"
    case .object: return "an object"
    case .string(let text):
      let limit = 48
      var shown = "\""
      for scalar in text.unicodeScalars.prefix(limit) {
        shown += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
      }
      return shown + (text.unicodeScalars.dropFirst(limit).isEmpty ? "\"" : "…\"")
    }
  }

  /// A number without the fraction that it does not have.
  static func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}

extension JSONObject {
  /// Adds the members of `other` that this object does not have.
  mutating func merge(_ other: JSONObject) {
    for (key, value) in other where self[key] == nil { self[key] = value }
  }
}
