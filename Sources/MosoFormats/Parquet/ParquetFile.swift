/// A table in Apache Parquet's format, version 1 or 2, whose columns can be read one at a time.
///
/// Texts, whole numbers and floating-point numbers are read, at the top level, in structs and in lists; stored plainly, in
/// dictionaries or as differences; not compressed, or with Snappy, gzip or Zstandard. Everything else is an error that
/// says so when a column is read, and no hindrance to reading others.
///
/// ```swift
/// let file = try ParquetFile(path: "train-00000-of-00010.parquet")
/// var rows = try file.rows(of: "text")
/// while let row = try rows.next() { print(row.number, row.value.stringValue ?? "nothing") }
/// ```
public struct ParquetFile: Sendable {
  /// How much a file may ask for.
  public struct Limits: Sendable, Hashable {
    /// How many bytes a page may have after decompression.
    public var pageSize = 1 << 28
    /// How many bytes the list in one row may take.
    public var rowSize = 1 << 30

    /// The defaults: pages of 256 MiB, rows of 1 GiB.
    public init() {}
  }

  /// The columns, in the order of the schema.
  public let columns: [ParquetColumn]
  /// How many rows every column has.
  public let rowCount: Int

  private let file: MappedFile
  private let groups: [ParquetFooter.RowGroup]
  private let limits: Limits

  /// Reads what `file` says of its columns.
  ///
  /// - Throws: `FormatError` that names the byte when it is no sound Parquet file.
  public init(_ file: MappedFile, limits: Limits = Limits()) throws(FormatError) {
    precondition(limits.pageSize <= Int(Int32.max), "the format has no pages of \(limits.pageSize) bytes")
    let footer = try ParquetFooter(file)
    columns = footer.columns
    rowCount = footer.rowCount
    groups = footer.rowGroups
    self.file = file
    self.limits = limits
  }

  /// Opens the file at `path`, which must be a regular one, for it is read from its end.
  ///
  /// - Throws: `FormatError` when it cannot be opened or is no sound Parquet file.
  public init(path: String, limits: Limits = Limits()) throws(FormatError) {
    try self.init(try MappedFile(openingPartOfModel: path), limits: limits)
  }

  /// Where the file was opened.
  public var path: String { file.path }

  /// The column called `name`, which may also be its full path with dots.
  ///
  /// - Throws: `FormatError.missing`, which names the columns that there are.
  public func column(named name: String) throws(FormatError) -> ParquetColumn {
    let column = columns.first { $0.name == name || $0.path.joined(separator: ".") == name }
    if let column { return column }
    let shown = columns.prefix(12).map { quoted($0.name) }.joined(separator: ", ")
    let more = columns.count > 12 ? " and \(columns.count - 12) more" : ""
    throw .missing(
      path: path, what: "column \(quoted(name))", hint: columns.isEmpty ? "it has none" : "name one of \(shown)\(more)")
  }

  /// The rows of the column called `name`.
  ///
  /// - Throws: `FormatError` when there is no such column, or it holds what is not read here.
  public func rows(of name: String) throws(FormatError) -> ParquetRows {
    try rows(of: try column(named: name))
  }

  /// The rows of a column of this file.
  ///
  /// - Throws: `FormatError` when it holds what is not read here: booleans, bytes of fixed length, lists of lists.
  public func rows(of column: ParquetColumn) throws(FormatError) -> ParquetRows {
    precondition(columns.indices.contains(column.index) && columns[column.index] == column, "a column of another file")
    switch column.type {
    case .bytes, .int32, .int64, .float, .double: break
    case .boolean, .int96, .fixedBytes:
      throw unreadable(column, hint: "it holds \(column.type); convert it to texts or numbers, as with pandas' astype")
    }
    guard column.listDepth <= 1 else {
      throw unreadable(column, hint: "it holds lists of lists; flatten them, as with pandas' explode")
    }
    return ParquetRows(file, column, groups: groups, limits: limits)
  }

  private func unreadable(_ column: ParquetColumn, hint: String) -> FormatError {
    .missing(path: path, what: "readable column \(quoted(column.name))", hint: hint)
  }
}
