/// A mark on an axis.
struct AxisTick: Equatable {
  /// Where it stands: 0 at the beginning of the axis, 1 at its end.
  var fraction: Double
  /// What is written at it; empty for a minor mark.
  var label: String
  /// Whether it is one of the marks that structure the axis.
  var isMajor: Bool
}

/// Chooses the marks of axes: steps of 1, 2 or 5 times a power of ten on linear ones, powers of ten on logarithmic
/// ones.
enum AxisTicks {
  /// The marks of an axis whose labels do not touch each other.
  ///
  /// - Parameters:
  ///   - length: the length of the axis in any unit.
  ///   - spacing: how far apart labelled marks should stand at least.
  ///   - gap: what has to be free between two labels.
  ///   - extent: what a label takes along the axis.
  static func fitting(
    _ scale: AxisScale, length: Double, spacing: Double, gap: Double, notation: NumberNotation,
    extent: (String) -> Double
  ) -> [AxisTick] {
    if case .categories(let names) = scale.axis.scale { return categories(names, scale) }
    guard scale.isKnown else { return [] }
    var ticks: [AxisTick] = []
    for count in stride(from: max(1, min(20, Int(length / spacing))), through: 1, by: -1) {
      ticks = Self.ticks(scale, count: count, notation: notation)
      if !overlap(ticks, length: length, gap: gap, extent: extent) { return ticks }
    }
    return thinned(ticks, length: length, gap: gap, extent: extent)
  }

  /// The marks of a numeric axis, of which about `count` are labelled.
  static func ticks(_ scale: AxisScale, count: Int, notation: NumberNotation) -> [AxisTick] {
    scale.axis.scale == .logarithmic
      ? logarithmic(scale, count: count, notation) : linear(scale, count: count, notation)
  }

  private static func categories(_ names: [String], _ scale: AxisScale) -> [AxisTick] {
    names.enumerated().map { index, name in
      AxisTick(fraction: scale.fraction(of: Double(index)) ?? 0, label: VisibleText.line(name), isMajor: true)
    }
  }

  private static func linear(_ scale: AxisScale, count: Int, _ notation: NumberNotation) -> [AxisTick] {
    let steps = steps(from: scale.lower, to: scale.upper, count: count)
    let labels = AxisLabels.linear(steps.values, stepExponent: steps.exponent, notation)
    return zip(steps.values, labels).map { value, label in
      AxisTick(fraction: scale.fraction(of: value) ?? 0, label: label, isMajor: true)
    }
  }

  /// Multiples of 1, 2 or 5 times a power of ten, of which at most about `count` lie between `lower` and `upper`.
  static func steps(from lower: Double, to upper: Double, count: Int) -> (values: [Double], exponent: Int) {
    let length = min((upper / 2 - lower / 2) / Double(max(1, count)) * 2, .greatestFiniteMagnitude)
    var rough = DecimalDigits(length).rounded(toDigits: 3)
    if rough.isZero { rough = DecimalDigits(.leastNormalMagnitude) }
    let leading = rough.digits.prefix(3).reduce((0.0, 1.0)) { ($0.0 + Double($1) * $0.1, $0.1 / 10) }.0
    let (factor, carry) = leading <= 1 ? (1.0, 0) : leading <= 2 ? (2, 0) : leading <= 5 ? (5, 0) : (1, 1)
    let exponent = rough.exponent + carry
    // Dividing by a power of ten gives the double nearest to 0.3, multiplying by its inverse does not.
    func value(_ index: Double) -> Double {
      exponent < 0 && exponent > -300
        ? index * factor / powerOfTen(-exponent) : index * factor * powerOfTen(exponent)
    }
    let step = value(1)
    guard step > 0, step.isFinite else { return ([], exponent) }
    let slack = 1e-6
    let first = (lower / step - slack).rounded(.up), last = (upper / step + slack).rounded(.down)
    guard last >= first, last - first <= 100 else { return ([], exponent) }
    return ((0...Int(last - first)).map { value(first + Double($0)) }, exponent)
  }

  private static func logarithmic(_ scale: AxisScale, count: Int, _ notation: NumberNotation) -> [AxisTick] {
    let slack = 1e-9
    let first = Int((decimalLogarithm(scale.lower) - slack).rounded(.up))
    let last = Int((decimalLogarithm(scale.upper) + slack).rounded(.down))
    let decades = Array(stride(from: first, through: last, by: 1))
    /// The multiples of powers of ten that lie on the axis, as digit and exponent.
    func multiples(_ digits: [Int]) -> [(digit: Int, exponent: Int)] {
      ((first - 1)...max(first - 1, last)).flatMap { exponent in digits.map { ($0, exponent) } }
        .filter {
          let value = Double($0.0) * powerOfTen($0.1)
          return value >= scale.lower * (1 - slack) && value <= scale.upper * (1 + slack)
        }
    }
    func tick(_ digit: Int, _ exponent: Int, label: String, isMajor: Bool) -> AxisTick {
      AxisTick(
        fraction: scale.fraction(of: Double(digit) * powerOfTen(exponent)) ?? 0, label: label, isMajor: isMajor)
    }
    func ticks(labelled: [(digit: Int, exponent: Int)], others: [(digit: Int, exponent: Int)]) -> [AxisTick] {
      let labels = AxisLabels.logarithmic(labelled, notation)
      return zip(labelled, labels).map { tick($0.digit, $0.exponent, label: $1, isMajor: true) }
        + others.filter { other in !labelled.contains { $0 == other } }
        .map { tick($0.digit, $0.exponent, label: "", isMajor: $0.digit == 1) }
    }
    let all = Array(1...9)
    if decades.count <= 2 {
      let few = multiples([1, 2, 5])
      if few.count >= 3, few.count <= count { return ticks(labelled: few, others: multiples(all)) }
      if decades.count == 2 { return ticks(labelled: decades.map { (1, $0) }, others: multiples(all)) }
      let many = multiples(all)
      if few.count < 3, many.count >= 3, many.count <= count { return ticks(labelled: many, others: []) }
      if few.count < 3 || decades.isEmpty { return linear(scale, count: count, notation) }
      return ticks(labelled: few, others: many)
    }
    let skip = max(1, (decades.count + count - 1) / max(1, count))
    let labelled = decades.filter { $0 % skip == 0 }.map { (digit: 1, exponent: $0) }
    let others = skip == 1 && decades.count <= 8 ? multiples(all) : skip <= 10 ? decades.map { (1, $0) } : []
    return ticks(labelled: labelled, others: others)
  }

  private static func overlap(
    _ ticks: [AxisTick], length: Double, gap: Double, extent: (String) -> Double
  ) -> Bool {
    let labelled = ticks.filter { !$0.label.isEmpty }.sorted { $0.fraction < $1.fraction }
    return zip(labelled, labelled.dropFirst()).contains { one, next in
      (next.fraction - one.fraction) * length < (extent(one.label) + extent(next.label)) / 2 + gap
    }
  }

  /// The marks without the labels that touch the one before them.
  private static func thinned(
    _ ticks: [AxisTick], length: Double, gap: Double, extent: (String) -> Double
  ) -> [AxisTick] {
    var result = ticks.sorted { $0.fraction < $1.fraction }
    var end = -Double.infinity
    for index in result.indices where !result[index].label.isEmpty {
      let half = extent(result[index].label) / 2
      let centre = result[index].fraction * length
      if centre - half < end + gap { result[index].label = "" } else { end = centre + half }
    }
    return result
  }
}
