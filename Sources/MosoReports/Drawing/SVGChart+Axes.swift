extension SVGChart {
  /// The grid, the marks of both axes with their numbers, and what the axes count.
  mutating func drawAxes() {
    let plot = layout.plot
    var faint: [String] = [], strong: [String] = [], axis: [String] = []
    for tick in layout.yTicks where (-1e-9...1 + 1e-9).contains(tick.fraction) {
      let y = Markup.coordinate(plot.y(tick.fraction))
      let line = "M\(Markup.coordinate(plot.left)) \(y)H\(Markup.coordinate(plot.right))"
      if tick.isMajor { strong.append(line) } else { faint.append(line) }
    }
    for tick in layout.xTicks where (-1e-9...1 + 1e-9).contains(tick.fraction) {
      let x = Markup.coordinate(plot.x(tick.fraction))
      let foot = Markup.coordinate(plot.bottom)
      if chart.x.scale == .logarithmic {
        let line = "M\(x) \(Markup.coordinate(plot.top))V\(foot)"
        if tick.isMajor { strong.append(line) } else { faint.append(line) }
      }
      if !chart.x.isCategorical { axis.append("M\(x) \(foot)v\(tick.isMajor ? 5 : 3)") }
    }
    // The line of zero, where values of both signs are compared with it.
    if chart.y.scale == .linear, scales.y.lower < 0, scales.y.upper > 0, let zero = scales.y.fraction(of: 0) {
      axis.append(
        "M\(Markup.coordinate(plot.left)) \(Markup.coordinate(plot.y(zero)))H\(Markup.coordinate(plot.right))")
    }
    axis.append("M\(Markup.coordinate(plot.left)) \(Markup.coordinate(plot.bottom))H\(Markup.coordinate(plot.right))")
    if !faint.isEmpty { svg.empty("path", ["class": "grid", "opacity": ".5", "d": faint.joined()]) }
    if !strong.isEmpty { svg.empty("path", ["class": "grid", "d": strong.joined()]) }
    svg.empty("path", ["class": "axis", "d": axis.joined()])
    drawAxisText()
  }

  private mutating func drawAxisText() {
    let plot = layout.plot
    for tick in layout.yTicks where !tick.label.isEmpty {
      text(tick.label, Pixel(x: plot.left - 7, y: plot.y(tick.fraction) + 4), anchor: "end")
    }
    for (tick, lines) in zip(layout.xTicks, layout.xLabels) where !lines.isEmpty {
      if layout.slantsLabels {
        let (x, y) = (plot.x(tick.fraction) + 4, plot.bottom + 14)
        let turn = "rotate(-30 \(Markup.coordinate(x)) \(Markup.coordinate(y)))"
        svg.element(
          "text",
          ["x": Markup.coordinate(x), "y": Markup.coordinate(y), "text-anchor": "end", "transform": turn],
          lines.first ?? "")
        continue
      }
      let widest = lines.reduce(0) { max($0, ChartLayout.width(of: $1)) }
      // A number at an end of the axis stays within the picture.
      let centre = min(max(plot.x(tick.fraction), widest / 2 + 2), layout.width - widest / 2 - 2)
      for (row, line) in lines.enumerated() {
        text(line, Pixel(x: centre, y: plot.bottom + 18 + Double(row) * 14), anchor: "middle")
      }
    }
    if let baseline = layout.yHeadingBaseline {
      let heading = TextWidth.truncated(
        VisibleText.line(chart.y.heading), toEms: (layout.width - 12) / ChartLayout.fontSize)
      text(heading, Pixel(x: 6, y: baseline), style: "ink")
    }
    if let baseline = layout.xHeadingBaseline {
      let heading = TextWidth.truncated(
        VisibleText.line(chart.x.heading), toEms: (layout.width - 12) / ChartLayout.fontSize)
      let half = ChartLayout.width(of: heading) / 2
      let centre = min(max((plot.left + plot.right) / 2, half + 2), max(half + 2, layout.width - half - 2))
      text(heading, Pixel(x: centre, y: baseline), style: "ink", anchor: "middle")
    }
  }
}
