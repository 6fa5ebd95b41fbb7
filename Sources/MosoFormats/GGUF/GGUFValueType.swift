/// The types of metadata values in a GGUF file, with the numbers the format gives them.
public enum GGUFValueType: UInt32, Sendable, Hashable, CaseIterable {
  /// An unsigned integer of 8 bits.
  case uint8 = 0
  /// A signed integer of 8 bits.
  case int8 = 1
  /// An unsigned integer of 16 bits.
  case uint16 = 2
  /// A signed integer of 16 bits.
  case int16 = 3
  /// An unsigned integer of 32 bits.
  case uint32 = 4
  /// A signed integer of 32 bits.
  case int32 = 5
  /// An IEEE number of 32 bits.
  case float32 = 6
  /// A byte that is 0 or 1.
  case bool = 7
  /// A text in UTF-8 after its length in bytes.
  case string = 8
  /// Values of one type after their type and count.
  case array = 9
  /// An unsigned integer of 64 bits.
  case uint64 = 10
  /// A signed integer of 64 bits.
  case int64 = 11
  /// An IEEE number of 64 bits.
  case float64 = 12

  /// The bytes a value takes, or `nil` for strings and arrays, which say it themselves.
  var size: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }

  /// Whether values of this type are whole numbers.
  var isInteger: Bool {
    switch self {
    case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64: true
    case .float32, .float64, .bool, .string, .array: false
    }
  }
}

extension GGUFValueType: CustomStringConvertible {
  /// The name the format's specification uses, as in `uint32`.
  public var description: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .uint32: "uint32"
    case .int32: "int32"
    case .float32: "float32"
    case .bool: "bool"
    case .string: "string"
    case .array: "array"
    case .uint64: "uint64"
    case .int64: "int64"
    case .float64: "float64"
    }
  }
}
