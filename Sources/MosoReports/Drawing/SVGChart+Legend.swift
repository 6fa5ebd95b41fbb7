extension SVGChart {
  /// The names above the plot, each beside a sample of what bears it.
  mutating func drawLegend() {
    let entries = chart.entries
    for item in layout.legend {
      guard let index = item.entry else {
        text(item.text, Pixel(x: item.left, y: item.baseline))
        continue
      }
      let entry = entries[index]
      let sample = PixelFrame(
        left: item.left, top: item.baseline - 10, right: item.left + ChartLayout.swatchWidth, bottom: item.baseline + 2)
      svg.open("g", ["class": Self.colourClass(entry.look)])
      for index in entry.series { draw(sampleOf: chart.series[index], look: entry.look, in: sample) }
      svg.close("g")
      text(item.text, Pixel(x: item.left + ChartLayout.swatchWidth + 6, y: item.baseline), style: "ink")
    }
  }

  private mutating func draw(sampleOf series: ChartSeries, look: Int?, in frame: PixelFrame) {
    let middle = (frame.top + frame.bottom) / 2
    switch series.content {
    case .line:
      let path = "M\(Markup.coordinate(frame.left)) \(Markup.coordinate(middle))H\(Markup.coordinate(frame.right))"
      let dashes = series.emphasis == .faint ? [] : look.map { ChartPalette.look($0).dashes } ?? []
      if dashes.isEmpty {
        svg.empty("path", ["class": series.emphasis == .faint ? "line faint" : "line", "d": path])
      } else {
        let lengths = dashes.map(Markup.coordinate).joined(separator: " ")
        svg.empty("path", ["class": "line", "stroke-dasharray": lengths, "d": path])
      }
    case .points:
      let marker = look.map { ChartPalette.look($0).marker } ?? .disc
      let centre = Pixel(x: (frame.left + frame.right) / 2, y: middle)
      svg.empty("path", ["class": "mark", "d": Self.shape(marker, at: centre, radius: 4)])
    case .band, .bars:
      let inset = if case .bars = series.content { 6.0 } else { 0.0 }
      svg.empty(
        "rect",
        [
          "class": inset > 0 ? "bar" : "band", "x": Markup.coordinate(frame.left + inset),
          "y": Markup.coordinate(frame.top), "width": Markup.coordinate(frame.width - 2 * inset),
          "height": Markup.coordinate(frame.height),
        ])
    case .verticalRule, .horizontalRule: break
    }
  }

  /// The names at the right of the plot, each with a short line to where its own line ends.
  mutating func drawEndLabels() {
    for label in layout.endLabels {
      let start = max(label.end.x + 4, layout.plot.right + 4)
      let end = layout.plot.right + ChartLayout.leader
      svg.open("g", ["class": Self.colourClass(label.look)])
      svg.empty(
        "path", ["class": "mark", "d": Self.shape(.disc, at: label.end, radius: 3)])
      svg.empty(
        "path",
        ["class": "thin", "d": Self.path([Pixel(x: start, y: label.end.y), Pixel(x: end - 3, y: label.middle)])])
      svg.close("g")
      text(label.text, Pixel(x: end, y: label.middle + 4), style: "ink")
    }
  }

  /// The labels of rules, each at the end and on the side of its rule where it covers the least.
  mutating func drawRuleLabels() {
    var taken: [PixelFrame] = []
    for series in chart.series where series.isRule && !series.name.isEmpty {
      let label = TextWidth.truncated(
        VisibleText.line(series.name), toEms: max(40, layout.plot.width - 12) / ChartLayout.fontSize)
      let width = ChartLayout.width(of: label), height = 15.0
      let plot = layout.plot
      var places: [(left: Double, top: Double)] = []
      switch series.content {
      case .verticalRule(let value):
        guard let fraction = scales.x.fraction(of: value), (0...1).contains(fraction) else { continue }
        let x = plot.x(fraction)
        for row in 0..<4 {
          for top in [plot.top + 3 + Double(row) * height, plot.bottom - 4 - Double(row + 1) * height] {
            places += [(x + 6, top), (x - 6 - width, top)]
          }
        }
      case .horizontalRule(let value):
        guard let fraction = scales.y.fraction(of: value), (0...1).contains(fraction) else { continue }
        let y = plot.y(fraction)
        let (first, last) = (plot.left + 6, plot.right - width - 4)
        for part in [1, 0, 0.5, 0.75, 0.25, 0.875, 0.625, 0.375, 0.125] {
          let left = first + part * (last - first)
          places += [(left, y - height - 2), (left, y + 3)]
        }
      case .line, .points, .band, .bars: continue
      }
      let frames = places.map {
        PixelFrame(left: $0.left, top: $0.top, right: $0.left + width, bottom: $0.top + height)
      }
      let costs = frames.map { frame in
        (plot.expanded(by: 1).contains(frame) ? 0 : 1000) + 300 * taken.filter(frame.overlaps).count
          + drawn.lazy.filter(frame.expanded(by: 2).contains).prefix(100).count
      }
      guard let best = costs.indices.min(by: { costs[$0] < costs[$1] }) else { continue }
      let frame = frames[best]
      taken.append(frame)
      text(label, Pixel(x: min(frame.left, max(2, layout.width - width - 2)), y: frame.bottom - 3.5), style: "halo")
    }
  }
}
