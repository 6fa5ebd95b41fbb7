import Testing

@testable import MosoReports

@Suite("What a chart holds")
struct ChartTests {
  private func chart(_ series: [ChartSeries], x: ChartAxis = ChartAxis("x"), y: ChartAxis = ChartAxis("y")) -> Chart {
    Chart("t", x: x, y: y, series: series)
  }

  private let line = [ChartPoint(0, 1), ChartPoint(1, 2)]

  @Test("series of one name have one look and one entry")
  func entries() {
    let chart = chart([
      .band("fit", []), .points("runs", line), .line("fit", line), .line("", line), .horizontalRule("fit", at: 1),
      .line("old", line, ink: .quiet), .line("best", line, ink: .palette(1)), .points("old", line),
    ])
    #expect(chart.looks == [0, 2, 0, 3, nil, nil, 1, nil])
    #expect(
      chart.entries == [
        ChartEntry(name: "fit", look: 0, series: [0, 2]), ChartEntry(name: "runs", look: 2, series: [1]),
        ChartEntry(name: "old", look: nil, series: [5, 7]), ChartEntry(name: "best", look: 1, series: [6]),
      ])
  }

  @Test("what has no place is counted and does not stretch the axes")
  func omissions() {
    let points = [
      ChartPoint(0, 5), ChartPoint(1, 0), ChartPoint(10, .nan), ChartPoint(.infinity, 1), ChartPoint(2, 3),
      ChartPoint(4, 7),
    ]
    let logarithmic = chart(
      [.line("a", points)], x: ChartAxis("x", scale: .logarithmic), y: ChartAxis("y", scale: .logarithmic))
    #expect(
      logarithmic.omission
        == "Not shown: 2 values that are not finite; 2 values that are not positive, on a logarithmic axis.")
    #expect(chart([.line("a", points)]).omission == "Not shown: 2 values that are not finite.")
    #expect(chart([.line("a", line)]).omission == nil)
    let scales = ChartScales(logarithmic)
    #expect(scales.x.lower == 2 && scales.x.upper == 4 && scales.y.lower > 2.8 && scales.y.upper < 7.4)
  }

  @Test("what a fixed horizontal axis cuts off does not stretch the vertical one")
  func cut() {
    let points = (0...100).map { ChartPoint(Double($0), $0 < 10 ? 1000 : Double($0)) }
    let scales = ChartScales(chart([.line("a", points)], x: ChartAxis("x", lower: 10)))
    #expect(scales.x.lower == 10 && scales.y.upper < 110)
  }

  @Test("rules alone are no data, and bars reach zero")
  func data() {
    #expect(!ChartScales(chart([.horizontalRule("r", at: 1), .line("a", [ChartPoint(.nan, 1)])])).hasData)
    #expect(ChartScales(chart([.line("a", line)])).hasData)
    #expect(ChartScales(chart([.bars("b", [ChartBar(from: 0, to: 1, 10)])])).y.lower == 0)
    #expect(ChartScales(chart([.bars("b", [ChartBar(from: 0, to: 1, -10)])])).y.upper == 0)
    #expect(ChartScales(chart([.horizontalRule("r", at: 50), .line("a", line)])).y.upper > 50)
  }

  @Test("a summary says everything in words")
  func summary() {
    let chart = chart(
      [.line("a", [ChartPoint(0, 3), ChartPoint(5, 1), ChartPoint(10, 2)]), .verticalRule("here", at: 4)],
      x: ChartAxis("Step"), y: ChartAxis("Loss", unit: "nats"))
    #expect(
      chart.summary(ChartScales(chart)) == """
        Horizontal axis: Step, linear, 0 to 10. Vertical axis: Loss (nats), linear, 0.88 to 3.12. \
        a: line of 3 from 3 to 2, lowest 1, highest 3. here: vertical line at 4.
        """)
  }

  @Test("a histogram counts each finite value once")
  func histogram() {
    let values = [0, 0.5, 1, 1, 2, 9.99, 10, .nan, .infinity]
    let bars = ChartBar.histogram(of: values, bins: 10)
    #expect(bars.map(\.value) == [2, 2, 1, 0, 0, 0, 0, 0, 0, 2])
    #expect(
      bars.first?.start == 0 && bars.last?.end == 10 && zip(bars, bars.dropFirst()).allSatisfy { $0.end == $1.start })
    #expect(ChartBar.histogram(of: [], bins: 10).isEmpty && ChartBar.histogram(of: [.nan], bins: 10).isEmpty)
    let one = ChartBar.histogram(of: [7, 7, 7], bins: 10)
    #expect(one.count == 1 && one[0].value == 3 && one[0].start < 7 && one[0].end > 7)
    #expect(ChartBar.histogram(of: [-1.7e308, 0, 1.7e308], bins: 4).map(\.value) == [1, 0, 1, 1])
    #expect(
      ChartBar.histogram(of: [1, 2], bins: -5).count == 1 && ChartBar.histogram(of: [1, 2], bins: .max).count == 1000)
  }
}
