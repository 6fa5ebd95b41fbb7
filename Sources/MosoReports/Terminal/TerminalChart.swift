/// A chart as text for a terminal, to be printed once or drawn again and again in place.
///
/// ```
///  Loss (nats per token)
///  10 ┤⡇
///     │⢇
///   5 ┤⠈⠢⢄⡀
///     │   ⠈⠉⠒⠒⠒⠤⠤⠤⠤ training
///     └┬───────┬───────
///      0       1k
///          Step
/// ```
public struct TerminalChart: Sendable, Hashable {
  /// What is shown.
  public var chart: Chart
  /// How many columns the text may take.
  public var columns: Int
  /// How many lines the text takes at most.
  public var rows: Int
  /// Whether the terminal reads UTF-8; without it lines are made of letters.
  public var isUTF8: Bool
  /// Whether series may have colours, those of the terminal's theme.
  public var allowsColour: Bool

  /// A chart for a terminal of a size.
  public init(_ chart: Chart, columns: Int = 80, rows: Int = 20, isUTF8: Bool = true, allowsColour: Bool = false) {
    self.chart = chart
    self.columns = columns
    self.rows = rows
    self.isUTF8 = isUTF8
    self.allowsColour = allowsColour
  }

  /// The text, each line with a newline at its end.
  public func text() -> String {
    lines().map { $0 + "\n" }.joined()
  }

  /// The lines: at most ``rows``, none wider than ``columns``, whatever the chart holds.
  ///
  /// With little room the chart loses its headings first, then its numbers, and its plot last.
  public func lines() -> [String] {
    let columns = min(columns, 1000), rows = min(rows, 400)
    guard columns > 0, rows > 0 else { return [] }
    return TerminalPlot(self, columns: columns, rows: rows).lines
      .map { $0.clipped(to: columns).rendered(allowsColour: allowsColour) }
  }

  var notation: NumberNotation { isUTF8 ? .typographic : .ascii }

  /// One line that the terminal only draws, cut to `limit` columns.
  func label(_ text: String, limit: Int) -> String {
    TextWidth.truncated(isUTF8 ? VisibleText.line(text) : VisibleText.asciiLine(text), toColumns: limit, isUTF8: isUTF8)
  }
}
