extension Chart {
  /// The chart as a picture: an SVG document of its own, which fits light and dark surroundings.
  ///
  /// Its title and caption stand in it. A description in words is there for readers who do not see it; resting on a
  /// point says its numbers. No script and nothing from outside is needed.
  ///
  /// - Parameters:
  ///   - width: the width in pixels for which text is 12 pixels high; at least 160.
  ///   - height: the height in pixels; at least 120.
  public func svg(width: Double = 640, height: Double = 400) -> String {
    SVGChart(self, width: width, height: height, isAlone: true, identifier: "chart").markup()
  }
}

/// Draws a chart.
struct SVGChart {
  let chart: Chart
  let scales: ChartScales
  let layout: ChartLayout
  let looks: [Int?]
  /// Whether the picture brings its own title and style; within a page both stand around it.
  let isAlone: Bool
  let identifier: String
  /// Points of lines and markers in pixels, for labels that should not cover them.
  var drawn: [Pixel] = []
  /// Where resting the pointer says a point's numbers already.
  var speaking: [Pixel] = []
  var svg = Markup()

  init(_ chart: Chart, width: Double, height: Double, isAlone: Bool, identifier: String) {
    func bounded(_ value: Double, _ least: Double) -> Double { value.isFinite ? min(max(value, least), 10_000) : 640 }
    self.chart = chart
    scales = ChartScales(chart)
    looks = chart.looks
    layout = ChartLayout(
      chart, scales, width: bounded(width, 160).rounded(), height: bounded(height, 120).rounded(), showsHeading: isAlone
    )
    self.isAlone = isAlone
    self.identifier = identifier
  }

  func markup() -> String {
    var drawing = self
    drawing.draw()
    return drawing.svg.text
  }

  private mutating func draw() {
    let (width, height) = (Markup.coordinate(layout.width), Markup.coordinate(layout.height))
    svg.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "moso-chart", "viewBox": "0 0 \(width) \(height)",
        "width": width, "height": height, "role": "img", "aria-labelledby": "\(identifier)-title \(identifier)-desc",
      ])
    svg.element("title", ["id": "\(identifier)-title"], chart.title.isEmpty ? "Chart" : chart.title)
    svg.element("desc", ["id": "\(identifier)-desc"], chart.summary(scales))
    if isAlone { svg.raw("<style>\(ChartStyleSheet.alone)</style>") }
    drawHeading()
    drawLegend()
    drawAxes()
    if scales.hasData {
      for (index, series) in chart.series.enumerated() { draw(series, look: looks[index]) }
      drawEndLabels()
      drawRuleLabels()
      drawSpots()
    } else {
      for (index, series) in chart.series.enumerated() where series.isRule { draw(series, look: looks[index]) }
      drawRuleLabels()
      text(
        "no data yet",
        Pixel(x: (layout.plot.left + layout.plot.right) / 2, y: (layout.plot.top + layout.plot.bottom) / 2),
        style: "halo", anchor: "middle")
    }
    svg.close("svg")
  }

  private mutating func drawHeading() {
    for line in layout.heading {
      text(line.text, Pixel(x: 6, y: line.baseline), style: line.isTitle ? "title" : "")
    }
  }

  /// One line of text whose foot is at a point.
  mutating func text(_ content: String, _ pixel: Pixel, style: String = "", anchor: String = "start") {
    let (x, y) = (Markup.coordinate(pixel.x), Markup.coordinate(pixel.y))
    switch (style.isEmpty, anchor == "start") {
    case (true, true): svg.element("text", ["x": x, "y": y], content)
    case (true, false): svg.element("text", ["x": x, "y": y, "text-anchor": anchor], content)
    case (false, true): svg.element("text", ["class": style, "x": x, "y": y], content)
    case (false, false): svg.element("text", ["class": style, "x": x, "y": y, "text-anchor": anchor], content)
    }
  }

  /// The class that gives a series its colour.
  static func colourClass(_ look: Int?) -> String {
    guard let look else { return "look-grey" }
    let count = ChartPalette.looks.count
    return "look-\((look % count + count) % count)"
  }
}
