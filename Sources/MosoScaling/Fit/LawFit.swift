/// A law of any form, fitted to finished runs: what other forms than Chinchilla's say of the same runs.
public struct LawFit<Law: ScalingLaw>: Sendable {
  /// The law that describes the runs best.
  public let law: Law
  /// The sum of Huber's function over the runs.
  public let objective: Double
  /// For each run the logarithm of its loss less that of the law's.
  public let residuals: [Double]

  init(_ law: Law, objective: Double, runs: [MeasuredRun]) {
    self.law = law
    self.objective = objective
    residuals = runs.map { logarithm($0.loss) - law.logLoss(of: $0.size) }
  }

  /// The root of the mean square of the residuals: about the share by which a loss is missed.
  public var error: Double {
    (residuals.reduce(0) { $0 + $1 * $1 } / Double(max(residuals.count, 1))).squareRoot()
  }
}

extension ScalingLaw {
  /// The law of this form that describes runs best, among those that descents from `starts` end at.
  static func fit(
    _ runs: [MeasuredRun], weights: [Double], threshold: Double, from starts: [Self]
  ) -> (law: Self, objective: Double) {
    let objective = LogLossObjective<Self>(runs: runs, weights: weights, threshold: threshold)
    let minimizer = NewtonMinimizer(value: objective.value(at:), gradient: objective.gradient(at:))
    var best = (law: starts[0], objective: Double.infinity)
    for start in starts {
      let found = minimizer.minimum(from: start.coordinates)
      if found.value < best.objective { best = (Self(coordinates: found.place), found.value) }
    }
    return best
  }
}

extension KaplanLaw {
  /// Fits Kaplan's form, from a few exponents on both sides; for each of them the scales are such that either side alone would
  /// give the loss of a run in the middle.
  ///
  /// - Throws: `ScalingError` where the runs cannot determine a law.
  public static func fit(_ runs: [MeasuredRun], threshold: Double = 1e-3) throws(ScalingError) -> LawFit<KaplanLaw> {
    try ScalingError.check(runs)
    let middle = runs.sorted { $0.loss < $1.loss }[runs.count / 2]
    let exponents = [0.05, 0.1, 0.2, 0.4]
    let starts = exponents.flatMap { ofParameters in
      exponents.map { ofTokens in
        KaplanLaw(
          parameterScale: middle.size.parameters * exponential(logarithm(middle.loss) / ofParameters),
          tokenScale: middle.size.tokens * exponential(logarithm(middle.loss / 2) / ofTokens),
          parameterExponent: ofParameters, tokenExponent: ofTokens)
      }
    }
    let weights = Array(repeating: 1.0, count: runs.count)
    let found = fit(runs, weights: weights, threshold: threshold, from: starts)
    return LawFit(found.law, objective: found.objective, runs: runs)
  }
}

extension DataConstrainedLaw {
  /// Fits the law for runs that read tokens more than once, from the law of the runs that did not, or of all where those are
  /// too few.
  ///
  /// - Returns: `nil` where no run read a token twice: nothing is to be learned about repetition.
  /// - Throws: `ScalingError` where the runs cannot determine a law.
  public static func fit(
    _ runs: [MeasuredRun], threshold: Double = 1e-3
  ) throws(ScalingError) -> LawFit<DataConstrainedLaw>? {
    try ScalingError.check(runs)
    guard runs.contains(where: { $0.size.tokens > 1.01 * $0.size.uniqueTokens }) else { return nil }
    let single = runs.filter { $0.size.tokens <= 1.01 * $0.size.uniqueTokens }
    let fresh = ChinchillaLaw.fit((try? ScalingError.check(single)) == nil ? runs : single, threshold: threshold).law
    let starts = [3.0, 15, 60].flatMap { repetition in
      [3.0, 15].map { DataConstrainedLaw(fresh: fresh, repetitionDecay: repetition, excessDecay: $0) }
    }
    let weights = Array(repeating: 1.0, count: runs.count)
    let found = fit(runs, weights: weights, threshold: threshold, from: starts)
    return LawFit(found.law, objective: found.objective, runs: runs)
  }
}
