/// Runs that cost the same, and the parabola through their losses: the second of three approaches.
///
/// Hoffmann et al. (2022), section 3.2. Its lowest point is taken for the best size, which is biased wherever the two exponents of the
/// law differ, by more the wider the sizes are spread; `bias` says how much.
public struct IsoFLOPProfile: Sendable {
  /// What each of the runs cost, in floating-point operations.
  public let compute: Double
  /// The runs, from the smallest model on.
  public let runs: [MeasuredRun]
  /// The lowest point of the parabola.
  public let best: RunSize
  /// The loss there.
  public let loss: Double

  /// The parabola through the losses of runs at the logarithms of their parameters; `nil` for fewer than three different
  /// models, and where it does not open upwards.
  public init?(runs: [MeasuredRun]) {
    guard runs.count >= 3 else { return nil }
    let points = runs.map { (x: logarithm($0.size.parameters), y: $0.loss) }
    guard let parabola = Polynomial.fit(degree: 2, points), parabola.coefficients[2] > 0 else { return nil }
    let compute = exponential(runs.reduce(0) { $0 + logarithm($1.compute) } / Double(runs.count))
    let lowest = -parabola.coefficients[1] / (2 * parabola.coefficients[2])
    self.compute = compute
    self.runs = runs.sorted { $0.size.parameters < $1.size.parameters }
    let parameters = exponential(lowest)
    // Operations for a parameter and token as these runs had them: not all estimates count six.
    let cost = runs.reduce(0) { $0 + $1.compute / ($1.size.parameters * $1.size.tokens) } / Double(runs.count)
    best = RunSize(parameters: parameters, tokens: compute / (cost * parameters))
    loss = parabola(lowest)
  }

  /// The profiles of runs, those being together that cost the same within a fifth; the cheapest first.
  public static func all(of runs: [MeasuredRun]) -> [IsoFLOPProfile] {
    var groups: [[MeasuredRun]] = []
    for run in runs.sorted(by: { $0.compute < $1.compute }) {
      if let first = groups.last?.first, run.compute <= first.compute * 1.2 {
        groups[groups.count - 1].append(run)
      } else {
        groups.append([run])
      }
    }
    return groups.compactMap(IsoFLOPProfile.init(runs:))
  }

  /// How far the parabola's best number of parameters is from that of a law which the losses follow exactly, as a share:
  /// 0.05 where it is five percent above.
  public func bias(under law: ChinchillaLaw) -> Double? {
    let exact = runs.map { MeasuredRun(size: $0.size, loss: law.loss(of: $0.size), compute: $0.compute) }
    guard let profile = IsoFLOPProfile(runs: exact) else { return nil }
    return profile.best.parameters / law.best(compute: compute).parameters - 1
  }
}
