/// Rows of text in aligned columns, for a terminal or a pipe.
///
/// On a terminal the table is made to fit by cutting the columns that may be cut, with an ellipsis; in a pipe nothing is cut
/// and nothing coloured. A cell is one line of harmless text, whatever it is given.
public struct Table: Sendable {
  /// One column: its title and how its cells are set.
  public struct Column: Sendable {
    /// At which side of its column a cell stands.
    public enum Alignment: Sendable {
      /// For text.
      case leading
      /// For numbers.
      case trailing
    }

    /// The heading; without one in any column the table has no line of headings.
    public var title: String
    /// Where cells stand in the column.
    public var alignment: Alignment
    /// Whether cells may be cut where the table is wider than the terminal.
    public var isFlexible: Bool
    /// How cells look where colour is allowed.
    public var style: Style

    /// A column whose cells are text and stay whole, unless said otherwise.
    public init(_ title: String, _ alignment: Alignment = .leading, isFlexible: Bool = false, style: Style = []) {
      self.title = title
      self.alignment = alignment
      self.isFlexible = isFlexible
      self.style = style
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  private static let gap = 2
  private static let narrowestColumn = 8

  /// A table without rows.
  ///
  /// - Precondition: there is a column.
  public init(_ columns: [Column]) {
    precondition(!columns.isEmpty, "a table needs a column")
    self.columns = columns
  }

  /// Adds a row.
  ///
  /// - Precondition: there is one cell for each column.
  public mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row of \(cells.count) cells in a table of \(columns.count) columns")
    rows.append(cells.map { HarmlessText.line($0) })
  }

  /// The table as lines that each end in a newline, fit for `output`.
  public func rendered(for output: TerminalCapabilities) -> String {
    rendered(
      width: output.isTerminal ? output.size.columns : nil,
      isStyled: output.allowsColour,
      isUTF8: output.isUTF8 || !output.isTerminal
    )
  }

  /// The table as lines that each end in a newline, at most `width` columns wide unless that is `nil`.
  public func rendered(width: Int?, isStyled: Bool, isUTF8: Bool = true) -> String {
    let shown = isUTF8 ? rows : rows.map { $0.map { HarmlessText.line($0, isUTF8: false) } }
    let widths = columnWidths(of: shown, limit: width)
    let titles = columns.map(\.title)
    var output = ""
    if titles.contains(where: { !$0.isEmpty }) {
      output += line(titles, widths, isUTF8) { _ in isStyled ? .bold : [] }
    }
    for row in shown {
      output += line(row, widths, isUTF8) { isStyled ? columns[$0].style : [] }
    }
    return output
  }

  private func columnWidths(of rows: [[String]], limit: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      rows.reduce(columns[index].title.displayWidth) { max($0, $1[index].displayWidth) }
    }
    guard let limit else { return widths }
    var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - limit
    while excess > 0 {
      // The widest gives way first, down to the next widest, so that short columns stay whole.
      let flexible = columns.indices.filter { columns[$0].isFlexible && widths[$0] > Self.narrowestColumn }
      guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { break }
      let next = flexible.lazy.filter { widths[$0] < widths[widest] }.map { widths[$0] }.max() ?? Self.narrowestColumn
      let cut = min(excess, max(1, widths[widest] - max(next, Self.narrowestColumn)))
      widths[widest] -= cut
      excess -= cut
    }
    return widths
  }

  private func line(_ cells: [String], _ widths: [Int], _ isUTF8: Bool, style: (Int) -> Style) -> String {
    var output = ""
    var pending = 0
    for (index, cell) in cells.enumerated() {
      let text = cell.truncated(toWidth: widths[index], isUTF8: isUTF8)
      let padding = widths[index] - text.displayWidth
      let isTrailing = columns[index].alignment == .trailing
      // Spaces are written only when something follows, so that no line ends in them.
      let before = pending + (isTrailing ? padding : 0)
      if !text.isEmpty {
        output += String(repeating: " ", count: before) + style(index).applied(to: text, when: true)
        pending = isTrailing ? 0 : padding
      } else {
        pending += padding
      }
      pending += Self.gap
    }
    return output + "\n"
  }
}
