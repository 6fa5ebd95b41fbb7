/// One value at one place of a chart.
public struct ChartPoint: Sendable, Hashable {
  /// The place on the horizontal axis, in that axis' unit.
  public var x: Double
  /// The value, in the unit of the vertical axis.
  public var y: Double
  /// The lower end of the value's interval, where it has one.
  public var lower: Double?
  /// The upper end of the value's interval, where it has one.
  public var upper: Double?
  /// What is said of the point when the pointer rests on it, besides its numbers; the name of a run, as a rule.
  public var note: String

  /// A point; one that is not finite leaves a gap.
  public init(_ x: Double, _ y: Double, lower: Double? = nil, upper: Double? = nil, note: String = "") {
    self.x = x
    self.y = y
    self.lower = lower
    self.upper = upper
    self.note = note
  }
}

/// A lower and an upper bound at one place of a chart.
public struct ChartInterval: Sendable, Hashable {
  /// The place on the horizontal axis, in that axis' unit.
  public var x: Double
  /// The lower bound, in the unit of the vertical axis.
  public var lower: Double
  /// The upper bound, in the unit of the vertical axis.
  public var upper: Double

  /// An interval; one that is not finite leaves a gap.
  public init(_ x: Double, lower: Double, upper: Double) {
    self.x = x
    self.lower = lower
    self.upper = upper
  }
}

/// One bar of a chart.
public struct ChartBar: Sendable, Hashable {
  /// Where the bar begins on the horizontal axis.
  public var start: Double
  /// Where the bar ends on the horizontal axis.
  public var end: Double
  /// How high the bar is, in the unit of the vertical axis.
  public var value: Double
  /// What is said of the bar when the pointer rests on it, besides its numbers.
  public var note: String

  /// A bar over a part of the horizontal axis.
  public init(from start: Double, to end: Double, _ value: Double, note: String = "") {
    self.start = start
    self.end = end
    self.value = value
    self.note = note
  }

  /// The bar of the category with the given number, counted from 0.
  public init(category: Int, _ value: Double, note: String = "") {
    self.init(from: Double(category) - 0.38, to: Double(category) + 0.38, value, note: note)
  }

  static func histogram(of values: [Double], bins count: Int) -> [ChartBar] {
    let values = values.filter(\.isFinite)
    guard let lowest = values.min(), let highest = values.max() else { return [] }
    let count = min(max(1, count), 1000)
    // All alike: one bin around the one value, as wide as its size suggests.
    let isConstant = lowest == highest
    let margin = lowest == 0 ? 0.5 : lowest.magnitude * 0.05
    let first = isConstant ? lowest - margin : lowest
    // Halves keep the range of the largest numbers finite.
    let width = isConstant ? 2 * margin : (highest / 2 - lowest / 2) / Double(count) * 2
    guard width > 0, width.isFinite, first.isFinite else { return [] }
    var counts = [Int](repeating: 0, count: isConstant ? 1 : count)
    for value in values {
      counts[min(counts.count - 1, max(0, Int((value / 2 - first / 2) / width * 2)))] += 1
    }
    return counts.enumerated().map { index, found in
      ChartBar(
        from: first + Double(index) * width,
        to: index + 1 == counts.count && !isConstant ? highest : first + Double(index + 1) * width, Double(found))
    }
  }
}
