import MosoTensor

/// What the head of one GGUF file says: its metadata and where its tensors are.
///
/// Layout (version 3; version 2 is the same): `GGUF`, a version of 32 bits, a tensor count and a metadata count of 64 bits;
/// then the metadata, each a key, a type and a value; then the tensors, each a name, a shape, an element type and an
/// offset into the data; then padding up to `general.alignment`; then the data. All numbers are little-endian.
struct GGUFHeader {
  let version: Int
  var metadata: GGUFMetadata
  var tensors: [TensorDescription] = []
  /// Where the data begins.
  var dataStart = 0

  private static let maximumKeyLength = 65_535
  private static let maximumNameLength = 63
  private static let maximumDimensions = 4
  private static let maximumAlignment = 1 << 20
  /// A key's length, one byte of key, a type and one byte of value.
  private static let smallestEntry = 8 + 1 + 4 + 1
  /// A name's length, one byte of name, a dimension count, an element type and an offset.
  private static let smallestTensor = 8 + 1 + 4 + 4 + 8

  /// Reads the head of `file`, which is number `shard` of its model.
  init(_ file: MappedFile, shard: Int) throws(FormatError) {
    var cursor = FileCursor(file)
    version = try Self.readVersion(&cursor)
    metadata = GGUFMetadata(file: file)
    let tensorCount = try cursor.readCount(ofSize: Self.smallestTensor, "tensor count")
    let entryCount = try cursor.readCount(ofSize: Self.smallestEntry, "metadata count")
    for number in 0..<entryCount { try readEntry(number, &cursor) }
    let alignment = try readAlignment()
    var readings: [TensorReading] = []
    for number in 0..<tensorCount { readings.append(try Self.readTensor(number, &cursor)) }
    try placeTensors(readings, behind: cursor, alignment: alignment, shard: shard)
  }

  private static func readVersion(_ cursor: inout FileCursor) throws(FormatError) -> Int {
    let magic = try cursor.read(UInt32.self, "magic")
    guard magic == 0x4655_4747 else {
      throw cursor.malformed(
        "magic", at: 0, found: "0x\(String(magic.byteSwapped, radix: 16))", expected: "GGUF (0x47475546)")
    }
    let version = try cursor.read(UInt32.self, "version")
    switch version {
    case 2, 3: return Int(version)
    case 1:
      throw cursor.malformed(
        "version", at: 4, found: "1", expected: "2 or 3; convert the file again with a current converter")
    case _ where version & 0xFFFF == 0:
      throw cursor.malformed(
        "version", at: 4, found: "the bytes of version \(version.byteSwapped) in reverse",
        expected: "a little-endian file; convert it for this machine")
    default: throw cursor.malformed("version", at: 4, found: "\(version)", expected: "2 or 3")
    }
  }
}

// MARK: Metadata

extension GGUFHeader {
  private mutating func readEntry(_ number: Int, _ cursor: inout FileCursor) throws(FormatError) {
    let start = cursor.offset
    let range = try cursor.readString("metadata key \(number)")
    guard (1...Self.maximumKeyLength).contains(range.count) else {
      throw cursor.malformed(
        "metadata key \(number)", at: start, found: "a key of \(range.count) bytes",
        expected: "1 to \(Self.maximumKeyLength)")
    }
    let key = try cursor.text(in: range, "metadata key \(number)")
    let type = try Self.readType(&cursor, "type of \(quoted(key))")
    var entry = GGUFEntry(type: type, elementType: nil, count: 1, offset: cursor.offset)
    if type == .array {
      let elementStart = cursor.offset
      let elementType = try Self.readType(&cursor, "element type of \(quoted(key))")
      guard elementType != .array else {
        throw cursor.malformed(
          "element type of \(quoted(key))", at: elementStart, found: "arrays within an array",
          expected: "numbers, bools or strings")
      }
      let count = try cursor.readCount(ofSize: elementType.size ?? 8, "element count of \(quoted(key))")
      entry = GGUFEntry(type: .array, elementType: elementType, count: count, offset: cursor.offset)
    }
    if let size = (entry.elementType ?? type).size {
      // The count was compared with what is left of the file, so the product cannot overflow.
      try cursor.skip(entry.count * size, quoted(key))
    } else {
      for _ in 0..<entry.count { _ = try cursor.readString(quoted(key)) }
    }
    guard metadata.insert(entry, forKey: key) else {
      throw cursor.malformed(
        "metadata key \(number)", at: start, found: "\(quoted(key)) a second time", expected: "each key once")
    }
  }

  private static func readType(
    _ cursor: inout FileCursor, _ field: @autoclosure () -> String
  ) throws(FormatError) -> GGUFValueType {
    let start = cursor.offset
    let number = try cursor.read(UInt32.self, field())
    guard let type = GGUFValueType(rawValue: number) else {
      throw cursor.malformed(field(), at: start, found: "\(number)", expected: "a value type from 0 to 12")
    }
    return type
  }

  private func readAlignment() throws(FormatError) -> Int {
    let key = "general.alignment"
    guard let entry = metadata.entry(key) else { return 32 }
    guard entry.type == .uint32 else { throw metadata.wrongType(key, entry, expected: "uint32") }
    let alignment = try metadata.requiredInteger(key)
    guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= Self.maximumAlignment else {
      throw .malformed(
        path: metadata.file.path, offset: entry.offset, field: key, found: "\(alignment)",
        expected: "a power of two up to \(Self.maximumAlignment)")
    }
    return alignment
  }
}

// MARK: Tensors

extension GGUFHeader {
  /// A tensor as the file describes it, before its place is checked.
  private struct TensorReading {
    let name: String
    let shape: [Int]
    let elementType: ElementType
    let byteCount: Int
    /// Where the tensor begins in the data.
    let dataOffset: UInt64
    /// Where the name and `dataOffset` stand in the file.
    let nameOffset: Int
    let fieldOffset: Int
  }

  private static func readTensor(_ number: Int, _ cursor: inout FileCursor) throws(FormatError) -> TensorReading {
    let start = cursor.offset
    let range = try cursor.readString("name of tensor \(number)")
    guard (1...maximumNameLength).contains(range.count) else {
      throw cursor.malformed(
        "name of tensor \(number)", at: start, found: "a name of \(range.count) bytes",
        expected: "1 to \(maximumNameLength)")
    }
    let name = try cursor.text(in: range, "name of tensor \(number)")
    let shapeStart = cursor.offset
    let shape = try readShape(of: name, &cursor)
    let typeStart = cursor.offset
    let typeNumber = try cursor.read(UInt32.self, "element type of \(quoted(name))")
    guard let elementType = ElementType(rawValue: typeNumber) else {
      let known = ElementType.allCases.map(\.description).joined(separator: ", ")
      throw cursor.malformed(
        "element type of \(quoted(name))", at: typeStart,
        found: "\(GGMLTypeName.describe(typeNumber)), which is not supported", expected: "one of \(known)")
    }
    guard let byteCount = elementType.byteCount(ofShape: shape) else {
      throw cursor.malformed(
        "shape of \(quoted(name))", at: shapeStart, found: "\(shape)",
        expected: "rows of whole \(elementType) blocks of \(elementType.elementsPerBlock) and less than 2^63 bytes")
    }
    let fieldOffset = cursor.offset
    let dataOffset = try cursor.read(UInt64.self, "offset of \(quoted(name))")
    return TensorReading(
      name: name, shape: shape, elementType: elementType, byteCount: byteCount, dataOffset: dataOffset,
      nameOffset: start, fieldOffset: fieldOffset)
  }

  /// Reads a shape, which the file gives innermost dimension first, and turns it round.
  private static func readShape(of name: String, _ cursor: inout FileCursor) throws(FormatError) -> [Int] {
    let start = cursor.offset
    let count = try cursor.read(UInt32.self, "dimension count of \(quoted(name))")
    guard count <= maximumDimensions else {
      throw cursor.malformed(
        "dimension count of \(quoted(name))", at: start, found: "\(count)", expected: "at most \(maximumDimensions)")
    }
    var shape: [Int] = []
    for dimension in 0..<count {
      let lengthStart = cursor.offset
      let length = try cursor.read(Int64.self, "dimension \(dimension) of \(quoted(name))")
      guard length > 0 else {
        throw cursor.malformed(
          "dimension \(dimension) of \(quoted(name))", at: lengthStart, found: "\(length)", expected: "at least 1")
      }
      shape.append(Int(length))
    }
    return shape.reversed()
  }

  /// Checks that the tensors lie one behind the other, each padded to the alignment, and end within the file.
  private mutating func placeTensors(
    _ readings: [TensorReading], behind cursor: FileCursor, alignment: Int, shard: Int
  ) throws(FormatError) {
    let file = cursor.file
    func padded(_ length: Int) -> Int { (length + alignment - 1) / alignment * alignment }
    dataStart = min(padded(cursor.offset), file.count)
    var names: Set<String> = []
    // Where the next tensor begins, counted in the data; at most one alignment beyond the end of the file.
    var expected = 0
    for reading in readings {
      guard names.insert(reading.name).inserted else {
        throw cursor.malformed(
          "name of a tensor", at: reading.nameOffset, found: "\(quoted(reading.name)) a second time",
          expected: "each name once")
      }
      guard reading.dataOffset == UInt64(expected) else {
        throw cursor.malformed(
          "offset of \(quoted(reading.name))", at: reading.fieldOffset, found: "\(reading.dataOffset)",
          expected: "\(expected), where the tensor before it ends, padded to \(alignment)")
      }
      let left = max(0, file.count - dataStart - expected)
      guard left >= reading.byteCount else {
        throw cursor.malformed(
          "size of \(quoted(reading.name))", at: reading.fieldOffset,
          found: "\(left) bytes up to the end of the file",
          expected: "\(reading.byteCount) bytes of \(reading.elementType); the download may be incomplete")
      }
      let start = dataStart + expected
      tensors.append(
        TensorDescription(
          name: reading.name, shape: reading.shape, elementType: reading.elementType, shard: shard,
          byteRange: start..<start + reading.byteCount))
      expected = padded(expected + reading.byteCount)
    }
  }
}
