/// A metadata value of a GGUF file, with the type it is written as.
public enum GGUFValue: Sendable, Hashable {
  /// A whole number without a sign.
  case uint8(UInt8), uint16(UInt16), uint32(UInt32), uint64(UInt64)
  /// A whole number.
  case int8(Int8), int16(Int16), int32(Int32), int64(Int64)
  /// An IEEE number.
  case float32(Float), float64(Double)
  /// A switch.
  case bool(Bool)
  /// A text.
  case string(String)
  /// Values that are all of one type.
  case array(GGUFValueType, [GGUFValue])
  /// An array of strings, such as the pieces of a vocabulary.
  case stringTable(StringTable)
  /// A value as another file has it: what stands behind its type.
  case encoded(GGUFValueType, [UInt8])

  /// An array of strings.
  public static func strings(_ values: [String]) -> GGUFValue { .array(.string, values.map { .string($0) }) }
  /// An array of 32-bit whole numbers.
  public static func integers(_ values: [Int32]) -> GGUFValue { .array(.int32, values.map { .int32($0) }) }
  /// An array of 32-bit floating-point numbers.
  public static func floats(_ values: [Float]) -> GGUFValue { .array(.float32, values.map { .float32($0) }) }

  /// The type the value is written as.
  public var type: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .uint64: .uint64
    case .int64: .int64
    case .float32: .float32
    case .float64: .float64
    case .bool: .bool
    case .string: .string
    case .array, .stringTable: .array
    case .encoded(let type, _): type
    }
  }
}

extension [UInt8] {
  /// Appends a number, little-endian.
  mutating func appendGGUF(_ number: some FixedWidthInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  /// Appends a text behind its length in bytes.
  mutating func appendGGUF(_ text: String) {
    appendGGUF(UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }

  /// Appends what stands behind the type of `value`.
  mutating func appendGGUF(_ value: GGUFValue) {
    switch value {
    case .uint8(let number): appendGGUF(number)
    case .int8(let number): appendGGUF(number)
    case .uint16(let number): appendGGUF(number)
    case .int16(let number): appendGGUF(number)
    case .uint32(let number): appendGGUF(number)
    case .int32(let number): appendGGUF(number)
    case .uint64(let number): appendGGUF(number)
    case .int64(let number): appendGGUF(number)
    case .float32(let number): appendGGUF(number.bitPattern)
    case .float64(let number): appendGGUF(number.bitPattern)
    case .bool(let isOn): append(isOn ? 1 : 0)
    case .string(let text): appendGGUF(text)
    case .array(let type, let values):
      appendGGUF(type.rawValue)
      appendGGUF(UInt64(values.count))
      for value in values { appendGGUF(value) }
    case .stringTable(let table):
      appendGGUF(GGUFValueType.string.rawValue)
      appendGGUF(UInt64(table.count))
      for position in 0..<table.count {
        appendGGUF(UInt64(table.range(position).count))
        append(contentsOf: table[position])
      }
    case .encoded(_, let bytes): append(contentsOf: bytes)
    }
  }
}

extension GGUFMetadata {
  /// The value of `key` as it stands in the file, for another file.
  ///
  /// - Throws: `FormatError` when a text in an array reaches beyond the file, which opening it has ruled out.
  public func encodedValue(_ key: String) throws(FormatError) -> GGUFValue? {
    guard let entry = entry(key) else { return nil }
    // An array's element type and count stand before its elements.
    let start = entry.elementType == nil ? entry.offset : entry.offset - 12
    var cursor = FileCursor(file, at: entry.offset)
    if let size = (entry.elementType ?? entry.type).size {
      try cursor.skip(entry.count * size, key)
    } else {
      for _ in 0..<entry.count { _ = try cursor.readString(key) }
    }
    let bytes = file.withBytes(in: start..<cursor.offset) { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
    return .encoded(entry.type, bytes)
  }
}
