extension Chart {
  /// The chart in words, for readers who do not see it: its axes, its series and what has no place on it.
  func summary(_ scales: ChartScales) -> String {
    var sentences = [
      "Horizontal axis: \(Self.describe(x, scales.x)).", "Vertical axis: \(Self.describe(y, scales.y)).",
    ]
    if !scales.hasData { sentences.append("There are no data yet.") }
    sentences += series.prefix(24).compactMap(describe)
    if series.count > 24 { sentences.append("And \(series.count - 24) more series.") }
    if let omission { sentences.append(omission) }
    return VisibleText.line(sentences.joined(separator: " "))
  }

  /// How many values have no place on the chart and why, as a sentence; `nil` when all have one.
  public var omission: String? {
    var notFinite = 0, notPositive = 0
    func judge(_ x: Double, _ values: [Double]) {
      if !x.isFinite || !values.allSatisfy(\.isFinite) {
        notFinite += 1
      } else if (self.x.scale == .logarithmic && x <= 0) || (y.scale == .logarithmic && values.contains { $0 <= 0 }) {
        notPositive += 1
      }
    }
    for series in series {
      switch series.content {
      case .line(let points), .points(let points): points.forEach { judge($0.x, [$0.y]) }
      case .band(let intervals): intervals.forEach { judge($0.x, [$0.lower, $0.upper]) }
      case .bars(let bars): bars.forEach { judge($0.start, [$0.value]) }
      case .verticalRule, .horizontalRule: break
      }
    }
    var parts: [String] = []
    func count(_ number: Int) -> String { number == 1 ? "1 value that is" : "\(number) values that are" }
    if notFinite > 0 { parts.append("\(count(notFinite)) not finite") }
    if notPositive > 0 { parts.append("\(count(notPositive)) not positive, on a logarithmic axis") }
    return parts.isEmpty ? nil : "Not shown: \(parts.joined(separator: "; "))."
  }

  private static func describe(_ axis: ChartAxis, _ scale: AxisScale) -> String {
    let name = axis.heading.isEmpty ? "no label" : axis.heading
    switch axis.scale {
    case .categories(let names): return "\(name), \(names.prefix(24).joined(separator: ", "))"
    case .linear, .logarithmic:
      let kind = axis.scale == .logarithmic ? "logarithmic" : "linear"
      guard scale.isKnown else { return "\(name), \(kind)" }
      return "\(name), \(kind), \(NumberFormat.compact(scale.lower)) to \(NumberFormat.compact(scale.upper))"
    }
  }

  private func describe(_ series: ChartSeries) -> String? {
    let name = series.name.isEmpty ? "Without a name" : series.name
    func values(_ kind: String, _ values: [Double]) -> String {
      let values = values.filter(\.isFinite)
      guard let first = values.first, let last = values.last, let low = values.min(), let high = values.max() else {
        return "\(name): \(kind) without values."
      }
      let ends = "from \(NumberFormat.compact(first)) to \(NumberFormat.compact(last))"
      let range = "lowest \(NumberFormat.compact(low)), highest \(NumberFormat.compact(high))"
      return "\(name): \(kind) of \(values.count) \(ends), \(range)."
    }
    switch series.content {
    case .line(let points): return values("line", points.map(\.y))
    case .points(let points): return values("points", points.map(\.y))
    case .bars(let bars): return values("bars", bars.map(\.value))
    case .band(let intervals): return "\(name): band of \(intervals.count) intervals."
    case .verticalRule(let x): return x.isFinite ? "\(name): vertical line at \(NumberFormat.compact(x))." : nil
    case .horizontalRule(let y): return y.isFinite ? "\(name): horizontal line at \(NumberFormat.compact(y))." : nil
    }
  }
}
