/// The metadata of a GGUF file: names with numbers, texts and lists.
///
/// Values stay in the file until they are asked for, so a vocabulary that nobody reads costs nothing. A key that is
/// absent gives `nil`; a key that holds another type than was asked for is an error that names both.
public struct GGUFMetadata: Sendable {
  /// The keys in the order of the file.
  public private(set) var keys: [String] = []
  private var entries: [ExactText: GGUFEntry] = [:]
  let file: MappedFile

  /// The path of the file.
  public var path: String { file.path }

  init(file: MappedFile) {
    self.file = file
  }

  /// Adds an entry.
  ///
  /// - Returns: Whether the key is new; a file that has it twice is refused.
  mutating func insert(_ entry: GGUFEntry, forKey key: String) -> Bool {
    guard entries.updateValue(entry, forKey: ExactText(key)) == nil else { return false }
    keys.append(key)
    return true
  }

  /// Whether the file has `key`.
  public func contains(_ key: String) -> Bool { entry(key) != nil }

  /// The type of a key's value and, for an array, of its elements; `nil` when the key is absent.
  public func type(of key: String) -> (value: GGUFValueType, element: GGUFValueType?)? {
    entry(key).map { ($0.type, $0.elementType) }
  }

  /// How many elements the array `key` has; `nil` when the key is absent or not an array.
  public func count(of key: String) -> Int? {
    entry(key).flatMap { $0.elementType == nil ? nil : $0.count }
  }

  func entry(_ key: String) -> GGUFEntry? { entries[ExactText(key)] }
}

/// Where a metadata value is in its file.
struct GGUFEntry: Sendable {
  let type: GGUFValueType
  /// For an array, the type of its elements.
  let elementType: GGUFValueType?
  /// For an array, how many elements it has; else 1.
  let count: Int
  /// Where the value begins: behind the type, or behind an array's element count.
  let offset: Int

  /// The type in words, as in `array of string`.
  var typeDescription: String {
    elementType.map { "an array of \(count) \($0)" } ?? type.description
  }
}

// MARK: Single values

extension GGUFMetadata {
  /// The text at `key`.
  public func string(_ key: String) throws(FormatError) -> String? {
    guard let entry = entry(key) else { return nil }
    guard entry.type == .string else { throw wrongType(key, entry, expected: "a string") }
    var cursor = FileCursor(file, at: entry.offset)
    let range = try cursor.readString(key)
    return try cursor.text(in: range, key)
  }

  /// The whole number at `key`, of any integer type.
  ///
  /// - Throws: `FormatError` when the value is of another type or lies outside of `range`.
  public func integer(_ key: String, in range: ClosedRange<Int> = .min ... .max) throws(FormatError) -> Int? {
    guard let entry = entry(key) else { return nil }
    guard entry.type.isInteger else { throw wrongType(key, entry, expected: "a whole number") }
    var cursor = FileCursor(file, at: entry.offset)
    return try integer(key, of: entry.type, from: &cursor, in: range)
  }

  /// The number at `key`, of any floating-point or integer type.
  ///
  /// - Throws: `FormatError` when the value is of another type, infinite or not a number.
  public func number(_ key: String) throws(FormatError) -> Double? {
    guard let entry = entry(key) else { return nil }
    guard entry.type.isInteger || entry.type == .float32 || entry.type == .float64 else {
      throw wrongType(key, entry, expected: "a number")
    }
    var cursor = FileCursor(file, at: entry.offset)
    let value = try number(key, of: entry.type, from: &cursor)
    guard value.isFinite else {
      throw cursor.malformed(key, at: entry.offset, found: "\(value)", expected: "a finite number")
    }
    return value
  }

  /// Whether the switch at `key` is on.
  public func bool(_ key: String) throws(FormatError) -> Bool? {
    guard let entry = entry(key) else { return nil }
    guard entry.type == .bool else { throw wrongType(key, entry, expected: "a bool") }
    var cursor = FileCursor(file, at: entry.offset)
    return try bool(key, from: &cursor)
  }

  /// The whole number at `key`, which must be there.
  public func requiredInteger(
    _ key: String, in range: ClosedRange<Int> = .min ... .max
  ) throws(FormatError) -> Int {
    guard let value = try integer(key, in: range) else { throw missing(key) }
    return value
  }

  /// The text at `key`, which must be there.
  public func requiredString(_ key: String) throws(FormatError) -> String {
    guard let value = try string(key) else { throw missing(key) }
    return value
  }
}

// MARK: Reading

extension GGUFMetadata {
  func integer(
    _ key: String, of type: GGUFValueType, from cursor: inout FileCursor, in range: ClosedRange<Int>
  ) throws(FormatError) -> Int {
    let start = cursor.offset
    let value: Int?
    switch type {
    case .uint8: value = Int(try cursor.read(UInt8.self, key))
    case .int8: value = Int(try cursor.read(Int8.self, key))
    case .uint16: value = Int(try cursor.read(UInt16.self, key))
    case .int16: value = Int(try cursor.read(Int16.self, key))
    case .uint32: value = Int(try cursor.read(UInt32.self, key))
    case .int32: value = Int(try cursor.read(Int32.self, key))
    case .uint64: value = Int(exactly: try cursor.read(UInt64.self, key))
    case .int64: value = Int(try cursor.read(Int64.self, key))
    case .float32, .float64, .bool, .string, .array: preconditionFailure("\(type) is not a whole number")
    }
    guard let value, range.contains(value) else {
      throw cursor.malformed(
        key, at: start, found: value.map { "\($0)" } ?? "a number beyond 63 bits",
        expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func number(_ key: String, of type: GGUFValueType, from cursor: inout FileCursor) throws(FormatError) -> Double {
    switch type {
    case .float32: Double(Float(bitPattern: try cursor.read(UInt32.self, key)))
    case .float64: Double(bitPattern: try cursor.read(UInt64.self, key))
    case .uint64: Double(try cursor.read(UInt64.self, key))
    default: Double(try integer(key, of: type, from: &cursor, in: .min ... .max))
    }
  }

  func bool(_ key: String, from cursor: inout FileCursor) throws(FormatError) -> Bool {
    let start = cursor.offset
    let value = try cursor.read(UInt8.self, key)
    guard value <= 1 else { throw cursor.malformed(key, at: start, found: "the byte \(value)", expected: "0 or 1") }
    return value == 1
  }

  func wrongType(_ key: String, _ entry: GGUFEntry, expected: String) -> FormatError {
    .malformed(
      path: file.path, offset: entry.offset, field: key, found: entry.typeDescription, expected: expected)
  }

  func missing(_ key: String) -> FormatError {
    .missing(path: file.path, what: "metadata key \(key)", hint: "the file is incomplete; convert the model again")
  }
}
