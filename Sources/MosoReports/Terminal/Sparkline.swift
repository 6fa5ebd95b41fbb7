/// Values as a line of small bars: ▁▂▄█.
public enum Sparkline {
  static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let letters: [Character] = ["_", ".", ",", "-", "=", "+", "*", "#"]

  /// Values in order, one column each; more values than `columns` are averaged in groups.
  ///
  /// The lowest bar is the smallest value and the highest the largest, or `lower` and `upper` where they are given. A
  /// value that is not finite leaves a space.
  ///
  /// - Parameters:
  ///   - values: what is shown.
  ///   - columns: how many columns the line may take; as many as there are values unless given.
  ///   - lower: the value of the lowest bar.
  ///   - upper: the value of the highest bar.
  ///   - isUTF8: whether the terminal reads UTF-8; without it bars are letters.
  public static func text(
    _ values: [Double], columns: Int? = nil, lower: Double? = nil, upper: Double? = nil, isUTF8: Bool = true
  ) -> String {
    let count = min(values.count, max(0, columns ?? values.count))
    let groups = (0..<count).map { column in
      let first = values.count * column / count, last = values.count * (column + 1) / count
      return mean(values[first..<last].filter(\.isFinite))
    }
    let shown = groups.compactMap(\.self)
    let lowest = lower.flatMap { $0.isFinite ? $0 : nil } ?? shown.min() ?? 0
    let highest = upper.flatMap { $0.isFinite ? $0 : nil } ?? shown.max() ?? 0
    let signs = isUTF8 ? blocks : letters
    return String(
      groups.map { value -> Character in
        guard let value else { return " " }
        // All alike: in the middle, for nobody knows whether that is high or low.
        guard highest > lowest else { return signs[3] }
        let part = min(max((value / 2 - lowest / 2) / (highest / 2 - lowest / 2), 0), 1)
        return signs[min(7, Int(part * 8))]
      })
  }

  /// The mean, also where the sum would overflow; `nil` of nothing.
  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0) { $0 + $1 / Double(values.count) }
  }
}
