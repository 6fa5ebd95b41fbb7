/// What one row of a Parquet file has in one column.
public struct ParquetRow: Sendable, Hashable {
  /// The number of the row in the file, counted from 1.
  public let number: Int
  /// What it has.
  public let value: ParquetValue
}

/// A value in a Parquet file.
public enum ParquetValue: Sendable, Hashable {
  /// Nothing: the value, or a struct around it, is not there.
  case null
  /// A text in UTF-8, or other bytes.
  case bytes([UInt8])
  /// A whole number. Times, dates and decimals are the numbers that stand for them.
  case integer(Int)
  /// A floating-point number.
  case number(Double)
  /// The elements of a list.
  case list([ParquetValue])
}

extension ParquetValue {
  /// The bytes of a text; `nil` for every other kind of value.
  public var bytesValue: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  /// The bytes as a string, with U+FFFD for what is not UTF-8; `nil` for every other kind of value.
  public var stringValue: String? { bytesValue.map { String(decoding: $0, as: UTF8.self) } }
  /// A whole number; `nil` for every other kind of value.
  public var integerValue: Int? { if case .integer(let value) = self { value } else { nil } }
  /// The elements of a list; `nil` for every other kind of value.
  public var listValue: [ParquetValue]? { if case .list(let elements) = self { elements } else { nil } }
}
