/// What stands before a page of a Parquet file.
struct ParquetPageHeader {
  enum Kind: Int {
    case data, index, dictionary, dataVersion2
  }

  var kind: Kind
  /// The length of the page in the file, and after decompression.
  var compressedSize: Int
  var size: Int
  var checksum: UInt32?
  var valueCount = 0
  var encoding = 0
  /// How many bytes the levels have before the values; only version 2 says.
  var repetitionSize = 0
  var definitionSize = 0
  var isCompressed = true
  /// How the levels are stored, by the format's numbers; only version 1 says.
  var repetitionEncoding = runs
  var definitionEncoding = runs
  /// Where the page itself starts.
  var offset: Int

  /// The number of the encoding that `RunLengthReader` reads.
  static let runs = 3

  /// Reads the header at the start of `range`, which also holds the page.
  init(_ file: MappedFile, in range: Range<Int>, maximumSize: Int) throws(FormatError) {
    var reader = ThriftReader(file, in: range)
    var kind: Kind?
    var size: Int?
    var compressedSize: Int?
    var details: Details?
    var checksum: UInt32?
    try reader.beginStructure()
    while let field = try reader.nextField() {
      switch field.number {
      case 1: kind = Kind(rawValue: try reader.integer(field, "kind of a page"))
      case 2: size = try reader.count(field, "size of a page")
      case 3: compressedSize = try reader.count(field, "compressed size of a page")
      case 4: checksum = UInt32(truncatingIfNeeded: try reader.integer(field, "checksum of a page"))
      case 5: details = try Details(&reader, field, .data)
      case 7: details = try Details(&reader, field, .dictionary)
      case 8: details = try Details(&reader, field, .dataVersion2)
      default: try reader.skip(field)
      }
    }
    offset = reader.offset
    guard let kind, let size, let compressedSize, kind == .index || details?.kind == kind else {
      throw reader.malformed("header of a page", at: range.lowerBound, found: "no kind or size", expected: "both")
    }
    guard compressedSize <= range.upperBound - offset else {
      throw reader.malformed(
        "compressed size of a page", at: range.lowerBound, found: "\(compressedSize)",
        expected: "at most \(range.upperBound - offset), up to the end of the column's pages")
    }
    guard size <= maximumSize else {
      throw reader.malformed(
        "size of a page", at: range.lowerBound, found: "\(size)",
        expected: "at most \(maximumSize) bytes; write the file with smaller pages, or allow larger ones")
    }
    self.kind = kind
    self.size = size
    self.compressedSize = compressedSize
    self.checksum = checksum
    guard let details else { return }
    valueCount = details.valueCount
    encoding = details.encoding
    isCompressed = details.isCompressed
    repetitionEncoding = details.repetitionEncoding
    definitionEncoding = details.definitionEncoding
    repetitionSize = details.repetitionSize
    definitionSize = details.definitionSize
    let levels = repetitionSize.addingReportingOverflow(definitionSize)
    guard !levels.overflow, levels.partialValue <= min(size, compressedSize) else {
      throw reader.malformed(
        "levels of a page", at: range.lowerBound, found: "\(repetitionSize) and \(definitionSize) bytes",
        expected: "no more than the page has")
    }
  }

  /// What only pages of one kind say.
  private struct Details {
    let kind: Kind
    var valueCount = 0
    var encoding = 0
    var isCompressed = true
    var repetitionEncoding = runs
    var definitionEncoding = runs
    var repetitionSize = 0
    var definitionSize = 0

    init(_ reader: inout ThriftReader, _ field: ThriftReader.Field, _ kind: Kind) throws(FormatError) {
      self.kind = kind
      var count: Int?
      var encoding: Int?
      try reader.beginStructure(field, "header of a page")
      while let field = try reader.nextField() {
        switch (kind, field.number) {
        case (_, 1): count = try reader.count(field, "number of values of a page")
        case (.dataVersion2, 4), (.data, 2), (.dictionary, 2):
          encoding = try reader.integer(field, "encoding of a page")
        case (.data, 3): definitionEncoding = try reader.integer(field, "encoding of definition levels")
        case (.data, 4): repetitionEncoding = try reader.integer(field, "encoding of repetition levels")
        case (.dataVersion2, 5): definitionSize = try reader.count(field, "size of the definition levels")
        case (.dataVersion2, 6): repetitionSize = try reader.count(field, "size of the repetition levels")
        case (.dataVersion2, 7): isCompressed = try reader.bool(field, "whether a page is compressed")
        default: try reader.skip(field)
        }
      }
      guard let count, count <= Int(Int32.max), let encoding else {
        throw reader.malformed(
          "header of a page", found: "no number of values or no encoding", expected: "both")
      }
      valueCount = count
      self.encoding = encoding
    }
  }
}

/// A page of values that is being read: the levels of each, and the values of those that are there.
struct ParquetPage {
  /// How many entries, which are values or nulls, are left.
  private(set) var left: Int
  /// Where the page is in the file, for errors.
  let offset: Int

  private let column: ParquetColumn
  private var repetitions: RunLengthReader?
  private var definitions: RunLengthReader?
  private let bytes: [UInt8]
  private let valueStart: Int
  private let encoding: Int
  private let dictionary: PlainTable?
  /// Made when the first value is asked for: a page of nothing but nulls may have no bytes for any.
  private var values: ParquetValues?

  /// One value with its levels; `nil` where there is none.
  struct Entry {
    let repetition: Int
    let definition: Int
    let value: ParquetValue?
  }

  /// Takes apart the page that `header` describes.
  ///
  /// - Parameter content: Its bytes in the file.
  init(
    _ header: ParquetPageHeader, content: [UInt8], codec: ParquetCodec, column: ParquetColumn, dictionary: PlainTable?
  ) throws(PageDamage) {
    left = header.valueCount
    offset = header.offset
    encoding = header.encoding
    self.column = column
    self.dictionary = dictionary
    let repetitionWidth = Self.bitWidth(of: column.listDepth)
    let definitionWidth = Self.bitWidth(of: column.maximumDefinition)
    guard header.kind == .dataVersion2 else {
      bytes = try codec.decompress(content, count: header.size)
      // Where all levels are 0 none are stored, and old writers name an encoding that nothing has.
      for (encoding, width) in [
        (header.repetitionEncoding, repetitionWidth), (header.definitionEncoding, definitionWidth),
      ] where width > 0 && encoding != ParquetPageHeader.runs {
        throw PageDamage("levels", found: "encoding \(encoding)", expected: "encoding \(ParquetPageHeader.runs), runs")
      }
      var position = 0
      repetitions = try Self.levels(in: bytes, at: &position, bitWidth: repetitionWidth)
      definitions = try Self.levels(in: bytes, at: &position, bitWidth: definitionWidth)
      valueStart = position
      return
    }
    // The levels are never compressed, so that they can be read alone.
    let levelSize = header.repetitionSize + header.definitionSize
    let values = Array(content[levelSize...])
    let isEmpty = values.isEmpty && header.size == levelSize
    bytes =
      header.isCompressed && !isEmpty ? try codec.decompress(values, count: header.size - levelSize) : values
    valueStart = 0
    let levels = Array(content[..<levelSize])
    if repetitionWidth > 0 {
      repetitions = RunLengthReader(levels, in: 0..<header.repetitionSize, bitWidth: repetitionWidth)
    }
    if definitionWidth > 0 {
      definitions = RunLengthReader(levels, in: header.repetitionSize..<levelSize, bitWidth: definitionWidth)
    }
  }

  /// The next entry.
  ///
  /// - Precondition: `left` is not 0.
  mutating func next() throws(PageDamage) -> Entry {
    precondition(left > 0, "the page has no entries left")
    left -= 1
    let repetition = try repetitions?.next() ?? 0
    let definition = try definitions?.next() ?? column.maximumDefinition
    guard repetition <= column.listDepth, definition <= column.maximumDefinition else {
      throw PageDamage(
        "levels", found: "\(repetition) and \(definition)",
        expected: "at most \(column.listDepth) and \(column.maximumDefinition)")
    }
    guard definition == column.maximumDefinition else {
      return Entry(repetition: repetition, definition: definition, value: nil)
    }
    if values == nil {
      values = try ParquetValues(
        bytes, in: valueStart..<bytes.count, encoding: encoding, column: column, dictionary: dictionary)
    }
    return Entry(repetition: repetition, definition: definition, value: try values?.next())
  }

  /// How many bits a level needs that is at most `maximum`.
  private static func bitWidth(of maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

  /// The levels of a page of version 1, after their length in 32 bits; none where all are 0.
  private static func levels(
    in bytes: [UInt8], at position: inout Int, bitWidth: Int
  ) throws(PageDamage) -> RunLengthReader? {
    guard bitWidth > 0 else { return nil }
    guard bytes.count - position >= 4 else {
      throw PageDamage("levels", found: "the end of the page", expected: "their length")
    }
    let count = Int(littleEndian(bytes[position..<position + 4]))
    position += 4
    guard count <= bytes.count - position else {
      throw PageDamage(
        "length of the levels", found: "\(count)", expected: "at most \(bytes.count - position), as the page has left")
    }
    defer { position += count }
    return RunLengthReader(bytes, in: position..<position + count, bitWidth: bitWidth)
  }
}
