extension SVGChart {
  /// How many points of a scatter are drawn at most, and up to how many each says its numbers.
  private static let mostPoints = 2000
  private static let mostSpeakingPoints = 400

  mutating func draw(_ series: ChartSeries, look: Int?) {
    svg.open("g", ["class": Self.colourClass(look)])
    switch series.content {
    case .line(let points): draw(line: points, of: series, look: look)
    case .points(let points): draw(points: points, of: series, look: look)
    case .band(let intervals): draw(band: intervals)
    case .bars(let bars): draw(bars: bars, of: series)
    case .verticalRule(let x):
      if let fraction = scales.x.fraction(of: x), (0...1).contains(fraction) {
        let x = Markup.coordinate(layout.plot.x(fraction))
        rule("M\(x) \(Markup.coordinate(layout.plot.top))V\(Markup.coordinate(layout.plot.bottom))")
      }
    case .horizontalRule(let y):
      if let fraction = scales.y.fraction(of: y), (0...1).contains(fraction) {
        let y = Markup.coordinate(layout.plot.y(fraction))
        rule("M\(Markup.coordinate(layout.plot.left)) \(y)H\(Markup.coordinate(layout.plot.right))")
      }
    }
    svg.close("g")
  }

  private mutating func rule(_ path: String) {
    svg.empty("path", ["class": "thin", "stroke-dasharray": "5 3", "d": path])
  }

  /// Opens a picture within the picture that cuts off what lies outside the plot; half a line's width may stand out.
  private mutating func openClip() {
    let frame = layout.plot.expanded(by: 2)
    let (left, top) = (Markup.coordinate(frame.left), Markup.coordinate(frame.top))
    let (width, height) = (Markup.coordinate(frame.width), Markup.coordinate(frame.height))
    svg.open(
      "svg",
      [
        "x": left, "y": top, "width": width, "height": height, "viewBox": "\(left) \(top) \(width) \(height)",
        "overflow": "hidden",
      ])
  }

  private mutating func draw(line points: [ChartPoint], of series: ChartSeries, look: Int?) {
    let positions = points.map { scales.position($0.x, $0.y) }
    let runs = LineThinning.runs(positions, columns: min(500, Int(layout.plot.width)))
    var path = "", dots = ""
    var climb = 0.0
    for run in runs {
      let pixels = run.compactMap { positions[$0].map(layout.plot.pixel) }
      // A point alone has no length, but its round cap is seen.
      if pixels.count == 1 { dots += Self.path(pixels) + "h0" } else { path += Self.path(pixels) }
      climb += zip(pixels, pixels.dropFirst()).reduce(0) { $0 + abs($1.1.y - $1.0.y) }
      note(pixels)
    }
    guard !path.isEmpty || !dots.isEmpty else { return }
    openClip()
    let isFaint = series.emphasis == .faint
    // A line that goes up and down all the time is thinner, or it would fill the plot.
    let weight = isFaint ? " faint" : climb > 8 * layout.plot.height ? " busy" : ""
    let dashes = isFaint ? [] : look.map { ChartPalette.look($0).dashes } ?? []
    if !path.isEmpty, dashes.isEmpty {
      svg.empty("path", ["class": "line whole\(weight)", "d": path])
    } else if !path.isEmpty {
      let lengths = dashes.map(Markup.coordinate).joined(separator: " ")
      svg.empty("path", ["class": "line\(weight)", "stroke-dasharray": lengths, "d": path])
    }
    if !dots.isEmpty { svg.empty("path", ["class": isFaint ? "line whole faint" : "line whole dots", "d": dots]) }
    svg.close("svg")
  }

  private mutating func draw(points: [ChartPoint], of series: ChartSeries, look: Int?) {
    let visible = points.filter { scales.position($0.x, $0.y)?.isInside ?? false }
    let shown = Self.scattered(visible, most: Self.mostPoints) { point in
      scales.position(point.x, point.y).map(layout.plot.pixel) ?? Pixel(x: 0, y: 0)
    }
    let marker = look.map { ChartPalette.look($0).marker } ?? .disc
    let radius = shown.count <= 60 ? 4.0 : shown.count <= 300 ? 3 : 2
    let style = series.emphasis == .faint ? "mark faint-mark" : "mark"
    let whiskers = shown.map(whisker).joined()
    if !whiskers.isEmpty { svg.empty("path", ["class": "thin", "d": whiskers]) }
    let shapes = shown.map { point in
      let pixel = scales.position(point.x, point.y).map(layout.plot.pixel) ?? Pixel(x: 0, y: 0)
      drawn.append(pixel)
      return Self.shape(marker, at: pixel, radius: radius)
    }
    if shown.count > Self.mostSpeakingPoints {
      svg.empty("path", ["class": style, "d": shapes.joined()])
      return
    }
    speaking += drawn.suffix(shown.count)
    for (point, shape) in zip(shown, shapes) {
      svg.open("g", ["class": "near"])
      svg.empty("path", ["class": style, "d": shape])
      svg.element("title", spoken(point, of: series))
      svg.close("g")
    }
  }

  /// The interval of a point as a vertical line with short ends, within the plot.
  private func whisker(_ point: ChartPoint) -> String {
    guard point.lower != nil || point.upper != nil,
      let low = scales.position(point.x, point.lower ?? point.y),
      let high = scales.position(point.x, point.upper ?? point.y)
    else { return "" }
    let plot = layout.plot
    let x = plot.x(low.x)
    var path = ""
    let ends = [low.y, high.y].map { plot.y(min(max($0, 0), 1)) }
    path += "M\(Markup.coordinate(x)) \(Markup.coordinate(ends[0]))V\(Markup.coordinate(ends[1]))"
    for (end, fraction) in zip(ends, [low.y, high.y]) where (0...1).contains(fraction) {
      path += "M\(Markup.coordinate(x - 3)) \(Markup.coordinate(end))h6"
    }
    return path
  }

  private mutating func draw(band intervals: [ChartInterval]) {
    let lower = intervals.map { scales.position($0.x, $0.lower) }
    let upper = intervals.map { scales.position($0.x, $0.upper) }
    // Where one bound has no place the band has a gap, in both bounds alike.
    let whole = zip(lower, upper).map { $0 != nil && $1 != nil }
    let columns = min(500, Int(layout.plot.width))
    func runs(_ positions: [PlotPosition?]) -> [[Pixel]] {
      let positions = zip(positions, whole).map { $1 ? $0 : nil }
      return LineThinning.runs(positions, columns: columns).map {
        $0.compactMap { positions[$0].map(layout.plot.pixel) }
      }
    }
    let path = zip(runs(upper), runs(lower)).map { Self.path($0 + $1.reversed()) + "Z" }.joined()
    guard !path.isEmpty else { return }
    openClip()
    svg.empty("path", ["class": "band", "d": path])
    svg.close("svg")
  }

  private mutating func draw(bars: [ChartBar], of series: ChartSeries) {
    let groups = chart.series.filter { if case .bars = $0.content { true } else { false } }
    let isGrouped = chart.x.isCategorical && groups.count > 1
    let place = isGrouped ? groups.firstIndex(of: series) ?? 0 : 0
    let count = isGrouped ? groups.count : 1
    let base = scales.baseline
    let shown = bars.count > Self.mostPoints ? Array(bars.sorted { $0.value > $1.value }.prefix(Self.mostPoints)) : bars
    openClip()
    for bar in shown {
      let share = (bar.end - bar.start) / Double(count)
      let start = bar.start + share * Double(place)
      guard let low = scales.x.fraction(of: start), let high = scales.x.fraction(of: start + share),
        let value = scales.y.fraction(of: bar.value), high > 0, low < 1
      else { continue }
      let top = layout.plot.y(max(value, base)), bottom = layout.plot.y(min(value, base))
      // A line of ground between neighbours, where they are wide enough for one.
      let gap = (high - low) * layout.plot.width > 4 ? 0.5 : 0
      let left = layout.plot.x(low) + gap, width = max(0.5, (high - low) * layout.plot.width - 2 * gap)
      drawn.append(Pixel(x: left + width / 2, y: layout.plot.y(value)))
      svg.open("g", ["class": "near"])
      svg.empty(
        "rect",
        [
          "class": "bar", "x": Markup.coordinate(left), "y": Markup.coordinate(top),
          "width": Markup.coordinate(width), "height": Markup.coordinate(bottom - top),
        ])
      svg.element("title", spoken(bar, of: series))
      svg.close("g")
    }
    svg.close("svg")
  }

  /// Remembers where a line runs, densely enough that no label fits between.
  private mutating func note(_ pixels: [Pixel]) {
    for (start, end) in zip(pixels, pixels.dropFirst()) {
      let steps = min(200, max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)) / 6)))
      for step in 0..<steps {
        let part = Double(step) / Double(steps)
        drawn.append(Pixel(x: start.x + part * (end.x - start.x), y: start.y + part * (end.y - start.y)))
      }
    }
    if let last = pixels.last { drawn.append(last) }
  }

  static func path(_ pixels: [Pixel]) -> String {
    guard let first = pixels.first else { return "" }
    let rest = pixels.dropFirst().map { "\(Markup.coordinate($0.x)) \(Markup.coordinate($0.y))" }
    let start = "M\(Markup.coordinate(first.x)) \(Markup.coordinate(first.y))"
    return rest.isEmpty ? start : start + "L" + rest.joined(separator: " ")
  }

  static func shape(_ marker: ChartMarker, at centre: Pixel, radius: Double) -> String {
    guard let corners = marker.corners else {
      let (size, diameter) = (Markup.coordinate(radius), Markup.coordinate(2 * radius))
      return "M\(Markup.coordinate(centre.x - radius)) \(Markup.coordinate(centre.y))"
        + "a\(size) \(size) 0 1 0 \(diameter) 0a\(size) \(size) 0 1 0 -\(diameter) 0"
    }
    return path(corners.map { Pixel(x: centre.x + $0.x * radius, y: centre.y + $0.y * radius) }) + "Z"
  }

  /// At most about `most` of `points`, those that cover others left out first.
  private static func scattered(_ points: [ChartPoint], most: Int, at pixel: (ChartPoint) -> Pixel) -> [ChartPoint] {
    struct Cell: Hashable {
      var column: Int
      var row: Int
    }
    var kept = points
    var size = 1.0
    while kept.count > most {
      var cells: Set<Cell> = []
      kept = points.filter { point in
        let pixel = pixel(point)
        return cells.insert(Cell(column: Int(pixel.x / size), row: Int(pixel.y / size))).inserted
      }
      size *= 1.5
    }
    return kept
  }
}
