extension SVGChart {
  /// How far apart the spots of one line are at least, in pixels, and how many a chart has at most.
  private static let spotDistance = 14.0
  private static let mostSpots = 240

  /// Spots on lines that appear and say their numbers when the pointer comes near, evenly spread along each line.
  mutating func drawSpots() {
    let lines = chart.series.indices.filter {
      if case .line = chart.series[$0].content { chart.series[$0].emphasis == .normal } else { false }
    }
    guard !lines.isEmpty else { return }
    let most = max(4, Self.mostSpots / lines.count)
    for index in lines {
      guard case .line(let points) = chart.series[index].content else { continue }
      let distance = max(Self.spotDistance, layout.plot.width / Double(most))
      var chosen: [(pixel: Pixel, point: ChartPoint)] = []
      for point in points {
        guard let position = scales.position(point.x, point.y), position.isInside else { continue }
        let pixel = layout.plot.pixel(position)
        // A spot would hide a point that is there.
        if speaking.contains(where: { abs($0.x - pixel.x) < 13 && abs($0.y - pixel.y) < 13 }) { continue }
        if let last = chosen.last, abs(pixel.x - last.pixel.x) < distance, abs(pixel.y - last.pixel.y) < 60 { continue }
        chosen.append((pixel, point))
        if chosen.count >= 2 * most { break }
      }
      svg.open("g", ["class": Self.colourClass(looks[index])])
      for (pixel, point) in chosen {
        let (x, y) = (Markup.coordinate(pixel.x), Markup.coordinate(pixel.y))
        svg.open("g", ["class": "near"])
        svg.empty("circle", ["class": "target", "cx": x, "cy": y, "r": "9"])
        svg.empty("circle", ["class": "spot", "cx": x, "cy": y, "r": "4"])
        svg.element("title", spoken(point, of: chart.series[index]))
        svg.close("g")
      }
      svg.close("g")
    }
  }

  /// What is said of a point.
  func spoken(_ point: ChartPoint, of series: ChartSeries) -> String {
    var value = Self.number(point.y)
    if point.lower != nil || point.upper != nil {
      value += " (\(Self.number(point.lower ?? point.y)) to \(Self.number(point.upper ?? point.y)))"
    }
    return spoken(point.note, series, at: place(point.x), value)
  }

  /// What is said of a bar.
  func spoken(_ bar: ChartBar, of series: ChartSeries) -> String {
    let place =
      chart.x.isCategorical
      ? place((bar.start + bar.end) / 2) : "\(Self.number(bar.start)) to \(Self.number(bar.end))"
    return spoken(bar.note, series, at: place, Self.number(bar.value))
  }

  private func spoken(_ note: String, _ series: ChartSeries, at place: String, _ value: String) -> String {
    let names = [note, series.name].filter { !$0.isEmpty }
    let x = chart.x.label.isEmpty ? place : "\(chart.x.label): \(place)"
    let y = chart.y.label.isEmpty ? value : "\(chart.y.label): \(value)"
    return (names + [x, y]).joined(separator: "; ")
  }

  private func place(_ x: Double) -> String {
    guard case .categories(let names) = chart.x.scale else { return Self.number(x) }
    let index = x.rounded()
    return index >= 0 && index < Double(names.count) ? names[Int(index)] : Self.number(x)
  }

  private static func number(_ value: Double) -> String { NumberFormat.compact(value, digits: 4) }
}
