/// The rows of one column of a Parquet file, one after the other.
///
/// In memory are one page, the dictionary of its chunk, and one row.
public struct ParquetRows {
  private let file: MappedFile
  private let column: ParquetColumn
  private let limits: ParquetFile.Limits
  private let groups: [ParquetFooter.RowGroup]
  /// The group of rows that is being read.
  private var group = -1
  private var rowsLeft = 0
  /// How many entries the pages of the group's chunk have that have not been opened.
  private var entriesLeft = 0
  /// Where the next page of the chunk starts, and where the last one ends.
  private var position = 0
  private var end = 0
  /// The bytes of the page that was opened last, which are in memory a second time since.
  private var read: Range<Int>?
  private var dictionary: PlainTable?
  private var page: ParquetPage?
  /// An entry that belongs to the next row, which begins with it.
  private var pending: ParquetPage.Entry?
  /// The number of the row that was read last.
  private var number = 0

  /// The memory that each element of a list takes besides its bytes.
  private static let elementSize = MemoryLayout<ParquetValue>.stride

  init(_ file: MappedFile, _ column: ParquetColumn, groups: [ParquetFooter.RowGroup], limits: ParquetFile.Limits) {
    self.file = file
    self.column = column
    self.groups = groups
    self.limits = limits
  }

  /// The next row, or `nil` after the last one.
  ///
  /// - Throws: `FormatError` that names the row and the page when the file is damaged.
  public mutating func next() throws(FormatError) -> ParquetRow? {
    while rowsLeft == 0 {
      try endGroup()
      guard group + 1 < groups.count else { return nil }
      try beginGroup()
    }
    rowsLeft -= 1
    number += 1
    if column.listDepth > 0 { return ParquetRow(number: number, value: try list()) }
    guard let entry = try nextEntry() else { throw tooFew() }
    return ParquetRow(number: number, value: entry.value ?? .null)
  }

  /// The values from `entry`, which begins a row, to the next one that does.
  private mutating func list() throws(FormatError) -> ParquetValue {
    if pending == nil { pending = try nextEntry() }
    guard let first = pending else { throw tooFew() }
    guard first.repetition == 0 else {
      throw malformedRow("levels", found: "an element of the row before", expected: "the beginning of a row")
    }
    // Below this level an entry stands for a list that is empty or, further below, not there.
    guard first.definition >= column.elementDefinition else {
      pending = try nextEntry()
      return first.definition < column.elementDefinition - 1 ? .null : .list([])
    }
    var elements: [ParquetValue] = []
    var size = 0
    var entry = first
    while true {
      elements.append(entry.value ?? .null)
      size += Self.elementSize + (entry.value?.bytesValue?.count ?? 0)
      guard size <= limits.rowSize else {
        throw malformedRow("list", found: "more than \(limits.rowSize) bytes", expected: "at most so many in a row")
      }
      pending = try nextEntry()
      guard let next = pending, next.repetition > 0 else { return .list(elements) }
      guard next.definition >= column.elementDefinition else {
        throw malformedRow("levels", found: "an element that is not there", expected: "an element of the list")
      }
      entry = next
    }
  }

  /// The next entry of the group, or `nil` after its last one.
  private mutating func nextEntry() throws(FormatError) -> ParquetPage.Entry? {
    while page?.left ?? 0 == 0 {
      guard entriesLeft > 0 else { return nil }
      try openPage()
    }
    do throws(PageDamage) {
      return try page?.next()
    } catch {
      throw malformed(error)
    }
  }

  // MARK: Groups

  private mutating func beginGroup() throws(FormatError) {
    group += 1
    let chunk = groups[group].chunks[column.index]
    rowsLeft = groups[group].rowCount
    entriesLeft = chunk.valueCount
    position = chunk.range.lowerBound
    end = chunk.range.upperBound
    page = nil
    dictionary = nil
    read = nil
    file.advise(.sequential, in: chunk.range)
    guard column.listDepth > 0 ? entriesLeft >= rowsLeft : entriesLeft == rowsLeft else {
      throw malformedRow(
        "number of values of a column", found: "\(entriesLeft)", expected: "one for each of \(rowsLeft) rows")
    }
  }

  /// Sees that the group that has been read has nothing more than its rows.
  private mutating func endGroup() throws(FormatError) {
    guard group >= 0 else { return }
    if pending == nil { pending = try nextEntry() }
    guard pending == nil else {
      throw malformedRow("values", found: "more rows", expected: "the \(groups[group].rowCount) of the group")
    }
    file.advise(.drop, in: groups[group].chunks[column.index].range)
  }

  // MARK: Pages

  /// Opens the next page of values, reading a dictionary before it.
  private mutating func openPage() throws(FormatError) {
    page = nil
    let header = try ParquetPageHeader(file, in: position..<end, maximumSize: limits.pageSize)
    let range = header.offset..<header.offset + header.compressedSize
    if let read { file.advise(.drop, in: read) }
    read = range
    position = range.upperBound
    guard header.kind != .index else { return }
    let content = file.bytes(in: range)
    do throws(PageDamage) {
      try check(header, content)
      let number = groups[group].chunks[column.index].codec
      guard let codec = ParquetCodec(rawValue: number) else {
        throw PageDamage("codec", found: "\(number)", expected: "one of the codecs 0 to 7")
      }
      guard header.kind == .dictionary else {
        page = try ParquetPage(header, content: content, codec: codec, column: column, dictionary: dictionary)
        entriesLeft -= header.valueCount
        return
      }
      guard header.encoding == 0 || header.encoding == 2 else {
        throw PageDamage("dictionary", found: "encoding \(header.encoding)", expected: "plain values")
      }
      dictionary = try PlainTable(
        try codec.decompress(content, count: header.size), count: header.valueCount, column)
    } catch {
      throw malformed(error, at: header.offset)
    }
  }

  private func check(_ header: ParquetPageHeader, _ content: [UInt8]) throws(PageDamage) {
    if let checksum = header.checksum {
      let found = crc32(of: content)
      guard found == checksum else {
        throw PageDamage(
          "page", found: "the checksum \(String(found, radix: 16))", expected: "\(String(checksum, radix: 16))")
      }
    }
    if header.kind == .dictionary {
      guard dictionary == nil else {
        throw PageDamage("dictionary", found: "a second one", expected: "one for a chunk")
      }
    } else {
      guard header.valueCount <= entriesLeft else {
        throw PageDamage(
          "number of values of a page", found: "\(header.valueCount)", expected: "at most \(entriesLeft), as are left")
      }
    }
  }

  // MARK: Errors

  /// An error about the row that was read last.
  func malformedRow(_ field: String, found: String, expected: String) -> FormatError {
    malformed(PageDamage(field, found: found, expected: expected))
  }

  private func tooFew() -> FormatError {
    malformedRow("values", found: "their end", expected: "\(rowsLeft + 1) more rows")
  }

  private func malformed(_ damage: PageDamage, at offset: Int? = nil) -> FormatError {
    .malformed(
      path: file.path, offset: offset ?? page?.offset ?? position,
      field: "column \(quoted(column.name)), row \(number), \(damage.field)", found: damage.found,
      expected: damage.expected)
  }
}
