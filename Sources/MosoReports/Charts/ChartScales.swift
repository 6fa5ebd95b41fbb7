/// A place on a chart: from 0 at the left and at the bottom to 1 at the right and at the top.
struct PlotPosition: Equatable {
  var x: Double
  var y: Double

  var isInside: Bool { (0...1).contains(x) && (0...1).contains(y) }
}

/// Both axes of a chart with ends that fit its data.
struct ChartScales {
  let x: AxisScale
  let y: AxisScale
  /// Whether anything but rules has a place on the chart.
  let hasData: Bool

  init(_ chart: Chart) {
    // Axes without ends say which values they hold, before the ends are known.
    let anyX = AxisScale(chart.x, extent: nil, margin: 0), anyY = AxisScale(chart.y, extent: nil, margin: 0)
    var xExtent: AxisScale.Extent?, yExtent: AxisScale.Extent?
    var hasPoints = false, hasBars = false, hasData = false
    func include(_ value: Double, in extent: inout AxisScale.Extent?) {
      if extent == nil { extent = AxisScale.Extent(value) } else { extent?.include(value) }
    }
    for series in chart.series {
      switch series.content {
      case .points: hasPoints = true
      case .bars: hasBars = true
      case .line, .band, .verticalRule, .horizontalRule: break
      }
      Self.forEachValue(of: series) { x, y in
        if x.map(anyX.holds) ?? true, y.map(anyY.holds) ?? true {
          if let x { include(x, in: &xExtent) }
          if x != nil, y != nil { hasData = true }
        }
      }
    }
    let x = AxisScale(chart.x, extent: xExtent, margin: hasPoints ? 0.04 : hasBars ? 0.02 : 0)
    let isCut = chart.x.lower != nil || chart.x.upper != nil
    for series in chart.series {
      Self.forEachValue(of: series) { place, value in
        guard let value, anyY.holds(value), place.map(anyX.holds) ?? true else { return }
        // What the horizontal axis cuts off does not stretch the vertical one.
        if isCut, let place, let fraction = x.fraction(of: place), !(-1e-9...1 + 1e-9).contains(fraction) { return }
        include(value, in: &yExtent)
      }
    }
    self.x = x
    y = AxisScale(chart.y, extent: yExtent, margin: 0.06, includesZero: hasBars)
    self.hasData = hasData
  }

  /// Where a point lies; `nil` where it has no place.
  func position(_ x: Double, _ y: Double) -> PlotPosition? {
    guard let x = self.x.fraction(of: x), let y = self.y.fraction(of: y) else { return nil }
    return PlotPosition(x: x, y: y)
  }

  /// Where bars begin: at zero, or at the end of the axis that is nearest to it.
  var baseline: Double {
    min(max(y.fraction(of: 0) ?? 0, 0), 1)
  }

  /// Calls `body` with every place and value of a series; rules have only one of the two.
  private static func forEachValue(of series: ChartSeries, _ body: (Double?, Double?) -> Void) {
    switch series.content {
    case .line(let points):
      for point in points { body(point.x, point.y) }
    case .points(let points):
      for point in points {
        body(point.x, point.y)
        if let lower = point.lower { body(point.x, lower) }
        if let upper = point.upper { body(point.x, upper) }
      }
    case .band(let intervals):
      for interval in intervals {
        body(interval.x, interval.lower)
        body(interval.x, interval.upper)
      }
    case .bars(let bars):
      for bar in bars {
        body(bar.start, bar.value)
        body(bar.end, bar.value)
      }
    case .verticalRule(let x): body(x, nil)
    case .horizontalRule(let y): body(nil, y)
    }
  }
}
