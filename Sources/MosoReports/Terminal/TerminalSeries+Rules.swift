extension TerminalSeries {
  /// Draws a rule behind the data.
  func drawRule(_ series: ChartSeries, _ look: Int?, on canvas: inout TextCanvas) {
    switch place(of: series, on: canvas) {
    case .column(let column)?:
      let character: Character = terminal.isUTF8 ? "┊" : "|"
      for row in 0..<canvas.rows { canvas.setGround(character, column: column, row: row, look: look) }
    case .row(let row)?:
      let character: Character = terminal.isUTF8 ? "┄" : "-"
      for column in 0..<canvas.columns { canvas.setGround(character, column: column, row: row, look: look) }
    case nil: break
    }
  }

  /// Writes a rule's label where it covers no data; says whether there was such a place.
  func drawLabel(of series: ChartSeries, _ look: Int?, on canvas: inout TextCanvas) -> Bool {
    let label = terminal.label(series.name, limit: max(1, canvas.columns - 2))
    let width = TextWidth.columns(label)
    guard width > 0, let place = place(of: series, on: canvas) else { return true }
    var starts: [(column: Int, row: Int)] = []
    switch place {
    case .column(let column):
      for row in 0..<canvas.rows { starts += [(column + 2, row), (column - 1 - width, row)] }
    case .row(let row):
      // In the rule itself, or else right above or below it.
      for row in [row, row - 1, row + 1] {
        for start in stride(from: canvas.columns - width - 2, through: 1, by: -3) { starts.append((start, row)) }
      }
    }
    let free = starts.first { start in
      start.column >= 1 && start.column + width < canvas.columns
        && (start.column - 1...start.column + width).allSatisfy { canvas.isFree(column: $0, row: start.row) }
    }
    guard let free else { return false }
    var column = free.column
    if case .row(free.row) = place {
      canvas.setSign(" ", column: column - 1, row: free.row, look: nil)
      canvas.setSign(" ", column: column + width, row: free.row, look: nil)
    }
    for character in label {
      canvas.setSign(character, column: column, row: free.row, look: look)
      column += TextWidth.columns(character)
    }
    return true
  }

  private enum Place {
    case column(Int)
    case row(Int)
  }

  private func place(of series: ChartSeries, on canvas: TextCanvas) -> Place? {
    switch series.content {
    case .verticalRule(let x):
      guard let x = scales.x.fraction(of: x), (0...1).contains(x) else { return nil }
      return .column(canvas.cell(PlotPosition(x: x, y: 0)).column)
    case .horizontalRule(let y):
      guard let y = scales.y.fraction(of: y), (0...1).contains(y) else { return nil }
      return .row(canvas.cell(PlotPosition(x: 0, y: y)).row)
    case .line, .points, .band, .bars: return nil
    }
  }
}
