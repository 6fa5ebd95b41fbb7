/// Draws the series of a chart on a canvas of characters.
struct TerminalSeries {
  let terminal: TerminalChart
  let scales: ChartScales
  let looks: [Int?]
  /// Whether lines bear signs here and there, since nothing else tells them apart.
  let marksLines: Bool

  private static let signs: [Character] = ["●", "■", "▲", "◆", "▼", "+", "×", "○"]

  /// What a point of a series looks like.
  static func sign(look: Int?, isUTF8: Bool) -> Character {
    guard let look else { return isUTF8 ? "·" : "." }
    let count = signs.count
    return isUTF8 ? signs[(look % count + count) % count] : ChartPalette.look(look).letter
  }

  /// What the bars of a group are filled with: without colours, several groups differ by their shade.
  static func fill(group: Int, for terminal: TerminalChart) -> Character {
    if terminal.barGroups.count < 2 || terminal.allowsColour { return terminal.isUTF8 ? "█" : "#" }
    let fills: [Character] = terminal.isUTF8 ? ["█", "▒", "▓", "░"] : ["#", "=", "o", ":"]
    return fills[group % fills.count]
  }

  /// Draws everything.
  ///
  /// - Returns: the labels of rules that had no room on the canvas.
  func draw(on canvas: inout TextCanvas) -> [(name: String, look: Int?)] {
    for (index, (series, look)) in zip(terminal.chart.series, looks).enumerated() {
      switch series.content {
      case .line(let points):
        guard !isBehindAnother(index) else { continue }
        draw(line: points, bearsSigns: marksLines && !hasPoints(series.name), look, on: &canvas)
      case .points(let points): draw(points: points, look, on: &canvas)
      case .band(let intervals): draw(band: intervals, look, on: &canvas)
      case .bars(let bars): draw(bars: bars, of: series, look, on: &canvas)
      case .verticalRule, .horizontalRule: drawRule(series, look, on: &canvas)
      }
    }
    return zip(terminal.chart.series, looks).filter { series, look in
      series.isRule && !series.name.isEmpty && !drawLabel(of: series, look, on: &canvas)
    }.map { ($0.name, $1) }
  }

  /// Whether a line is the raw data of a smoothed one: a terminal has no pale ink, and both would run into one.
  private func isBehindAnother(_ index: Int) -> Bool {
    let series = terminal.chart.series[index]
    return series.emphasis == .faint && !series.name.isEmpty
      && terminal.chart.series.contains { other in
        if case .line = other.content { other.name == series.name && other.emphasis == .normal } else { false }
      }
  }

  /// Whether points of the same name tell a line apart already.
  private func hasPoints(_ name: String) -> Bool {
    terminal.chart.series.contains { if case .points = $0.content { $0.name == name } else { false } }
  }

  private func draw(line points: [ChartPoint], bearsSigns: Bool, _ look: Int?, on canvas: inout TextCanvas) {
    let positions = points.map { scales.position($0.x, $0.y) }
    let runs = LineThinning.runs(positions, columns: canvas.columns * canvas.dotsAcross)
    for run in runs {
      let places = run.compactMap { positions[$0] }
      if places.count == 1, places[0].isInside {
        let cell = canvas.cell(places[0])
        canvas.setSign(Self.sign(look: look, isUTF8: terminal.isUTF8), column: cell.column, row: cell.row, look: look)
      }
      for (start, end) in zip(places, places.dropFirst()) { canvas.drawLine(from: start, to: end, look: look) }
    }
    guard bearsSigns else { return }
    // Every series begins at another column, so that lines close to each other are told apart as well.
    let distance = max(4, canvas.columns / 6)
    let first = (look ?? 0) * 3 % distance + 1
    for column in stride(from: first, to: canvas.columns, by: distance) {
      let place = Double(column) / Double(max(1, canvas.columns - 1))
      for run in runs {
        for (start, end) in zip(run, run.dropFirst()) {
          guard let start = positions[start], let end = positions[end], start.x <= place, place < end.x else {
            continue
          }
          let height = start.y + (place - start.x) / (end.x - start.x) * (end.y - start.y)
          guard (0...1).contains(height) else { continue }
          let row = canvas.cell(PlotPosition(x: place, y: height)).row
          canvas.setSign(Self.sign(look: look, isUTF8: terminal.isUTF8), column: column, row: row, look: look)
        }
      }
    }
  }

  private func draw(points: [ChartPoint], _ look: Int?, on canvas: inout TextCanvas) {
    let sign = Self.sign(look: look, isUTF8: terminal.isUTF8)
    for point in points {
      guard let position = scales.position(point.x, point.y) else { continue }
      if point.lower != nil || point.upper != nil,
        let low = scales.position(point.x, point.lower ?? point.y),
        let high = scales.position(point.x, point.upper ?? point.y)
      {
        canvas.drawLine(from: low, to: high, look: look)
      }
      guard position.isInside else { continue }
      let cell = canvas.cell(position)
      canvas.setSign(sign, column: cell.column, row: cell.row, look: look)
    }
  }

  private func draw(band intervals: [ChartInterval], _ look: Int?, on canvas: inout TextCanvas) {
    let bounds = intervals.map { interval -> (PlotPosition, PlotPosition)? in
      guard let lower = scales.position(interval.x, interval.lower),
        let upper = scales.position(interval.x, interval.upper)
      else { return nil }
      return (lower, upper)
    }
    for (start, end) in zip(bounds, bounds.dropFirst()) {
      guard let start, let end, end.0.x >= 0, start.0.x <= 1 else { continue }
      let first = max(0, canvas.cell(start.0).column), last = min(canvas.columns - 1, canvas.cell(end.0).column)
      guard first <= last else { continue }
      for column in first...last {
        let place = (Double(column) + 0.5) / Double(canvas.columns)
        let part = end.0.x > start.0.x ? min(1, max(0, (place - start.0.x) / (end.0.x - start.0.x))) : 0
        let ends = [
          start.0.y + part * (end.0.y - start.0.y), start.1.y + part * (end.1.y - start.1.y),
        ].map { min(1, max(0, $0)) }.sorted()
        for row in canvas.cell(PlotPosition(x: 0, y: ends[1])).row...canvas.cell(PlotPosition(x: 0, y: ends[0])).row {
          canvas.setGround(terminal.isUTF8 ? "░" : ":", column: column, row: row, look: look)
        }
      }
    }
  }

  /// Fills cells from the foot of each bar; the cell at its end in eighths.
  private func draw(bars: [ChartBar], of series: ChartSeries, _ look: Int?, on canvas: inout TextCanvas) {
    let count = terminal.chart.x.isCategorical ? max(1, terminal.barGroups.count) : 1
    let group = terminal.barGroups.firstIndex(of: series) ?? 0
    let fill = Self.fill(group: group, for: terminal)
    let base = scales.baseline
    for bar in bars {
      let share = (bar.end - bar.start) / Double(count)
      let start = bar.start + share * Double(count > 1 ? group : 0)
      guard let low = scales.x.fraction(of: start), let high = scales.x.fraction(of: start + share),
        let value = scales.y.fraction(of: bar.value), high > 0, low < 1, value != base
      else { continue }
      let first = min(max(0, Int((max(0, low) * Double(canvas.columns)).rounded())), canvas.columns - 1)
      let last = min(max(first, Int((min(1, high) * Double(canvas.columns)).rounded()) - 1), canvas.columns - 1)
      let bottom = min(max(0, min(base, value)), 1) * Double(canvas.rows)
      let top = min(max(0, max(base, value)), 1) * Double(canvas.rows)
      for row in 0..<canvas.rows {
        // Rows are counted from above, heights from below.
        let foot = Double(canvas.rows - 1 - row)
        let filled = min(top, foot + 1) - max(bottom, foot)
        guard filled > 0.0625 else { continue }
        let isEnd = value > base && filled < 0.9375 && fill == "█"
        let sign = isEnd ? Sparkline.blocks[max(0, Int((filled * 8).rounded()) - 1)] : fill
        if !isEnd && filled < 0.5 { continue }
        for column in first...last { canvas.setSign(sign, column: column, row: row, look: look) }
      }
    }
  }
}

extension TerminalChart {
  /// The series that are bars.
  var barGroups: [ChartSeries] {
    chart.series.filter { if case .bars = $0.content { true } else { false } }
  }

  /// The number of the first bars of a name among all bars.
  func barGroup(of name: String) -> Int { barGroups.firstIndex { $0.name == name } ?? 0 }
}
