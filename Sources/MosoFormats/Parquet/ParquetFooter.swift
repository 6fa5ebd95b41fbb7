/// What the end of a Parquet file says: the columns, and where their values are.
///
/// Layout: `PAR1`, the pages, the footer in Thrift's compact protocol, the footer's length in 32 bits, `PAR1`. Rows come in
/// groups; in a group each column has a chunk, which is a run of pages.
struct ParquetFooter {
  /// A run of rows.
  struct RowGroup {
    var rowCount: Int
    /// The chunks of all columns, in the order of the schema.
    var chunks: [Chunk]
  }

  /// The values of one column in a group of rows.
  struct Chunk {
    var codec: Int
    var valueCount: Int
    /// Where its pages are, a dictionary first where there is one.
    var range: Range<Int>
  }

  let columns: [ParquetColumn]
  let rowGroups: [RowGroup]
  let rowCount: Int

  private static let magic = Array("PAR1".utf8)
  /// The length and the mark after the footer.
  private static let tailSize = 8

  /// Reads the end of `file`.
  init(_ file: MappedFile) throws(FormatError) {
    let range = try Self.range(in: file)
    var reader = ThriftReader(file, in: range)
    var schema: ParquetSchema?
    var groups: [RowGroup]?
    var rowCount: Int?
    try reader.beginStructure()
    while let field = try reader.nextField() {
      switch field.number {
      case 2: schema = try ParquetSchema(&reader, field)
      case 3: rowCount = try reader.count(field, "number of rows")
      case 4:
        guard let columns = schema?.columns else { throw Self.missing("schema before its rows", reader) }
        groups = []
        for _ in 0..<(try reader.beginList(field, of: .structure, "groups of rows")) {
          groups?.append(try RowGroup(&reader, columns: columns, pagesEnd: range.lowerBound))
        }
      case 8:
        throw .missing(path: file.path, what: "readable columns", hint: "they are encrypted; decrypt the file first")
      default: try reader.skip(field)
      }
    }
    guard let schema else { throw Self.missing("schema", reader) }
    guard let groups, let rowCount else { throw Self.missing("groups of rows and their number", reader) }
    var total = 0
    for group in groups {
      let (sum, overflow) = total.addingReportingOverflow(group.rowCount)
      guard !overflow, sum <= rowCount else { total = -1; break }
      total = sum
    }
    guard total == rowCount else {
      throw reader.malformed(
        "number of rows", at: range.lowerBound, found: "\(rowCount) for the file",
        expected: "the sum of those of its groups")
    }
    columns = schema.columns
    rowGroups = groups
    self.rowCount = rowCount
  }

  /// Where the footer is.
  private static func range(in file: MappedFile) throws(FormatError) -> Range<Int> {
    func malformed(_ field: String, at offset: Int, found: String, expected: String) -> FormatError {
      .malformed(path: file.path, offset: offset, field: field, found: found, expected: expected)
    }
    let size = file.count
    guard size >= magic.count + tailSize, file.bytes(in: 0..<magic.count) == magic else {
      let isEncrypted = size >= magic.count && file.bytes(in: 0..<magic.count) == Array("PARE".utf8)
      throw malformed(
        "start of the file", at: 0, found: isEncrypted ? "an encrypted file" : "something else",
        expected: "PAR1, the mark of a Parquet file")
    }
    guard file.bytes(in: size - magic.count..<size) == magic else {
      throw malformed(
        "end of the file", at: size - magic.count, found: "something else",
        expected: "PAR1, the mark of a Parquet file; the file was cut short, so fetch it again")
    }
    let tail = size - tailSize
    let length = Int(littleEndian(file.bytes(in: tail..<tail + 4)))
    guard length > 0, length <= tail - magic.count else {
      throw malformed(
        "length of the footer", at: tail, found: "\(length)", expected: "1 to \(tail - magic.count), what the file has")
    }
    return tail - length..<tail
  }

  private static func missing(_ what: String, _ reader: ThriftReader) -> FormatError {
    reader.malformed("footer", found: "no \(what)", expected: "the schema, the number of rows and their groups")
  }
}

// MARK: Thrift

extension ParquetFooter.RowGroup {
  /// Reads a group; its chunks must end before `pagesEnd`.
  fileprivate init(
    _ reader: inout ThriftReader, columns: [ParquetColumn], pagesEnd: Int
  ) throws(FormatError) {
    let start = reader.offset
    var chunks: [ParquetFooter.Chunk] = []
    var rowCount: Int?
    try reader.beginStructure()
    while let field = try reader.nextField() {
      switch field.number {
      case 1:
        let count = try reader.beginList(field, of: .structure, "columns of a group of rows")
        guard count == columns.count else {
          throw reader.malformed(
            "columns of a group of rows", found: "\(count)", expected: "\(columns.count), as many as the schema has")
        }
        for column in columns {
          chunks.append(try ParquetFooter.Chunk(&reader, column, pagesEnd: pagesEnd))
        }
      case 3: rowCount = try reader.count(field, "number of rows of a group")
      default: try reader.skip(field)
      }
    }
    guard let rowCount, chunks.count == columns.count else {
      throw reader.malformed(
        "group of rows", at: start, found: "no columns or no number of rows", expected: "both")
    }
    self.init(rowCount: rowCount, chunks: chunks)
  }
}

extension ParquetFooter.Chunk {
  /// Reads what is said of a chunk of `column`.
  fileprivate init(
    _ reader: inout ThriftReader, _ column: ParquetColumn, pagesEnd: Int
  ) throws(FormatError) {
    let start = reader.offset
    var chunk: Self?
    try reader.beginStructure()
    while let field = try reader.nextField() {
      switch field.number {
      case 1:
        throw .missing(
          path: reader.file.path, what: "values of its own", hint: "they are in another file; write them into one")
      case 3: chunk = try Self.readMetadata(&reader, field, column, pagesEnd: pagesEnd)
      case 8, 9:
        throw .missing(
          path: reader.file.path, what: "readable column \(quoted(column.name))",
          hint: "it is encrypted; decrypt the file first")
      default: try reader.skip(field)
      }
    }
    guard let chunk else {
      throw reader.malformed(
        "column \(quoted(column.name))", at: start, found: "nothing about its pages", expected: "where they are")
    }
    self = chunk
  }

  private static func readMetadata(
    _ reader: inout ThriftReader, _ field: ThriftReader.Field, _ column: ParquetColumn, pagesEnd: Int
  ) throws(FormatError) -> Self {
    let start = reader.offset
    let name = "column \(quoted(column.name))"
    var type: Int?
    var codec: Int?
    var valueCount: Int?
    var size: Int?
    var dataOffset: Int?
    var dictionaryOffset = 0
    try reader.beginStructure(field, name)
    while let field = try reader.nextField() {
      switch field.number {
      case 1: type = try reader.integer(field, "type of a column")
      case 4: codec = try reader.integer(field, "codec of a column")
      case 5: valueCount = try reader.count(field, "number of values of a column")
      case 7: size = try reader.count(field, "size of a column")
      case 9: dataOffset = try reader.count(field, "offset of a column")
      case 11: dictionaryOffset = try reader.count(field, "offset of a dictionary")
      default: try reader.skip(field)
      }
    }
    guard let type, let codec, let valueCount, let size, let dataOffset else {
      throw reader.malformed(
        name, at: start, found: "no type, codec, number, size or offset", expected: "all of them")
    }
    var length = 0
    if case .fixedBytes(let count) = column.type { length = count }
    guard ParquetType(number: type, length: length) == column.type else {
      throw reader.malformed(
        name, at: start, found: "values of type \(type)", expected: "\(column.type), as the schema says")
    }
    // Some writers put 0 where there is no dictionary.
    let offset = dictionaryOffset > 0 ? min(dictionaryOffset, dataOffset) : dataOffset
    guard offset <= pagesEnd, size <= pagesEnd - offset else {
      throw reader.malformed(
        name, at: start, found: "\(size) bytes from byte \(offset) on",
        expected: "pages before the footer at byte \(pagesEnd)")
    }
    return Self(codec: codec, valueCount: valueCount, range: offset..<offset + size)
  }
}
