/// What stands in a legend: a name and the series that bear it.
struct ChartEntry: Equatable {
  var name: String
  /// Which look of the palette it has; `nil` for grey.
  var look: Int?
  /// Indices into the chart's series.
  var series: [Int]
}

extension Chart {
  /// The named series in order, those of one name together; rules bear their labels themselves.
  var entries: [ChartEntry] {
    var entries: [ChartEntry] = []
    let looks = looks
    for (index, series) in series.enumerated() where !series.isRule && !series.name.isEmpty {
      if let place = entries.firstIndex(where: { $0.name == series.name }) {
        entries[place].series.append(index)
      } else {
        entries.append(ChartEntry(name: series.name, look: looks[index], series: [index]))
      }
    }
    return entries
  }

  /// The look of each series; `nil` for grey.
  var looks: [Int?] {
    var taken = Set(series.compactMap { if case .palette(let index) = $0.ink { index } else { nil } })
    // The first ink that a name is given is the name's.
    var named: [String: Int?] = [:]
    for series in series where !series.isRule && !series.name.isEmpty && named[series.name] == nil {
      switch series.ink {
      case .automatic: continue
      case .palette(let index): named[series.name] = .some(index)
      case .quiet: named[series.name] = .some(nil)
      }
    }
    var next = 0
    return series.map { series in
      switch series.ink {
      case .palette(let index): return index
      case .quiet: return nil
      case .automatic:
        if !series.isRule, let look = named[series.name] { return look }
        while taken.contains(next) { next += 1 }
        taken.insert(next)
        if !series.isRule, !series.name.isEmpty { named[series.name] = .some(next) }
        return next
      }
    }
  }
}

extension ChartSeries {
  var isRule: Bool {
    switch content {
    case .verticalRule, .horizontalRule: true
    case .line, .points, .band, .bars: false
    }
  }
}

extension ChartScales {
  /// Where the line of an entry is seen to end, and which series that line is; `nil` for an entry without a line.
  func end(of entry: ChartEntry, in chart: Chart) -> (series: Int, position: PlotPosition)? {
    for index in entry.series.reversed() {
      guard case .line(let points) = chart.series[index].content else { continue }
      for point in points.reversed() {
        if let position = position(point.x, point.y), position.isInside { return (index, position) }
      }
    }
    return nil
  }
}
