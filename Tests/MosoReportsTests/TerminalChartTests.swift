import Testing

@testable import MosoReports

@Suite("Charts as text")
struct TerminalChartTests {
  private func chart(_ series: [ChartSeries], x: ChartAxis = ChartAxis("Step"), y: ChartAxis = ChartAxis("Loss"))
    -> Chart
  {
    Chart("Curve", x: x, y: y, series: series)
  }

  private let rising = Chart(
    "Curve", x: ChartAxis("Step"), y: ChartAxis("Loss", lower: 0, upper: 10),
    series: [.line("", [ChartPoint(0, 0), ChartPoint(10, 10)])])

  @Test("a rising line is made of dots, with numbers around it")
  func line() {
    #expect(
      TerminalChart(rising, columns: 29, rows: 13).text() == """
        Curve
        Loss
        10 ┤                      ⣀⠔⠊
           │                   ⡠⠔⠉
           │               ⢀⡠⠒⠉
           │            ⢀⡠⠒⠁
         5 ┤         ⢀⠤⠊⠁
           │      ⣀⠤⠊⠁
           │   ⣀⠔⠊
         0 ┤⡠⠔⠉
           └┬───────────┬───────────┬
            0           5          10
                      Step

        """)
  }

  @Test("dots are where the line is")
  func dots() {
    // Unicode numbers the dots of a cell 1, 2, 3, 7 down the left side and 4, 5, 6, 8 down the right.
    let order = [[1, 2, 3, 7], [4, 5, 6, 8]]
    let lines = TerminalChart(rising, columns: 29, rows: 13).lines()[2..<10]
    var found: Set<[Int]> = []
    for (row, line) in lines.enumerated() {
      for (column, scalar) in line.unicodeScalars.dropFirst(4).enumerated() where scalar != " " {
        for (across, numbers) in order.enumerated() {
          for (down, number) in numbers.enumerated() where (scalar.value - 0x2800) >> (UInt32(number) - 1) & 1 == 1 {
            found.insert([2 * column + across, 4 * row + down])
          }
        }
      }
    }
    let expected = (0..<50).map { x in [x, 31 - Int((Double(x) * 31 / 49).rounded())] }
    // Where a dot is as near to the next line of dots it may be in either.
    #expect(found.count == 50)
    for (dot, wanted) in zip(found.sorted { $0[0] < $1[0] }, expected) {
      #expect(dot[0] == wanted[0] && abs(dot[1] - wanted[1]) <= (dot[0] % 49 == 0 ? 0 : 1), "\(dot) and \(wanted)")
    }
  }

  @Test("without UTF-8 it is made of letters, and nothing is lost but beauty")
  func letters() {
    var chart = rising
    chart.series = [
      .line("up", [ChartPoint(0, 0), ChartPoint(10, 10)]), .points("down", [ChartPoint(0, 10), ChartPoint(10, 0)]),
      .horizontalRule("half", at: 5),
    ]
    #expect(
      TerminalChart(chart, columns: 29, rows: 12, isUTF8: false).text() == """
        Curve
        Loss   * up   + down
        10 ++                     **
           |                  ****
           |              ****
         5 +----------****---- half -
           |      ****
           |  ****
         0 +**                     +
           ++----------------------+-
            0                     10
                      Step

        """)
  }

  @Test("names stand beside the ends of their lines")
  func endLabels() {
    let chart = chart([
      .line("high", [ChartPoint(0, 0), ChartPoint(10, 10)]), .line("low", [ChartPoint(0, 0), ChartPoint(10, 1)]),
    ])
    let lines = TerminalChart(chart, columns: 50, rows: 12).lines()
    #expect(lines.contains { $0.hasSuffix(" high") } && lines.contains { $0.hasSuffix(" low") })
    #expect(!lines[1].contains("high"))
  }

  @Test("without colours lines bear signs, with them each has its own and ends it")
  func colours() {
    let series = (0..<3).map { index in
      ChartSeries.line("a rather long name \(index)", [ChartPoint(0, 0), ChartPoint(10, Double(index + 1))])
    }
    let plain = TerminalChart(chart(series), columns: 60, rows: 16).text()
    #expect(plain.filter { $0 == "■" }.count > 2 && !plain.contains("\u{1B}"))
    let coloured = TerminalChart(chart(series), columns: 60, rows: 16, allowsColour: true)
    for parameter in [34, 33, 32] { #expect(coloured.text().contains("\u{1B}[\(parameter)m")) }
    #expect(!coloured.text().contains("■"))
    // Every sequence that turns a colour on is followed by one that turns it off.
    let openings = coloured.text().split(separator: "\u{1B}[").dropFirst().map { $0.prefix { $0 != "m" } }
    #expect(zip(openings, openings.dropFirst()).allSatisfy { ($0 == "0") != ($1 == "0") } && openings.last == "0")
  }

  @Test("bars are as high as their values, to an eighth of a line")
  func bars() {
    let chart = Chart(
      "", x: ChartAxis("", scale: .categories(["a", "b", "c", "d"])), y: ChartAxis("", lower: 0, upper: 4),
      series: [.bars("", values: [4, 2.5, 1.25, 0])])
    let lines = TerminalChart(chart, columns: 23, rows: 6).lines()
    let heights = [1, 2, 3, 4].map { place in
      lines.prefix(4).reduce(0.0) { sum, line in
        let character = Array(line + String(repeating: " ", count: 30))[3 + (place - 1) * 5 + 2]
        return sum + (Sparkline.blocks.firstIndex(of: character).map { Double($0 + 1) / 8 } ?? 0)
      }
    }
    #expect(heights == [4, 2.5, 1.25, 0], "\(heights)")
  }

  @Test("a chart of nothing says so; little room costs headings first")
  func little() {
    let chart = chart([.line("a", [])])
    #expect(TerminalChart(chart, columns: 40, rows: 10).text().contains("no data yet"))
    let full = self.chart([.line("a", [ChartPoint(0, 1), ChartPoint(1, 2)])])
    #expect(TerminalChart(full, columns: 40, rows: 1).lines().count == 1)
    #expect(TerminalChart(full, columns: 40, rows: 5).lines().count == 5)
    #expect(TerminalChart(full, columns: 40, rows: 12).lines().first == "Curve")
    #expect(
      TerminalChart(full, columns: 0, rows: 12).lines() == [] && TerminalChart(full, columns: 9, rows: -1).lines() == []
    )
  }

  @Test("a wide character takes two cells, and none is cut in half")
  func wideCharacters() {
    var canvas = TextCanvas(columns: 6, rows: 1, isUTF8: true)
    canvas.setSign("漢", column: 1, row: 0, look: nil)
    canvas.setSign("字", column: 5, row: 0, look: nil)
    #expect(String(canvas.row(0).map(\.character)) == " 漢   ")
    #expect(!canvas.isFree(column: 2, row: 0) && canvas.isFree(column: 5, row: 0))
    #expect(TextCell.text("a漢b").clipped(to: 2) == TextCell.text("a"))
  }

  @Test("values become small bars")
  func sparkline() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([7, 0], isUTF8: false) == "#_")
    #expect(Sparkline.text([1, .nan, 3, .infinity]) == "▁ █ ")
    #expect(Sparkline.text([5, 5]) == "▄▄" && Sparkline.text([]) == "" && Sparkline.text([1, 2], columns: -1) == "")
    #expect(Sparkline.text([0, 0, 4, 4, 8, 8], columns: 3) == "▁▅█")
    #expect(Sparkline.text([-1.7e308, 0, 1.7e308]) == "▁▅█" && Sparkline.text([.nan, .nan], columns: 1) == " ")
    #expect(Sparkline.text([5], lower: 0, upper: 10) == "▅" && Sparkline.text([50, -5], lower: 0, upper: 10) == "█▁")
  }
}
