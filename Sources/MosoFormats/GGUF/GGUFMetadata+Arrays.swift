extension GGUFMetadata {
  /// The whole numbers of the array `key`, whose elements may be of any integer type.
  ///
  /// - Throws: `FormatError` when the value is of another type or an element lies outside of `range`.
  public func integers(_ key: String, in range: ClosedRange<Int> = .min ... .max) throws(FormatError) -> [Int]? {
    guard let (entry, type) = try array(key, expected: "an array of whole numbers", { $0.isInteger }) else {
      return nil
    }
    var cursor = FileCursor(file, at: entry.offset)
    var values: [Int] = []
    values.reserveCapacity(entry.count)
    for _ in 0..<entry.count { values.append(try integer(key, of: type, from: &cursor, in: range)) }
    return values
  }

  /// One whole number for each of `count` layers: the file gives an array of them, or one number for all.
  public func integers(
    _ key: String, forLayers count: Int, in range: ClosedRange<Int> = .min ... .max
  ) throws(FormatError) -> [Int]? {
    guard let entry = entry(key) else { return nil }
    guard entry.type == .array else {
      return try integer(key, in: range).map { [Int](repeating: $0, count: count) }
    }
    guard entry.count == count else { throw wrongType(key, entry, expected: "a whole number or \(count) of them") }
    return try integers(key, in: range)
  }

  /// The numbers of the array `key`, whose elements may be of any floating-point or integer type, rounded to 32 bits.
  ///
  /// Not a number is let through: the scores of a vocabulary may be anything.
  public func floats(_ key: String) throws(FormatError) -> [Float]? {
    let isNumber: (GGUFValueType) -> Bool = { $0.isInteger || $0 == .float32 || $0 == .float64 }
    guard let (entry, type) = try array(key, expected: "an array of numbers", isNumber) else { return nil }
    var cursor = FileCursor(file, at: entry.offset)
    var values: [Float] = []
    values.reserveCapacity(entry.count)
    for _ in 0..<entry.count { values.append(Float(try number(key, of: type, from: &cursor))) }
    return values
  }

  /// The switches of the array `key`.
  public func bools(_ key: String) throws(FormatError) -> [Bool]? {
    guard let (entry, _) = try array(key, expected: "an array of bool", { $0 == .bool }) else { return nil }
    var cursor = FileCursor(file, at: entry.offset)
    var values: [Bool] = []
    values.reserveCapacity(entry.count)
    for _ in 0..<entry.count { values.append(try bool(key, from: &cursor)) }
    return values
  }

  /// The texts of the array `key`, each checked to be UTF-8; for a whole vocabulary `stringTable` is faster.
  public func strings(_ key: String) throws(FormatError) -> [String]? {
    guard let entry = try stringArray(key) else { return nil }
    var cursor = FileCursor(file, at: entry.offset)
    var values: [String] = []
    values.reserveCapacity(entry.count)
    for _ in 0..<entry.count {
      let range = try cursor.readString(key)
      values.append(try cursor.text(in: range, key))
    }
    return values
  }

  /// The texts of the array `key` as one run of bytes, without a `String` for each and without a check of their encoding.
  public func stringTable(_ key: String) throws(FormatError) -> StringTable? {
    guard let entry = try stringArray(key) else { return nil }
    var cursor = FileCursor(file, at: entry.offset)
    var table = StringTable()
    table.reserveCapacity(count: entry.count, byteCount: 8 * entry.count)
    for _ in 0..<entry.count {
      let range = try cursor.readString(key)
      file.withBytes(in: range) { table.append($0) }
    }
    return table
  }

  /// Calls `body` with the position and the bytes of each text of the array `key`, in order and without copying.
  ///
  /// - Returns: Whether the key is there.
  public func forEachString(
    _ key: String, _ body: (Int, RawSpan) throws(FormatError) -> Void
  ) throws(FormatError) -> Bool {
    guard let entry = try stringArray(key) else { return false }
    var cursor = FileCursor(file, at: entry.offset)
    for position in 0..<entry.count {
      let range = try cursor.readString(key)
      try file.withBytes(in: range) { (bytes) throws(FormatError) in try body(position, bytes) }
    }
    return true
  }

  private func stringArray(_ key: String) throws(FormatError) -> GGUFEntry? {
    try array(key, expected: "an array of strings", { $0 == .string })?.0
  }

  /// The entry of the array `key`, with the type of its elements, which `isWanted` accepts.
  private func array(
    _ key: String, expected: String, _ isWanted: (GGUFValueType) -> Bool
  ) throws(FormatError) -> (GGUFEntry, GGUFValueType)? {
    guard let entry = entry(key) else { return nil }
    guard let type = entry.elementType, isWanted(type) else { throw wrongType(key, entry, expected: expected) }
    return (entry, type)
  }
}
