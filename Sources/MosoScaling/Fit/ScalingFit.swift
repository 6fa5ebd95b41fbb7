import MosoRandom

/// A fitted law, and how far it may be trusted.
public struct ScalingFit: Sendable {
  /// The law that describes the runs best.
  public let law: ChinchillaLaw
  /// The sum of Huber's function over the runs.
  public let objective: Double
  /// The runs.
  public let runs: [MeasuredRun]
  /// For each run the logarithm of its loss less that of the law's.
  public let residuals: [Double]
  /// Laws that were fitted to runs as they might have come out too.
  public let replicates: [ChinchillaLaw]
  /// Differences of logarithms as a further run may have them.
  let noise: [Double]

  /// Fits the law to finished runs, and again to `replicates` sets of runs that came out a little different.
  ///
  /// The sets have the same sizes, and losses that differ from the law's by differences that were drawn from those found
  /// (Efron's bootstrap of residuals). As five constants have been fitted to them, those are smaller than the next run's; they are
  /// enlarged by what that comes to on average.
  ///
  /// - Parameters:
  ///   - runs: At least six, of different sizes on both sides.
  ///   - threshold: The largest difference of logarithms whose square counts.
  ///   - seed: Makes the drawing repeatable.
  /// - Throws: `ScalingError` where the runs cannot determine a law.
  public static func fit(
    _ runs: [MeasuredRun], threshold: Double = 1e-3, replicates count: Int = 400, seed: UInt64 = 0
  ) async throws(ScalingError) -> ScalingFit {
    try ScalingError.check(runs)
    let weights = Array(repeating: 1.0, count: runs.count)
    let starts = VariableProjection(runs: runs, weights: weights).starts(count: 6)
    let found = ChinchillaLaw.fit(runs, weights: weights, threshold: threshold, from: starts)
    let residuals = runs.map { logarithm($0.loss) - found.law.logLoss(of: $0.size) }
    let spare = Double(runs.count) / Double(runs.count - ChinchillaLaw.constantNames.count)
    let mean = residuals.reduce(0, +) / Double(residuals.count)
    let noise = residuals.map { ($0 - mean) * spare.squareRoot() }
    let replicates = await withTaskGroup(of: (Int, ChinchillaLaw).self) { group in
      for index in 0..<count {
        group.addTask {
          var generator = RandomNumbers(seed: seed, stream: UInt64(index))
          let drawn = runs.map { run in
            let difference = noise.randomElement(using: &generator) ?? 0
            return MeasuredRun(
              size: run.size, loss: exponential(found.law.logLoss(of: run.size) + difference), compute: run.compute)
          }
          // The hollows of the losses as they were are near those of losses that came out a little different.
          let near = [found.law] + starts.prefix(2)
          return (index, ChinchillaLaw.fit(drawn, weights: weights, threshold: threshold, from: near).law)
        }
      }
      var laws: [(Int, ChinchillaLaw)] = []
      for await law in group { laws.append(law) }
      return laws.sorted { $0.0 < $1.0 }.map(\.1)
    }
    return ScalingFit(
      law: found.law, objective: found.objective, runs: runs, residuals: residuals, replicates: replicates, noise: noise
    )
  }

  /// The root of the mean square of the residuals: about the share by which a loss is missed.
  public var error: Double {
    (residuals.reduce(0) { $0 + $1 * $1 } / Double(max(residuals.count, 1))).squareRoot()
  }

  /// Where a number that follows from the law lies with probability `level`.
  public func interval(_ level: Double = 0.9, of number: (ChinchillaLaw) -> Double) -> Interval {
    Interval(level: level, of: replicates.map(number))
  }

  /// Where the loss of a further run lies with probability `level`: how far the law may be wrong there, and how far runs
  /// differ from it.
  public func interval(_ level: Double = 0.9, ofLossAt size: RunSize) -> Interval {
    Interval(
      level: level,
      of: replicates.flatMap { law in
        let logLoss = law.logLoss(of: size)
        return noise.map { exponential(logLoss + $0) }
      })
  }
}
