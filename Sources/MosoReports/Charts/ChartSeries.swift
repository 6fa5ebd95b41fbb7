/// One thing that a chart shows: a line, points, a band, bars or a rule.
///
/// Series of the same name belong together: they share one colour and one place in the legend, as a fitted curve does
/// with its band and the runs that it was fitted to.
public struct ChartSeries: Sendable, Hashable {
  /// The data and how they are drawn.
  public enum Content: Sendable, Hashable {
    /// Points joined in order; one that has no place on the chart leaves a gap.
    case line([ChartPoint])
    /// Points by themselves, with their intervals where they have some.
    case points([ChartPoint])
    /// The area between a lower and an upper bound.
    case band([ChartInterval])
    /// Bars from zero, or from the foot of a logarithmic axis; on an axis of categories, those of several series side
    /// by side.
    case bars([ChartBar])
    /// A line across the chart at one place of the horizontal axis.
    case verticalRule(Double)
    /// A line across the chart at one place of the vertical axis.
    case horizontalRule(Double)
  }

  /// Which colour a series has.
  public enum Ink: Sendable, Hashable {
    /// The next of the palette that no other series has; that of an earlier series of the same name.
    case automatic
    /// One of the palette's eight colours, with its dashes and its marker; after the last comes the first again.
    case palette(Int)
    /// Grey, for what is there to compare with.
    case quiet
  }

  /// How much a series draws the eye.
  public enum Emphasis: Sendable, Hashable {
    /// As a line among few.
    case normal
    /// Thin and pale, for raw data behind a smoothed curve.
    case faint
  }

  /// What the series is called; empty for no place in the legend.
  public var name: String
  /// The data.
  public var content: Content
  /// Its colour.
  public var ink: Ink
  /// How much it draws the eye.
  public var emphasis: Emphasis

  /// A series from its parts.
  public init(_ name: String, _ content: Content, ink: Ink = .automatic, emphasis: Emphasis = .normal) {
    self.name = name
    self.content = content
    self.ink = ink
    self.emphasis = emphasis
  }
}

extension ChartSeries {
  /// Points joined in order.
  public static func line(
    _ name: String, _ points: [ChartPoint], ink: Ink = .automatic, emphasis: Emphasis = .normal
  ) -> ChartSeries {
    ChartSeries(name, .line(points), ink: ink, emphasis: emphasis)
  }

  /// Points joined in order.
  ///
  /// - Precondition: there are as many numbers in `x` as in `y`.
  public static func line(
    _ name: String, x: [Double], y: [Double], ink: Ink = .automatic, emphasis: Emphasis = .normal
  ) -> ChartSeries {
    precondition(x.count == y.count, "a line with \(x.count) places and \(y.count) values")
    return ChartSeries(name, .line(zip(x, y).map { ChartPoint($0, $1) }), ink: ink, emphasis: emphasis)
  }

  /// Points by themselves.
  public static func points(
    _ name: String, _ points: [ChartPoint], ink: Ink = .automatic, emphasis: Emphasis = .normal
  ) -> ChartSeries {
    ChartSeries(name, .points(points), ink: ink, emphasis: emphasis)
  }

  /// The area between a lower and an upper bound, such as a confidence band.
  public static func band(_ name: String, _ intervals: [ChartInterval], ink: Ink = .automatic) -> ChartSeries {
    ChartSeries(name, .band(intervals), ink: ink)
  }

  /// Bars.
  public static func bars(_ name: String, _ bars: [ChartBar], ink: Ink = .automatic) -> ChartSeries {
    ChartSeries(name, .bars(bars), ink: ink)
  }

  /// One bar for each category of the horizontal axis, in order.
  public static func bars(_ name: String, values: [Double], ink: Ink = .automatic) -> ChartSeries {
    ChartSeries(name, .bars(values.enumerated().map { ChartBar(category: $0, $1) }), ink: ink)
  }

  /// How many of `values` lie in each of `count` equally wide bins; values that are not finite are in none.
  public static func histogram(
    _ name: String, of values: [Double], bins count: Int = 30, ink: Ink = .automatic
  ) -> ChartSeries {
    ChartSeries(name, .bars(ChartBar.histogram(of: values, bins: count)), ink: ink)
  }

  /// A labelled line across the chart at one place of the horizontal axis.
  public static func verticalRule(_ label: String, at x: Double, ink: Ink = .quiet) -> ChartSeries {
    ChartSeries(label, .verticalRule(x), ink: ink)
  }

  /// A labelled line across the chart at one place of the vertical axis.
  public static func horizontalRule(_ label: String, at y: Double, ink: Ink = .quiet) -> ChartSeries {
    ChartSeries(label, .horizontalRule(y), ink: ink)
  }
}
