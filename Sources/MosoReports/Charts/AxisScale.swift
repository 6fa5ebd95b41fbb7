/// An axis with its ends: where on it a value lies.
struct AxisScale {
  let axis: ChartAxis
  /// The value at the beginning of the axis.
  let lower: Double
  /// The value at the end of the axis; above `lower`.
  let upper: Double
  /// Whether the ends mean anything: data or the axis itself have set them.
  let isKnown: Bool

  /// The smallest and the largest of values that have a place on an axis.
  struct Extent {
    var lowest: Double
    var highest: Double

    init(_ value: Double) {
      lowest = value
      highest = value
    }

    mutating func include(_ value: Double) {
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
  }

  /// Chooses the ends.
  ///
  /// - Parameters:
  ///   - extent: the data's; `nil` for no data.
  ///   - margin: how much of the axis stays free at both ends, as a part of what the data take.
  ///   - includesZero: whether a linear axis begins or ends at zero where it would not reach it.
  init(_ axis: ChartAxis, extent: Extent?, margin: Double, includesZero: Bool = false) {
    self.axis = axis
    isKnown = extent != nil || (axis.lower != nil && axis.upper != nil) || axis.isCategorical
    switch axis.scale {
    case .categories(let names):
      lower = -0.5
      upper = Double(max(1, names.count)) - 0.5
    case .linear:
      let ends = Self.linearEnds(extent ?? Extent(0.5), hasData: extent != nil, margin: margin, includesZero)
      (lower, upper) = Self.ends(ends, fixed: axis.lower.filtered(\.isFinite), axis.upper.filtered(\.isFinite)) {
        max($0.magnitude * 0.1, 1)
      }
    case .logarithmic:
      let extent = extent ?? Extent(1)
      var ends = (extent.lowest, extent.highest)
      if extent.highest / extent.lowest <= 1 + 1e-9 {
        ends = (extent.lowest / 2, min(extent.highest * 2, .greatestFiniteMagnitude))
      } else {
        let room = margin * (decimalLogarithm(extent.highest) - decimalLogarithm(extent.lowest))
        let factor = powerOfTen(min(room, 3))
        ends = (extent.lowest / factor, min(extent.highest * factor, .greatestFiniteMagnitude))
      }
      ends.0 = max(ends.0, .leastNormalMagnitude)
      if ends.1 <= ends.0 { ends.1 = ends.0 * 2 }
      func valid(_ value: Double) -> Bool { value.isFinite && value >= .leastNormalMagnitude }
      (lower, upper) = Self.ends(ends, fixed: axis.lower.filtered(valid), axis.upper.filtered(valid)) {
        min($0 * 0.9, 1e300)
      }
    }
  }

  /// The ends of a linear axis over `extent`: with room around the data, but not beyond zero where no datum is.
  private static func linearEnds(
    _ extent: Extent, hasData: Bool, margin: Double, _ includesZero: Bool
  ) -> (Double, Double) {
    guard hasData else { return (0, 1) }
    var lowest = extent.lowest, highest = extent.highest
    if includesZero {
      lowest = min(lowest, 0)
      highest = max(highest, 0)
    }
    let size = max(lowest.magnitude, highest.magnitude)
    let isConstant = highest / 2 - lowest / 2 <= max(size * 1e-10, shortest)
    // One step, one epoch: whole numbers get neighbours that are whole.
    let isWhole = lowest == lowest.rounded() && size < 10
    let room = isConstant ? (isWhole ? 1 : max(size * 0.1, 2 * shortest)) : (highest / 2 - lowest / 2) * (2 * margin)
    let limit = Double.greatestFiniteMagnitude
    let first = max(lowest - room, -limit), last = min(highest + room, limit)
    return (
      lowest >= 0 && first < 0 && !(isConstant && size == 0) ? 0 : first,
      highest <= 0 && last > 0 && !(isConstant && size == 0) ? 0 : last
    )
  }

  /// Puts given ends in the place of the data's; where one lies beyond all data the other follows, at `distance` from
  /// it.
  private static func ends(
    _ data: (Double, Double), fixed lower: Double?, _ upper: Double?, distance: (Double) -> Double
  ) -> (Double, Double) {
    var (first, last) = (lower ?? data.0, upper ?? data.1)
    if !areApart(first, last) {
      switch (lower, upper) {
      case (let lower?, nil): last = lower + distance(lower)
      case (nil, let upper?): first = upper - distance(upper)
      default: (first, last) = data
      }
    }
    return areApart(first, last) ? (first, last) : data
  }

  /// Half the length of the shortest linear axis.
  private static let shortest = 1e-300

  /// Whether numbers between two ends can be told apart well enough for an axis.
  private static func areApart(_ first: Double, _ last: Double) -> Bool {
    let length = last / 2 - first / 2
    return length.isFinite && length > max(first.magnitude, last.magnitude) * 1e-12 && length > shortest / 2
  }

  /// Whether `value` has a place on the axis, visible or beyond its ends.
  func holds(_ value: Double) -> Bool {
    value.isFinite && (axis.scale != .logarithmic || value > 0)
  }

  /// Where `value` lies: 0 at the beginning of the axis, 1 at its end, and at most 10,000 lengths from it.
  ///
  /// `nil` for a value that has no place: one that is not finite, or not positive on a logarithmic axis.
  func fraction(of value: Double) -> Double? {
    guard holds(value) else { return nil }
    let fraction: Double
    if axis.scale == .logarithmic {
      let first = decimalLogarithm(lower)
      fraction = (decimalLogarithm(value) - first) / (decimalLogarithm(upper) - first)
    } else {
      // Halves keep the differences of the largest numbers finite.
      fraction = (value / 2 - lower / 2) / (upper / 2 - lower / 2)
    }
    return min(max(fraction, -10_000), 10_000)
  }
}

extension Optional {
  /// The value if it passes `test`.
  fileprivate func filtered(_ test: (Wrapped) -> Bool) -> Wrapped? {
    flatMap { test($0) ? $0 : nil }
  }
}
