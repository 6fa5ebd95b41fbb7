extension ChinchillaLaw {
  /// The law that describes finished runs best.
  ///
  /// - Parameters:
  ///   - runs: At least five, of different sizes on both sides.
  ///   - weights: How often each run counts; once where left out.
  ///   - threshold: The largest difference of logarithms whose square counts.
  /// - Returns: The law, and the sum of Huber's function over the runs.
  static func fit(
    _ runs: [MeasuredRun], weights: [Double]? = nil, threshold: Double = 1e-3
  ) -> (law: ChinchillaLaw, objective: Double) {
    let weights = weights ?? Array(repeating: 1, count: runs.count)
    let starts = VariableProjection(runs: runs, weights: weights).starts(count: 6)
    return fit(runs, weights: weights, threshold: threshold, from: starts)
  }
}
