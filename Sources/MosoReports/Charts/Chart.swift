/// What a chart shows: axes and series, as a value that knows nothing of pixels or terminals.
///
/// ``svg(width:height:)`` draws it as a picture, ``TerminalChart`` as text, and a ``ReportPage`` holds many of them.
///
/// ```swift
/// let chart = Chart(
///   "Loss", x: ChartAxis("Tokens", scale: .logarithmic), y: ChartAxis("Loss", unit: "nats per token"),
///   series: [
///     .line("training", training, emphasis: .faint),
///     .line("validation", validation),
///     .horizontalRule("predicted", at: 2.31),
///   ])
/// ```
///
/// Nothing in a chart makes drawing fail. What has no place on it (numbers that are not finite, and on a logarithmic
/// axis those that are not positive) leaves a gap, and the chart's description says how many there were.
public struct Chart: Sendable, Hashable {
  /// What the chart shows, in a few words.
  public var title: String
  /// A sentence or two below the title: how to read it, what is notable.
  public var caption: String
  /// The axis from left to right.
  public var x: ChartAxis
  /// The axis from the bottom to the top.
  public var y: ChartAxis
  /// What is drawn, the first at the back.
  public var series: [ChartSeries]

  /// A chart, empty unless `series` are given.
  public init(_ title: String, caption: String = "", x: ChartAxis, y: ChartAxis, series: [ChartSeries] = []) {
    self.title = title
    self.caption = caption
    self.x = x
    self.y = y
    self.series = series
  }
}

/// One axis of a chart: what it counts and how values are laid out on it.
public struct ChartAxis: Sendable, Hashable {
  /// How values are laid out.
  public enum Scale: Sendable, Hashable {
    /// Equal differences are equally long.
    case linear
    /// Equal ratios are equally long; only positive numbers have a place.
    case logarithmic
    /// Names side by side: the first stands at 0, the second at 1, and so on.
    case categories([String])
  }

  /// What is counted, such as `Tokens`; may be empty.
  public var label: String
  /// In what it is counted, such as `nats per token`; may be empty.
  public var unit: String
  /// How values are laid out.
  public var scale: Scale
  /// Where the axis begins; where the data do unless given. Ignored where the scale has no such place.
  public var lower: Double?
  /// Where the axis ends; where the data do unless given. Ignored where the scale has no such place.
  public var upper: Double?

  /// An axis that shows all of the data unless `lower` or `upper` cut it.
  public init(
    _ label: String, unit: String = "", scale: Scale = .linear, lower: Double? = nil, upper: Double? = nil
  ) {
    self.label = label
    self.unit = unit
    self.scale = scale
    self.lower = lower
    self.upper = upper
  }

  var isCategorical: Bool {
    if case .categories = scale { true } else { false }
  }

  /// The label with its unit, as it stands beside the axis.
  var heading: String {
    unit.isEmpty ? label : label.isEmpty ? unit : "\(label) (\(unit))"
  }
}
