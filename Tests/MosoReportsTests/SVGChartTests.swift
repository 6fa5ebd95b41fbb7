import MosoTesting
import Testing

@testable import MosoReports

@Suite("Charts as pictures")
struct SVGChartTests {
  private let steps = (0...100).map(Double.init)

  private func read(_ chart: Chart, width: Double = 640, height: Double = 400) throws -> MarkupReader {
    try #require(MarkupReader(chart.svg(width: width, height: height)), "not well formed: \(chart.title)")
  }

  /// The pairs of numbers of a path of straight lines.
  private func points(_ path: String) -> [[Double]] {
    let numbers = path.split { "MLZ h0".contains($0) && $0 != "0" }.compactMap { Double($0) }
    return stride(from: 0, to: numbers.count - 1, by: 2).map { [numbers[$0], numbers[$0 + 1]] }
  }

  @Test("a picture says what it is, and fits wherever it stands")
  func frame() throws {
    let chart = Chart(
      "Loss & more", caption: "Lower is better.", x: ChartAxis("Step"), y: ChartAxis("Loss"),
      series: [.line("a", x: steps, y: steps)])
    let reader = try read(chart, width: 500, height: 300)
    let root = reader.elements[0]
    #expect(root.attributes["role"] == "img" && root.attributes["viewBox"] == "0 0 500 300")
    let labels = (root.attributes["aria-labelledby"] ?? "").split(separator: " ")
    let named = reader.elements.filter { labels.contains(Substring($0.attributes["id"] ?? "")) }
    #expect(
      named.map(\.name) == ["title", "desc"] && named[0].text == "Loss & more" && named[1].text.contains("line of 101"))
    #expect(reader.texts.contains("Loss & more") && reader.texts.contains("Lower is better."))
    #expect(reader.all("style").count == 1 && reader.all("style")[0].text.contains("prefers-color-scheme:dark"))
    #expect(reader.all("script").isEmpty && reader.elements.allSatisfy { $0.attributes["href"] == nil })
  }

  @Test("a line goes where its numbers are")
  func line() throws {
    let chart = Chart(
      "", x: ChartAxis("", lower: 0, upper: 100), y: ChartAxis("", lower: 0, upper: 10),
      series: [.line("", [ChartPoint(0, 0), ChartPoint(50, 10), ChartPoint(100, 5)])])
    let drawing = SVGChart(chart, width: 640, height: 400, isAlone: true, identifier: "c")
    let plot = drawing.layout.plot
    let reader = try read(chart)
    let path = try #require(reader.all("path", style: "line").first?.attributes["d"])
    let expected = [
      [plot.left, plot.bottom], [plot.left + plot.width / 2, plot.top], [plot.right, (plot.top + plot.bottom) / 2],
    ]
    for (found, wanted) in zip(points(path), expected) {
      #expect(abs(found[0] - wanted[0]) <= 0.051 && abs(found[1] - wanted[1]) <= 0.051)
    }
    #expect(points(path).count == 3)
  }

  @Test("a gap parts a line, and a point between two gaps is seen")
  func gaps() throws {
    var values = steps
    values[40] = .nan
    values[42] = .infinity
    let chart = Chart("", x: ChartAxis(""), y: ChartAxis(""), series: [.line("", x: steps, y: values)])
    let reader = try read(chart)
    let lines = reader.all("path", style: "line").compactMap { $0.attributes["d"] }
    #expect(lines.count == 2 && lines[0].filter { $0 == "M" }.count == 2 && lines[1].hasSuffix("h0"))
    #expect(reader.all("desc")[0].text.contains("Not shown: 2 values that are not finite."))
  }

  @Test("names stand at the ends of lines where there is room, and above the plot otherwise")
  func names() throws {
    func chart(_ offset: Double, end: Int = 100) -> Chart {
      Chart(
        "", x: ChartAxis(""), y: ChartAxis(""),
        series: (0..<6).map { index in
          .line("series \(index)", x: steps, y: steps.map { $0 <= Double(end) ? $0 + offset * Double(index) : .nan })
        } + [.line("last", x: steps, y: steps)])
    }
    func layout(_ chart: Chart, width: Double = 640) -> ChartLayout {
      SVGChart(chart, width: width, height: 400, isAlone: true, identifier: "c").layout
    }
    let apart = layout(chart(40))
    #expect(apart.endLabels.count == 7 && apart.legend.isEmpty)
    let middles = apart.endLabels.map(\.middle).sorted()
    #expect(zip(middles, middles.dropFirst()).allSatisfy { $1 - $0 > 12 })
    #expect(apart.endLabels.allSatisfy { $0.end.x + ChartLayout.leader + ChartLayout.width(of: $0.text) <= 640 })
    // All end at one place; some end early; too little room beside the plot.
    #expect(layout(chart(0)).endLabels.isEmpty && layout(chart(0)).legend.count == 7)
    #expect(layout(chart(40, end: 50)).legend.count == 7)
    #expect(layout(chart(40), width: 200).legend.count > 1)
    let reader = try read(chart(0))
    #expect(reader.texts.filter { $0.hasPrefix("series") }.count == 6)
  }

  @Test("a legend too long for its lines says how many are missing")
  func longLegend() throws {
    let chart = Chart(
      "", x: ChartAxis(""), y: ChartAxis(""),
      series: (0..<60).map { .points("a rather long name \($0)", [ChartPoint(Double($0), 1)]) })
    let legend = SVGChart(chart, width: 400, height: 400, isAlone: false, identifier: "c").layout.legend
    let shown = legend.count { $0.entry != nil }
    #expect(legend.last?.text == "and \(60 - shown) more" && shown >= 3)
  }

  @Test("points have markers, intervals and words; thousands keep to a limit")
  func scatter() throws {
    let some = [ChartPoint(1, 2, lower: 1.5, upper: 2.5, note: "run <7>"), ChartPoint(2, 3), ChartPoint(.nan, 3)]
    let reader = try read(Chart("", x: ChartAxis("Size"), y: ChartAxis("Loss"), series: [.points("runs", some)]))
    #expect(reader.all("path", style: "mark").count == 3, "two points and the legend's")
    #expect(reader.all("title").contains { $0.text == "run <7>; runs; Size: 1; Loss: 2 (1.5 to 2.5)" })
    #expect(reader.all("path", style: "thin").count == 1)
    var generator = RepeatableGenerator(seed: 2)
    let many = (0..<20_000).map { _ in
      ChartPoint(Double.random(in: 0...1, using: &generator), Double.random(in: 0...1, using: &generator))
    }
    let text = Chart("", x: ChartAxis(""), y: ChartAxis(""), series: [.points("", many)]).svg()
    #expect(text.utf8.count < 250_000 && text.utf8.count > 20_000)
  }

  @Test("spots on a line say its numbers, but where a point says its own")
  func spots() throws {
    let line = ChartSeries.line("fit", x: steps, y: steps)
    let alone = try read(Chart("", x: ChartAxis("Step"), y: ChartAxis("Loss"), series: [line]))
    let places = alone.all("circle", style: "target").compactMap { Double($0.attributes["cx"] ?? "") }
    #expect(places.count > 20 && zip(places, places.dropFirst()).allSatisfy { $1 - $0 > 13 })
    #expect(alone.all("title").contains { $0.text == "fit; Step: 0; Loss: 0" })
    let both = Chart(
      "", x: ChartAxis("Step"), y: ChartAxis("Loss"), series: [.points("runs", [ChartPoint(50, 50)]), line])
    let plot = SVGChart(both, width: 640, height: 400, isAlone: true, identifier: "c").layout.plot
    let left = try read(both).all("circle", style: "target").compactMap { Double($0.attributes["cx"] ?? "") }
    #expect(left.count > 20 && left.allSatisfy { abs($0 - plot.x(50.0 / 104)) > 12 })
  }

  @Test("bars of several series share their category, and stand on zero")
  func bars() throws {
    let chart = Chart(
      "", x: ChartAxis("", scale: .categories(["a", "b"])), y: ChartAxis("", lower: -10, upper: 10),
      series: [.bars("one", values: [10, -10]), .bars("two", values: [5, 0])])
    let plot = SVGChart(chart, width: 640, height: 400, isAlone: true, identifier: "c").layout.plot
    let bars = try read(chart).all("rect", style: "bar").filter { $0.depth > 3 }.map { bar in
      ["x", "y", "width", "height"].map { Double(bar.attributes[$0] ?? "") ?? .nan }
    }
    try #require(bars.count == 4)
    let zero = (plot.top + plot.bottom) / 2
    #expect(abs(bars[0][1] - plot.top) < 0.1 && abs(bars[0][1] + bars[0][3] - zero) < 0.11)
    #expect(abs(bars[1][1] - zero) < 0.1 && abs(bars[1][3] - plot.height / 2) < 0.1 && bars[3][3] == 0)
    // Both have the room of one, from -0.38 to 0.38 of two categories.
    #expect(abs(bars[0][0] - 0.5 - plot.x(0.06)) < 0.1 && abs(bars[2][0] + bars[2][2] + 0.5 - plot.x(0.44)) < 0.15)
    // The second series begins where the first ends.
    #expect(abs(bars[0][0] + bars[0][2] + 1 - bars[2][0]) < 0.3 && abs(bars[0][2] - bars[2][2]) < 0.11)
  }

  @Test("names of categories are wrapped, or slanted where they do not fit")
  func categories() throws {
    let names = ["helpful", "harmless", "instruction following", "arithmetic"]
    let chart = Chart(
      "", x: ChartAxis("", scale: .categories(names)), y: ChartAxis(""), series: [.bars("", values: [1, 2, 3, 4])])
    let wrapped = try read(chart, width: 480).texts
    #expect(wrapped.contains("instruction") && wrapped.contains("following") && wrapped.contains("helpful"))
    let slanted = try read(chart, width: 300).all("text").filter { $0.attributes["transform"] != nil }
    #expect(slanted.map(\.text) == names)
  }

  @Test("a picture of nothing says so, and an axis without data has no numbers")
  func nothing() throws {
    let reader = try read(Chart("", x: ChartAxis("Step"), y: ChartAxis("Loss"), series: [.line("training", [])]))
    #expect(reader.texts.filter { !$0.isEmpty } == ["Loss", "Step", "no data yet"])
    #expect(reader.all("desc")[0].text.contains("There are no data yet."))
    let one = try read(Chart("", x: ChartAxis(""), y: ChartAxis(""), series: [.line("", [ChartPoint(3, 4)])]))
    #expect(one.all("path", style: "dots").count == 1 && !one.texts.contains("no data yet"))
  }

  @Test("the label of a rule stands where no data are", arguments: [true, false], [-4.0, 4])
  func rules(_ isLeft: Bool, _ distance: Double) throws {
    // The line runs along the rule on one half of the plot, close enough to be covered by a label there.
    let line = steps.map { ($0 < 50) == isLeft ? 50 + distance : 120 }
    let chart = Chart(
      "", x: ChartAxis(""), y: ChartAxis("", lower: -20, upper: 120),
      series: [.line("", x: steps, y: line), .horizontalRule("limit", at: 50)])
    let label = try #require(try read(chart).all("text").first { $0.text == "limit" })
    let left = Double(label.attributes["x"] ?? "") ?? 0, foot = Double(label.attributes["y"] ?? "") ?? 0
    let frame = PixelFrame(left: left, top: foot - 11, right: left + ChartLayout.width(of: "limit"), bottom: foot + 3)
    let plot = SVGChart(chart, width: 640, height: 400, isAlone: true, identifier: "c").layout.plot
    for (step, value) in zip(steps, line) {
      #expect(!frame.contains(plot.pixel(PlotPosition(x: step / 100, y: (value + 20) / 140))))
    }
  }

  @Test("hostile words are words")
  func hostile() throws {
    let bad = "</title><script>alert(1)</script>\u{0}\u{202E}\"'&"
    let chart = Chart(
      bad, caption: bad, x: ChartAxis(bad, unit: bad, scale: .categories([bad, bad])), y: ChartAxis(bad, unit: bad),
      series: [
        .points(bad, [ChartPoint(0, 1, note: bad)]), .bars(bad, [ChartBar(category: 0, 1, note: bad)]),
        .horizontalRule(bad, at: 1), .line(bad, [ChartPoint(0, 1), ChartPoint(1, 3)]),
      ])
    let reader = try read(chart)
    #expect(reader.all("script").isEmpty)
    #expect(reader.all("title").filter { $0.text.contains("<script>alert(1)</script>‹U+0000›‹U+202E›\"'&") }.count > 3)
  }
}
