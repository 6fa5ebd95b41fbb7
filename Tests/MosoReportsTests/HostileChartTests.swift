import MosoTesting
import Testing

@testable import MosoReports

@Suite("Charts of anything at all")
struct HostileChartTests {
  private static let numbers: [Double] = [
    0, -0.0, 1, -1, 0.1, 1e-5, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, 1e300, -1.7e308,
    1.7976931348623157e308, .nan, .infinity,
    -.infinity, 1e15, 1e15 + 1, 1 + 1e-15, 3, 1000, -1e-300,
  ]
  private static let texts = [
    "", "Loss", "a<b>&\"", "\u{1B}[2J\u{0}\r\n", "漢字の名前", "👩‍👩‍👧 \u{202E}", String(repeating: "very long ", count: 40),
    "é\u{301}\u{338}",
  ]

  private func number(_ generator: inout RepeatableGenerator) -> Double {
    Bool.random(using: &generator)
      ? Self.numbers.randomElement(using: &generator) ?? 0 : Double.random(in: -100...1000, using: &generator)
  }

  private func axis(_ generator: inout RepeatableGenerator) -> ChartAxis {
    let scales: [ChartAxis.Scale] = [
      .linear, .linear, .logarithmic, .logarithmic, .categories([]), .categories(Self.texts),
      .categories((0..<200).map { "\($0)" }),
    ]
    return ChartAxis(
      Self.texts.randomElement(using: &generator) ?? "", unit: Self.texts.randomElement(using: &generator) ?? "",
      scale: scales.randomElement(using: &generator) ?? .linear,
      lower: Bool.random(using: &generator) ? nil : number(&generator),
      upper: Bool.random(using: &generator) ? nil : number(&generator))
  }

  private func series(_ generator: inout RepeatableGenerator) -> ChartSeries {
    let count = [0, 1, 2, 5, 30, 3000].randomElement(using: &generator) ?? 0
    var points: [ChartPoint] = []
    for index in 0..<count {
      let isWild = Int.random(in: 0..<4, using: &generator) == 0
      points.append(
        ChartPoint(
          isWild ? number(&generator) : Double(index), number(&generator), lower: isWild ? number(&generator) : nil,
          upper: isWild ? number(&generator) : nil))
    }
    let contents: [ChartSeries.Content] = [
      .line(points), .points(points), .band(points.map { ChartInterval($0.x, lower: $0.y, upper: $0.y * 2) }),
      .bars(points.map { ChartBar(from: $0.x, to: $0.x + 1, $0.y) }), .verticalRule(number(&generator)),
      .horizontalRule(number(&generator)),
    ]
    let inks: [ChartSeries.Ink] = [.automatic, .automatic, .quiet, .palette(.random(in: -20...20, using: &generator))]
    return ChartSeries(
      Self.texts.randomElement(using: &generator) ?? "", contents.randomElement(using: &generator) ?? .line([]),
      ink: inks.randomElement(using: &generator) ?? .automatic,
      emphasis: Bool.random(using: &generator) ? .normal : .faint)
  }

  private func chart(_ generator: inout RepeatableGenerator) -> Chart {
    var chart = Chart(
      Self.texts.randomElement(using: &generator) ?? "", caption: Self.texts.randomElement(using: &generator) ?? "",
      x: axis(&generator), y: axis(&generator))
    for _ in 0..<Int.random(in: 0...6, using: &generator) { chart.series.append(series(&generator)) }
    return chart
  }

  @Test("every one becomes a well-formed picture with numbers in it", arguments: UInt64(0)..<8)
  func pictures(_ seed: UInt64) throws {
    var generator = RepeatableGenerator(seed: seed)
    for _ in 0..<15 {
      let chart = chart(&generator)
      let width = [1, 160, 390, 640, .nan, 1e9].randomElement(using: &generator) ?? 640
      let text = chart.svg(width: width, height: [0, 120, 400].randomElement(using: &generator) ?? 400)
      let reader = try #require(MarkupReader(text), "\(chart)")
      for element in reader.elements where ["path", "rect", "circle", "text"].contains(element.name) {
        for (_, value) in element.attributes { #expect(!value.contains("nan") && !value.contains("inf")) }
      }
      #expect(text.utf8.count < 3_000_000)
    }
  }

  @Test("every one becomes lines that fit their terminal", arguments: UInt64(0)..<8)
  func lines(_ seed: UInt64) {
    var generator = RepeatableGenerator(seed: seed + 100)
    for _ in 0..<40 {
      var terminal = TerminalChart(chart(&generator))
      terminal.columns = [0, 1, 2, 7, 13, 20, 40, 80, 200].randomElement(using: &generator) ?? 80
      terminal.rows = [-1, 0, 1, 2, 3, 5, 8, 13, 24, 60].randomElement(using: &generator) ?? 20
      terminal.isUTF8 = Bool.random(using: &generator)
      let lines = terminal.lines()
      #expect(lines.count <= max(0, terminal.rows))
      #expect(lines.allSatisfy { TextWidth.columns($0) <= terminal.columns }, "\(lines)")
      #expect(lines.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E } })
      if !terminal.isUTF8 { #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }) }
    }
  }
}
