import MosoFormats

/// A model's metadata, whichever format it comes in, read with a bound on every number.
///
/// A key that is absent or null takes the default that is given; where null means something of its own, the reading is
/// called `nullable…`.
struct ConfigurationFields {
  /// The file that the fields are in, for error messages.
  let origin: String
  /// The path of the object that the fields are members of, with a dot at its end, for error messages.
  let path: String
  private let lookUp: (String) throws(ConfigurationError) -> JSONValue?

  init(
    origin: String, path: String = "", lookUp: @escaping (String) throws(ConfigurationError) -> JSONValue?
  ) {
    self.origin = origin
    self.path = path
    self.lookUp = lookUp
  }

  init(origin: String, path: String = "", object: JSONObject) {
    self.init(origin: origin, path: path) { object[$0] }
  }

  /// The value of `key` as it is written.
  func value(_ key: String) throws(ConfigurationError) -> JSONValue? { try lookUp(key) }

  func has(_ key: String) throws(ConfigurationError) -> Bool { try lookUp(key) != nil }
}

// MARK: Values of one type

extension ConfigurationFields {
  func integer(
    _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws(ConfigurationError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = try nullableInteger(key, in: range, default: fallback) ?? fallback else {
      throw missing(key, expected: expected)
    }
    guard range.contains(value) else { throw invalid(key, found: "\(value) by default", expected: expected) }
    return value
  }

  /// The number at `key`, `fallback` when the key is absent, and `nil` when it is null.
  func nullableInteger(
    _ key: String, in range: ClosedRange<Int>, default fallback: Int?
  ) throws(ConfigurationError) -> Int? {
    guard let value = try lookUp(key) else { return fallback }
    if value == .null { return nil }
    guard let number = value.integerValue, range.contains(number) else {
      throw invalid(key, value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(
    _ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil
  ) throws(ConfigurationError) -> Double {
    guard let value = try nullableNumber(key, in: range, default: fallback) ?? fallback else {
      throw missing(key, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// The number at `key`, `fallback` when the key is absent, and `nil` when it is null.
  func nullableNumber(
    _ key: String, in range: ClosedRange<Double>, default fallback: Double?
  ) throws(ConfigurationError) -> Double? {
    guard let value = try lookUp(key) else { return fallback }
    if value == .null { return nil }
    guard let number = value.doubleValue, range.contains(number) else {
      throw invalid(key, value, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func flag(_ key: String, default fallback: Bool) throws(ConfigurationError) -> Bool {
    guard let value = try lookUp(key), value != .null else { return fallback }
    guard let flag = value.boolValue else { throw invalid(key, value, expected: "true or false") }
    return flag
  }

  func text(_ key: String, default fallback: String? = nil) throws(ConfigurationError) -> String {
    guard let value = try lookUp(key), value != .null else {
      guard let fallback else { throw missing(key, expected: "a text") }
      return fallback
    }
    guard let text = value.stringValue else { throw invalid(key, value, expected: "a text") }
    return text
  }

  /// The elements of the list `key`, of which there must be `count`.
  func list(_ key: String, count: Int) throws(ConfigurationError) -> [JSONValue]? {
    guard let value = try lookUp(key), value != .null else { return nil }
    guard let list = value.arrayValue, list.count == count else {
      throw invalid(key, value, expected: "a list of \(count)")
    }
    return list
  }

  /// The numbers of the list `key`, of which there must be `count`.
  func numbers(_ key: String, count: Int, in range: ClosedRange<Double>) throws(ConfigurationError) -> [Double]? {
    guard let list = try list(key, count: count) else { return nil }
    var numbers: [Double] = []
    for (index, value) in list.enumerated() {
      guard let number = value.doubleValue, range.contains(number) else {
        throw invalid(
          "\(key)[\(index)]", value, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The members of the object `key`.
  func object(_ key: String) throws(ConfigurationError) -> ConfigurationFields? {
    guard let value = try lookUp(key), value != .null else { return nil }
    guard let object = value.objectValue else { throw invalid(key, value, expected: "an object") }
    return ConfigurationFields(origin: origin, path: "\(path)\(key).", object: object)
  }
}

// MARK: Errors

extension ConfigurationFields {
  func invalid(_ key: String, found: String, expected: String) -> ConfigurationError {
    .invalid(origin: origin, key: path + key, found: found, expected: expected)
  }

  func invalid(_ key: String, _ value: JSONValue, expected: String) -> ConfigurationError {
    invalid(key, found: Self.describe(value), expected: expected)
  }

  func missing(_ key: String, expected: String) -> ConfigurationError {
    .missing(origin: origin, key: path + key, expected: expected)
  }

  func unsupported(_ key: String, found: String, supported: String) -> ConfigurationError {
    .unsupported(origin: origin, key: path + key, found: found, supported: supported)
  }

  /// A value in a few words: nothing that a file holds may fill a screen or move a cursor.
  static func describe(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .string(let text): describe(text)
    case .array(let list): "a list of \(list.count)"
    case .object: "an object"
    }
  }

  static func describe(_ text: String) -> String {
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(40).map { $0.value < 32 ? "?" : $0 }))
    return shown.unicodeScalars.count < text.unicodeScalars.count ? "\"\(shown)…\"" : "\"\(shown)\""
  }
}
