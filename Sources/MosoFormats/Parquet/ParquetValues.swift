/// Reads the values of a page one after the other, in whichever way they are stored.
enum ParquetValues {
  case plain(PlainValues)
  case dictionary(RunLengthReader, PlainTable)
  case deltas(DeltaReader, ParquetColumn)
  case lengths(LengthValues)
  case prefixes(PrefixValues)

  /// The values of `column` in the bytes of `range`, stored as `encoding` says.
  ///
  /// - Precondition: The range lies within the bytes.
  init(
    _ bytes: [UInt8], in range: Range<Int>, encoding: Int, column: ParquetColumn, dictionary: PlainTable?
  ) throws(PageDamage) {
    let isInteger = column.type == .int32 || column.type == .int64
    switch encoding {
    case 0: self = .plain(PlainValues(bytes, in: range, column))
    case 2, 8:
      guard let dictionary else {
        throw PageDamage("values", found: "places in a dictionary", expected: "a dictionary before them")
      }
      guard let bitWidth = range.isEmpty ? nil : bytes[range.lowerBound], bitWidth <= 32 else {
        throw PageDamage(
          "values", found: "no width of at most 32 bits", expected: "the width of places in a dictionary")
      }
      let places = RunLengthReader(bytes, in: range.lowerBound + 1..<range.upperBound, bitWidth: Int(bitWidth))
      self = .dictionary(places, dictionary)
    case 5 where isInteger:
      self = .deltas(try DeltaReader(bytes, in: range), column)
    case 6 where column.type == .bytes: self = .lengths(try LengthValues(bytes, in: range))
    case 7 where column.type == .bytes: self = .prefixes(try PrefixValues(bytes, in: range))
    default:
      throw PageDamage(
        "values", found: "encoding \(encoding) of \(column.type)",
        expected: "PLAIN, a dictionary or DELTA; write the file again, as with pandas.read_parquet and to_parquet")
    }
  }

  /// The next value.
  mutating func next() throws(PageDamage) -> ParquetValue {
    switch self {
    case .plain(var values):
      defer { self = .plain(values) }
      return try values.next()
    case .dictionary(var places, let table):
      defer { self = .dictionary(places, table) }
      return try table.value(at: try places.next())
    case .deltas(var deltas, let column):
      defer { self = .deltas(deltas, column) }
      return .integer(try column.integer(UInt64(bitPattern: Int64(try deltas.next()))))
    case .lengths(var values):
      defer { self = .lengths(values) }
      return .bytes(try values.next())
    case .prefixes(var values):
      defer { self = .prefixes(values) }
      return .bytes(try values.next())
    }
  }
}

extension ParquetColumn {
  /// The whole number that is stored in the lowest bits of `bits`, as many as the column's numbers have.
  fileprivate func integer(_ bits: UInt64) throws(PageDamage) -> Int {
    switch (type, isUnsigned) {
    case (.int32, true): return Int(UInt32(truncatingIfNeeded: bits))
    case (.int32, false): return Int(Int32(truncatingIfNeeded: bits))
    case (_, true):
      guard let value = Int(exactly: bits) else {
        throw PageDamage("value", found: "\(bits)", expected: "at most \(Int.max)")
      }
      return value
    case (_, false): return Int(truncatingIfNeeded: bits)
    }
  }
}

/// Values as they are: numbers in as many bytes as they have, bytes after their length in 32 bits.
struct PlainValues {
  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int
  private let column: ParquetColumn

  /// - Precondition: The range lies within the bytes.
  init(_ bytes: [UInt8], in range: Range<Int>, _ column: ParquetColumn) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.column = column
  }

  /// The next value.
  mutating func next() throws(PageDamage) -> ParquetValue {
    switch column.type {
    case .bytes:
      let count = Int(try littleEndian(4))
      return .bytes(Array(bytes[try pass(count)]))
    case .int32, .int64: return .integer(try column.integer(try littleEndian(column.type == .int32 ? 4 : 8)))
    case .float: return .number(Double(Float(bitPattern: UInt32(try littleEndian(4)))))
    case .double: return .number(Double(bitPattern: try littleEndian(8)))
    case .boolean, .int96, .fixedBytes:
      throw PageDamage(
        "values", found: "\(column.type)", expected: "texts or numbers; convert the column, as with pandas' astype")
    }
  }

  /// Passes over a value and returns where it starts.
  mutating func skip() throws(PageDamage) -> Int {
    let start = position
    if let size = Self.size(of: column.type) {
      _ = try pass(size)
    } else {
      _ = try pass(Int(try littleEndian(4)))
    }
    return start
  }

  /// How many bytes each value has; `nil` where each says so itself.
  static func size(of type: ParquetType) -> Int? {
    switch type {
    case .boolean: 1
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .bytes: nil
    case .fixedBytes(let count): count
    }
  }

  private mutating func littleEndian(_ count: Int) throws(PageDamage) -> UInt64 {
    var value: UInt64 = 0
    for place in try pass(count).reversed() { value = value << 8 | UInt64(bytes[place]) }
    return value
  }

  private mutating func pass(_ count: Int) throws(PageDamage) -> Range<Int> {
    guard count <= end - position else {
      throw PageDamage("values", found: "the end of the page after \(end - position) bytes", expected: "\(count) bytes")
    }
    let start = position
    position += count
    return start..<position
  }
}

/// The values of a dictionary page, to be looked up by their places.
struct PlainTable {
  private let bytes: [UInt8]
  private let column: ParquetColumn
  private let count: Int
  /// Where each of the values starts that differ in length.
  private var starts: [UInt32] = []

  /// The `count` values in `bytes`.
  init(_ bytes: [UInt8], count: Int, _ column: ParquetColumn) throws(PageDamage) {
    self.bytes = bytes
    self.column = column
    self.count = count
    let size = PlainValues.size(of: column.type)
    // A value that differs in length has its length at least.
    guard count <= bytes.count / (size ?? 4) else {
      throw PageDamage("dictionary", found: "\(count) values", expected: "as many as its \(bytes.count) bytes hold")
    }
    guard size == nil else { return }
    var values = PlainValues(bytes, in: bytes.indices, column)
    starts.reserveCapacity(count)
    for _ in 0..<count { starts.append(UInt32(try values.skip())) }
  }

  /// The value at `place`.
  func value(at place: Int) throws(PageDamage) -> ParquetValue {
    guard place < count else {
      throw PageDamage("values", found: "place \(place) in a dictionary", expected: "a place below \(count)")
    }
    let start = PlainValues.size(of: column.type).map { $0 * place } ?? Int(starts[place])
    var values = PlainValues(bytes, in: start..<bytes.count, column)
    return try values.next()
  }
}

/// Byte strings whose lengths stand before all of them: DELTA_LENGTH_BYTE_ARRAY.
struct LengthValues {
  private let bytes: [UInt8]
  private var lengths: DeltaReader
  private var position: Int
  private let end: Int

  /// - Precondition: The range lies within the bytes.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(PageDamage) {
    self.bytes = bytes
    lengths = try DeltaReader(bytes, in: range)
    var ahead = lengths
    position = try ahead.skipAll()
    end = range.upperBound
  }

  /// The next string.
  mutating func next() throws(PageDamage) -> [UInt8] {
    Array(try nextSlice())
  }

  /// The next string, where it is in the page.
  mutating func nextSlice() throws(PageDamage) -> ArraySlice<UInt8> {
    let length = try lengths.next()
    guard (0...end - position).contains(length) else {
      throw PageDamage(
        "length of a value", found: "\(length)", expected: "at most \(end - position), what the page has left")
    }
    defer { position += length }
    return bytes[position..<position + length]
  }
}

/// Byte strings that each begin with a part of the one before: DELTA_BYTE_ARRAY.
struct PrefixValues {
  private var prefixes: DeltaReader
  private var suffixes: LengthValues
  private var last: [UInt8] = []

  /// - Precondition: The range lies within the bytes.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(PageDamage) {
    prefixes = try DeltaReader(bytes, in: range)
    var ahead = prefixes
    suffixes = try LengthValues(bytes, in: try ahead.skipAll()..<range.upperBound)
  }

  /// The next string.
  mutating func next() throws(PageDamage) -> [UInt8] {
    let length = try prefixes.next()
    guard (0...last.count).contains(length) else {
      throw PageDamage(
        "prefix of a value", found: "\(length) bytes", expected: "at most \(last.count), as the value before has")
    }
    let suffix = try suffixes.nextSlice()
    last.removeSubrange(length...)
    last += suffix
    return last
  }
}
