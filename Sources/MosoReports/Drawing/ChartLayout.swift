/// Where the parts of a drawn chart stand, in pixels.
struct ChartLayout {
  /// One line of a heading, with the height of its foot.
  struct TextLine: Equatable {
    var text: String
    var baseline: Double
    var isTitle: Bool
  }

  /// A name beside the end of a line.
  struct EndLabel: Equatable {
    var text: String
    var look: Int?
    var series: Int
    /// Where the line ends.
    var end: Pixel
    /// The height of the name's middle.
    var middle: Double
  }

  /// A name in the legend above the plot.
  struct LegendItem: Equatable {
    var text: String
    /// Index into the chart's entries; `nil` for a remark.
    var entry: Int?
    var left: Double
    var baseline: Double
  }

  let width: Double
  let height: Double
  private(set) var heading: [TextLine] = []
  private(set) var legend: [LegendItem] = []
  private(set) var endLabels: [EndLabel] = []
  private(set) var yHeadingBaseline: Double?
  private(set) var xHeadingBaseline: Double?
  private(set) var plot: PixelFrame
  private(set) var xTicks: [AxisTick] = []
  private(set) var yTicks: [AxisTick] = []
  /// The lines of each label of the horizontal axis.
  private(set) var xLabels: [[String]] = []
  /// Whether names along the horizontal axis are written aslant, for want of room.
  private(set) var slantsLabels = false

  static let fontSize = 12.0
  static let lineHeight = 16.0
  static let swatchWidth = 24.0
  private static let titleSize = 15.0
  private static let edge = 6.0
  /// The longest name written aslant, at 30 degrees.
  private static let longestSlanted = 150.0
  /// From the end of a line to its name.
  static let leader = 16.0

  /// The width of text of the chart's usual size, in pixels.
  static func width(of text: String) -> Double { TextWidth.ems(text) * fontSize }

  init(_ chart: Chart, _ scales: ChartScales, width: Double, height: Double, showsHeading: Bool) {
    self.width = width
    self.height = height
    plot = PixelFrame(left: 0, top: 0, right: width, bottom: height)
    var top = Self.edge
    if showsHeading { top = addHeading(chart, from: top) }
    let entries = scales.hasData ? chart.entries : []
    let below = placeBelow(chart)
    let yHeading = chart.y.heading.isEmpty ? 0 : Self.lineHeight + 4
    plot.top = top + yHeading + 4
    plot.bottom = max(plot.top + 24, height - below)
    placeVerticalTicks(scales)
    // Names at the ends of lines are better than a legend, where all have room there.
    if !placeEndLabels(chart, scales, entries) {
      top = addLegend(entries, from: top)
      plot.top = top + yHeading + 4
      plot.bottom = max(plot.top + 24, height - below)
      plot.right = width - 14
      placeVerticalTicks(scales)
    }
    yHeadingBaseline = chart.y.heading.isEmpty ? nil : top + Self.fontSize
    placeHorizontalTicks(chart, scales)
  }

  private mutating func addHeading(_ chart: Chart, from top: Double) -> Double {
    var top = top + 2
    let room = width - 2 * Self.edge
    for text in TextWidth.wrapped(VisibleText.line(chart.title), ems: room / Self.titleSize, limit: 2) {
      heading.append(TextLine(text: text, baseline: top + Self.titleSize - 2, isTitle: true))
      top += 20
    }
    for text in TextWidth.wrapped(VisibleText.line(chart.caption), ems: room / Self.fontSize, limit: 3) {
      heading.append(TextLine(text: text, baseline: top + Self.fontSize - 1, isTitle: false))
      top += Self.lineHeight
    }
    return heading.isEmpty ? top - 2 : top + 8
  }

  /// What the labels and the heading of the horizontal axis take.
  private mutating func placeBelow(_ chart: Chart) -> Double {
    var below = Self.edge + 20
    if case .categories(let names) = chart.x.scale {
      let names = names.map { VisibleText.line($0).split(separator: " ").joined(separator: " ") }
      let slot = (width - 60) / Double(max(1, names.count))
      let wrapped = names.map { TextWidth.wrapped($0, ems: (slot - 6) / Self.fontSize, limit: 2) }
      slantsLabels = zip(names, wrapped).contains { $1.joined(separator: " ") != $0 }
      if slantsLabels {
        let widest = names.reduce(0) { max($0, Self.width(of: $1)) }
        below += min(widest, Self.longestSlanted) / 2
      } else if wrapped.contains(where: { $0.count > 1 }) {
        below += Self.lineHeight - 2
      }
    }
    if !chart.x.heading.isEmpty {
      xHeadingBaseline = height - Self.edge - 2
      below += Self.lineHeight + 2
    }
    return below
  }

  private mutating func placeVerticalTicks(_ scales: ChartScales) {
    yTicks = AxisTicks.fitting(
      scales.y, length: plot.height, spacing: 42, gap: 2, notation: .typographic, extent: { _ in Self.fontSize })
    let limit = width * 0.3
    for index in yTicks.indices {
      yTicks[index].label = TextWidth.truncated(yTicks[index].label, toEms: limit / Self.fontSize)
    }
    let widest = yTicks.reduce(0) { max($0, Self.width(of: $1.label)) }
    plot.left = Self.edge + widest + 8
  }

  private mutating func placeHorizontalTicks(_ chart: Chart, _ scales: ChartScales) {
    xTicks = AxisTicks.fitting(
      scales.x, length: plot.width, spacing: 72, gap: 14, notation: .typographic, extent: Self.width)
    guard case .categories(let names) = chart.x.scale else {
      xLabels = xTicks.map { $0.label.isEmpty ? [] : [$0.label] }
      return
    }
    // Too many names for the axis: every second, third, … is written.
    let slot = plot.width / Double(max(1, names.count))
    let skip = max(1, Int((Self.lineHeight / slot).rounded(.up)))
    xLabels = xTicks.enumerated().map { index, tick in
      guard index % skip == 0 else { return [] }
      if slantsLabels {
        let room = min(Self.longestSlanted, plot.x(tick.fraction) / 0.87)
        return [TextWidth.truncated(tick.label, toEms: room / Self.fontSize)]
      }
      return TextWidth.wrapped(tick.label, ems: (slot * Double(skip) - 6) / Self.fontSize, limit: 2)
    }
  }

  /// Writes the names at the right, at the heights where their lines end; says whether all have room there.
  private mutating func placeEndLabels(_ chart: Chart, _ scales: ChartScales, _ entries: [ChartEntry]) -> Bool {
    plot.right = width - 14
    guard !entries.isEmpty, entries.count <= 10 else { return entries.isEmpty }
    var labels: [EndLabel] = []
    for entry in entries {
      guard let (series, position) = scales.end(of: entry, in: chart), position.x > 0.88 else { return false }
      labels.append(
        EndLabel(
          text: VisibleText.line(entry.name), look: entry.look, series: series,
          end: Pixel(x: position.x, y: plot.y(position.y)), middle: 0))
    }
    let room = labels.reduce(0) { max($0, Self.width(of: $1.text)) } + Self.leader + 4
    guard room <= max(90, width * 0.3), plot.width - room >= 120 else { return false }
    let wanted = labels.map(\.end.y)
    guard
      let places = LabelStack.spread(wanted, spacing: Self.lineHeight - 1, within: plot.top...plot.bottom),
      zip(wanted, places).allSatisfy({ abs($0 - $1) <= 3 * Self.lineHeight })
    else { return false }
    plot.right = width - room - 2
    for index in labels.indices {
      labels[index].middle = places[index]
      labels[index].end.x = plot.x(labels[index].end.x)
    }
    endLabels = labels
    return true
  }

  private mutating func addLegend(_ entries: [ChartEntry], from top: Double) -> Double {
    guard !entries.isEmpty else { return top }
    let room = width - 2 * Self.edge
    var left = Self.edge
    var row = 0
    for (index, entry) in entries.enumerated() {
      let text = TextWidth.truncated(
        VisibleText.line(entry.name), toEms: (room - Self.swatchWidth - 6) / Self.fontSize)
      let itemWidth = Self.swatchWidth + 6 + Self.width(of: text)
      if left > Self.edge, left + itemWidth > Self.edge + room {
        row += 1
        left = Self.edge
      }
      let baseline = top + Self.fontSize + Double(row) * (Self.lineHeight + 2)
      if row == 3, entries.count - index > 1 {
        legend.append(LegendItem(text: "and \(entries.count - index) more", entry: nil, left: left, baseline: baseline))
        break
      }
      legend.append(LegendItem(text: text, entry: index, left: left, baseline: baseline))
      left += itemWidth + 16
    }
    return top + Double(row + 1) * (Self.lineHeight + 2) + 6
  }
}
