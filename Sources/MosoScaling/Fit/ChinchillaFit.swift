extension ChinchillaLaw {
  /// The law that describes finished runs best.
  ///
  /// - Parameters:
  ///   - runs: At least five, of different sizes on both sides.
  ///   - weights: How often each run counts; once where left out.
  ///   - threshold: The largest difference of logarithms whose square counts.
  /// - Returns: The law, and the sum of Huber's function over the runs.
  static func fit(
    _ runs: [TrainingRun], weights: [Double]? = nil, threshold: Double = 1e-3
  ) -> (law: ChinchillaLaw, objective: Double) {
    let weights = weights ?? Array(repeating: 1, count: runs.count)
    let starts = VariableProjection(runs: runs, weights: weights).starts(count: 6)
    return fit(runs, weights: weights, threshold: threshold, from: starts)
  }

  /// The same from given starts.
  static func fit(
    _ runs: [TrainingRun], weights: [Double], threshold: Double, from starts: [ChinchillaLaw]
  ) -> (law: ChinchillaLaw, objective: Double) {
    let objective = LogLossObjective<ChinchillaLaw>(runs: runs, weights: weights, threshold: threshold)
    let minimizer = NewtonMinimizer(value: objective.value(at:), gradient: objective.gradient(at:))
    var best = (law: starts[0], objective: Double.infinity)
    for start in starts {
      let found = minimizer.minimum(from: start.coordinates)
      if found.value < best.objective { best = (ChinchillaLaw(coordinates: found.place), found.value) }
    }
    return best
  }
}
