/// Rows and columns of a report.
public struct ReportTable: Sendable, Hashable {
  /// One column: its title and what its cells hold.
  public struct Column: Sendable, Hashable {
    /// What cells hold, which decides how they are set.
    public enum Kind: Sendable, Hashable {
      /// Text, set from the left.
      case text
      /// Numbers, set to the right with digits of one width.
      case number
      /// Text as a program reads it: names of files, hashes.
      case code
    }

    /// The heading.
    public var title: String
    /// What the cells hold.
    public var kind: Kind

    /// A column of text unless said otherwise.
    public init(_ title: String, _ kind: Kind = .text) {
      self.title = title
      self.kind = kind
    }
  }

  /// What the table shows; may be empty.
  public var caption: String
  /// The columns in order.
  public let columns: [Column]
  /// The rows in order, one cell for each column.
  public private(set) var rows: [[String]] = []
  /// The rows that are set in bold, counted from 0.
  public var emphasizedRows: Set<Int> = []

  /// A table without rows.
  ///
  /// - Precondition: there is a column.
  public init(_ caption: String = "", columns: [Column]) {
    precondition(!columns.isEmpty, "a table needs a column")
    self.caption = caption
    self.columns = columns
  }

  /// Adds a row.
  ///
  /// - Precondition: there is one cell for each column.
  public mutating func add(_ cells: [String], isEmphasized: Bool = false) {
    precondition(cells.count == columns.count, "a row of \(cells.count) cells in a table of \(columns.count) columns")
    if isEmphasized { emphasizedRows.insert(rows.count) }
    rows.append(cells)
  }
}
