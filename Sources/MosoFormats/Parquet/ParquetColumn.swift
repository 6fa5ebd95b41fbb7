/// How the values of a column of a Parquet file are stored.
public enum ParquetType: Sendable, Hashable {
  /// True or false.
  case boolean
  /// A whole number of 32 bits.
  case int32
  /// A whole number of 64 bits.
  case int64
  /// Twelve bytes, once used for times.
  case int96
  /// A floating-point number of 32 bits.
  case float
  /// A floating-point number of 64 bits.
  case double
  /// Any number of bytes.
  case bytes
  /// This number of bytes.
  case fixedBytes(Int)
}

extension ParquetType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .boolean: "true or false"
    case .int32: "whole numbers of 32 bits"
    case .int64: "whole numbers of 64 bits"
    case .int96: "times of 96 bits"
    case .float: "floating-point numbers of 32 bits"
    case .double: "floating-point numbers of 64 bits"
    case .bytes: "bytes"
    case .fixedBytes(let count): "\(count) bytes each"
    }
  }
}

/// A column of a Parquet file: a leaf of its schema, which holds one value a row, or a list of values.
public struct ParquetColumn: Sendable, Hashable {
  /// What people call the column: `text`, or `meta.text` for a field of a struct; the layers of a list have no part in it.
  public let name: String
  /// The names of all layers of the schema, from the outermost one on, such as `tokens`, `list`, `element`.
  public let path: [String]
  /// How its values are stored.
  public let type: ParquetType
  /// Whether the file says that its bytes are a text in UTF-8.
  public let isText: Bool
  /// Whether its whole numbers have no sign.
  public let isUnsigned: Bool
  /// Whether a value, or something around it, may be missing.
  public let isOptional: Bool
  /// How many lists are around each value: 0 for one value a row, 1 for a list a row.
  public let listDepth: Int

  /// Which leaf of the schema it is.
  let index: Int
  /// The definition level of a value that is there.
  let maximumDefinition: Int
  /// The definition level from which on a row's list has an element.
  let elementDefinition: Int
}

extension ParquetColumn: CustomStringConvertible {
  /// Such as `tokens: lists of whole numbers of 32 bits`.
  public var description: String {
    let values = isText ? "texts" : "\(type)"
    return "\(name): \(String(repeating: "lists of ", count: listDepth))\(values)"
  }
}
