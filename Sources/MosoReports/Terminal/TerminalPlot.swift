/// Arranges a chart's parts on the lines of a terminal.
struct TerminalPlot {
  private(set) var lines: [[TextCell]] = []

  private let terminal: TerminalChart
  private let scales: ChartScales
  private let looks: [Int?]
  private let entries: [ChartEntry]
  private var canvas: TextCanvas
  private var yTicks: [AxisTick] = []
  /// The columns that the numbers of the vertical axis take, its line and a space included.
  private var margin = 0
  /// Names at the ends of lines, by row.
  private var endLabels: [Int: (name: String, look: Int?)] = [:]

  private struct Parts {
    var title = false, heading = false, axis = false, xHeading = false
  }

  init(_ terminal: TerminalChart, columns: Int, rows: Int) {
    self.terminal = terminal
    let chart = terminal.chart
    scales = ChartScales(chart)
    looks = chart.looks
    entries = scales.hasData ? chart.entries : []
    var parts = Parts()
    var room = rows
    // Each part costs lines of the plot; those it can do without best are taken first.
    if room >= 4, columns >= 12 {
      parts.axis = true
      room -= 2
    }
    if room >= 6, !chart.title.isEmpty {
      parts.title = true
      room -= 1
    }
    if room >= 6, columns >= 12, !chart.y.heading.isEmpty || !entries.isEmpty {
      parts.heading = true
      room -= 1
    }
    if room >= 8, parts.axis, !chart.x.heading.isEmpty {
      parts.xHeading = true
      room -= 1
    }
    func measure() {
      canvas = TextCanvas(columns: columns, rows: room, isUTF8: terminal.isUTF8)
      if columns >= 20, room >= 2 { placeVerticalTicks(rows: room, columns: columns) }
    }
    canvas = TextCanvas(columns: columns, rows: room, isUTF8: terminal.isUTF8)
    measure()
    let ends = placeEndLabels(columns: columns - margin, rows: room)
    let marksLines = !ends.isPlaced && !terminal.allowsColour && linesAlone > 1
    var headings = headingLines(columns: columns, hasLegend: !ends.isPlaced, marksLines: marksLines)
    if parts.heading, headings.count > 1 {
      // A long legend may take a line of the plot for every six that stay.
      let extra = min(headings.count - 1, room / 7, 3)
      headings = Array(headings.prefix(1 + extra))
      room -= extra
      measure()
    }
    canvas = TextCanvas(columns: columns - margin - ends.width, rows: room, isUTF8: terminal.isUTF8)
    let series = TerminalSeries(terminal: terminal, scales: scales, looks: looks, marksLines: marksLines)
    for rule in series.draw(on: &canvas) where !headings.isEmpty {
      let item =
        [TextCell(character: terminal.isUTF8 ? "┄" : "-", look: rule.look, isSeries: true)]
        + TextCell.text(" " + terminal.label(rule.name, limit: columns))
      let line = headings[headings.count - 1]
      if line.columns + 3 + item.columns <= columns {
        headings[headings.count - 1] = line + TextCell.text("   ") + item
      }
    }
    if parts.title { lines.append(TextCell.text(terminal.label(chart.title, limit: columns))) }
    if parts.heading { lines += headings }
    addPlotLines()
    if parts.axis { addAxisLines(columns: columns) }
    if parts.xHeading {
      let heading = terminal.label(chart.x.heading, limit: canvas.columns)
      let before = margin + max(0, (canvas.columns - TextWidth.columns(heading)) / 2)
      lines.append(TextCell.text(String(repeating: " ", count: before) + heading))
    }
  }

  private mutating func placeVerticalTicks(rows: Int, columns: Int) {
    yTicks = AxisTicks.fitting(
      scales.y, length: Double(rows), spacing: 3, gap: 0, notation: terminal.notation, extent: { _ in 1 }
    ).filter { !$0.label.isEmpty && (0...1).contains($0.fraction) }
    for index in yTicks.indices { yTicks[index].label = terminal.label(yTicks[index].label, limit: columns / 3) }
    margin = (yTicks.map { TextWidth.columns($0.label) }.max() ?? 0) + 2
  }

  /// Finds room for names beside the ends of their lines, and says how many columns they take.
  private mutating func placeEndLabels(columns: Int, rows: Int) -> (isPlaced: Bool, width: Int) {
    guard !entries.isEmpty else { return (true, 0) }
    let limit = columns / 4
    var ends: [Double] = [], names: [String] = []
    for entry in entries {
      let name = terminal.label(entry.name, limit: 1000)
      guard let end = scales.end(of: entry, in: terminal.chart), end.position.x > 0.9, TextWidth.columns(name) < limit
      else { return (false, 0) }
      ends.append(Double(canvas.cell(end.position).row))
      names.append(name)
    }
    guard let places = LabelStack.spread(ends, spacing: 1, within: 0...Double(rows - 1)),
      zip(ends, places).allSatisfy({ abs($0 - $1) <= 3 })
    else { return (false, 0) }
    for ((name, entry), place) in zip(zip(names, entries), places) {
      endLabels[Int((place + 0.5 + 1e-9).rounded(.down))] = (name, entry.look)
    }
    return (true, (names.map(TextWidth.columns).max() ?? 0) + 1)
  }

  /// How many named lines have no points that would tell them apart.
  private var linesAlone: Int {
    entries.count { entry in
      let contents = entry.series.map { terminal.chart.series[$0].content }
      let hasLine = contents.contains { if case .line = $0 { true } else { false } }
      return hasLine && !contents.contains { if case .points = $0 { true } else { false } }
    }
  }

  /// What the vertical axis counts, and the names where they are not at the ends of lines.
  private func headingLines(columns: Int, hasLegend: Bool, marksLines: Bool) -> [[TextCell]] {
    var lines = [TextCell.text(terminal.label(terminal.chart.y.heading, limit: columns))]
    guard hasLegend else { return lines }
    for entry in entries {
      let sample = TextCell(character: sample(of: entry, marksLines: marksLines), look: entry.look, isSeries: true)
      let item = [sample] + TextCell.text(" " + terminal.label(entry.name, limit: max(1, columns - 2)))
      let line = lines[lines.count - 1]
      let gap = line.isEmpty ? [] : TextCell.text("   ")
      if line.columns + gap.count + item.columns <= columns {
        lines[lines.count - 1] = line + gap + item
      } else {
        lines.append(item)
      }
    }
    return lines
  }

  private func sample(of entry: ChartEntry, marksLines: Bool) -> Character {
    let contents = entry.series.map { terminal.chart.series[$0].content }
    let hasLineAlone = contents.contains { if case .line = $0 { true } else { false } }
    if !terminal.isUTF8 && !contents.contains(where: { if case .bars = $0 { true } else { false } })
      || (marksLines && hasLineAlone)
    {
      return TerminalSeries.sign(look: entry.look, isUTF8: terminal.isUTF8)
    }
    for content in contents {
      if case .points = content { return TerminalSeries.sign(look: entry.look, isUTF8: terminal.isUTF8) }
      if case .bars = content { return TerminalSeries.fill(group: terminal.barGroup(of: entry.name), for: terminal) }
    }
    return hasLineAlone ? "━" : "░"
  }

  private mutating func addPlotLines() {
    let numbers = Dictionary(
      yTicks.map { (canvas.cell(PlotPosition(x: 0, y: $0.fraction)).row, $0.label) },
      uniquingKeysWith: { first, _ in first })
    let (plain, marked): (Character, Character) = terminal.isUTF8 ? ("│", "┤") : ("|", "+")
    let notice = scales.hasData ? "" : terminal.label("no data yet", limit: canvas.columns)
    for row in 0..<canvas.rows {
      var line: [TextCell] = []
      if margin > 0 {
        let number = numbers[row] ?? ""
        let padding = String(repeating: " ", count: max(0, margin - 2 - TextWidth.columns(number)))
        line += TextCell.text(padding + number + " ") + TextCell.text(String(number.isEmpty ? plain : marked))
      }
      if !notice.isEmpty, row == (canvas.rows - 1) / 2 {
        let before = max(0, (canvas.columns - TextWidth.columns(notice)) / 2)
        line += TextCell.text(String(repeating: " ", count: before) + notice)
      } else {
        line += canvas.row(row)
      }
      if let label = endLabels[row] {
        line += TextCell.text(" ")
        line += label.name.map { TextCell(character: $0, look: label.look, isSeries: true) }
      }
      lines.append(line)
    }
  }

  private mutating func addAxisLines(columns: Int) {
    let isUTF8 = terminal.isUTF8
    let ticks = AxisTicks.fitting(
      scales.x, length: Double(canvas.columns), spacing: 10, gap: 2, notation: terminal.notation,
      extent: { Double(TextWidth.columns(terminal.label($0, limit: canvas.columns / 2))) }
    ).filter { !$0.label.isEmpty && (0...1).contains($0.fraction) }
    var axis = [Character](repeating: isUTF8 ? "─" : "-", count: canvas.columns)
    var numbers = [Character](repeating: " ", count: 0)
    var end = 0
    for tick in ticks.sorted(by: { $0.fraction < $1.fraction }) {
      let column = canvas.cell(PlotPosition(x: tick.fraction, y: 0)).column
      axis[column] = isUTF8 ? "┬" : "+"
      let label = terminal.label(tick.label, limit: canvas.columns / 2)
      let width = TextWidth.columns(label)
      let start = min(max(0, margin + column - width / 2), max(0, columns - width))
      guard start >= end + (end == 0 ? 0 : 1), width > 0 else { continue }
      numbers += String(repeating: " ", count: start - end) + label
      end = start + width
    }
    var line = TextCell.text(String(repeating: " ", count: max(0, margin - 1)))
    if margin > 0 { line += TextCell.text(isUTF8 ? "└" : "+") }
    lines.append(line + TextCell.text(String(axis)))
    lines.append(TextCell.text(String(numbers)))
  }
}
