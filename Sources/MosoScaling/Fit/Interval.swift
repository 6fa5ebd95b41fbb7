/// A range that holds a value with a stated probability.
public struct Interval: Sendable, Hashable {
  /// Its lower end.
  public var lower: Double
  /// Its upper end.
  public var upper: Double

  /// Whether the value lies in it.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// The range that leaves out as many of the values on both sides, `level` of them being inside.
  init(level: Double, of values: [Double]) {
    let sorted = values.filter { !$0.isNaN }.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
      // Infinities have no points between them.
      if sorted[below] == sorted[below + 1] { return sorted[below] }
      return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }
    lower = quantile((1 - level) / 2)
    upper = quantile((1 + level) / 2)
  }
}
