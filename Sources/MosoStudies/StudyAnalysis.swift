public import MosoScaling

/// What laws say of finished runs, and how they stand the test of the runs that were held out.
public struct StudyAnalysis: Sendable {
  /// A run that was held out, and what the law says of it.
  public struct Check: Sendable {
    /// The run.
    public var run: FinishedRun
    /// What the law says of a run of its size.
    public var prediction: LossPrediction

    /// How far the prediction is above the measured loss, as a share of it.
    public var error: Double { prediction.error(of: run.measured.loss) }
    /// Whether the measured loss is where nine in ten should be.
    public var isInside: Bool { prediction.interval.contains(run.measured.loss) }
  }

  /// The runs that laws were fitted to.
  public let runs: [FinishedRun]
  /// The third approach of Hoffmann et al.: the law, and how far it may be trusted.
  public let fit: ScalingFit
  /// Kaplan's form, fitted to the same runs.
  public let kaplan: LawFit<KaplanLaw>
  /// The law for repeated tokens, where some run read tokens again.
  public let repeated: LawFit<DataConstrainedLaw>?
  /// The second approach: the parabolas of runs that cost the same.
  public let profiles: [IsoFLOPProfile]
  /// The line through the lowest points of the parabolas, where there are two.
  public let profileFrontier: Frontier?
  /// The first approach: the best of all losses on the way, where curves are known.
  public let envelopeFrontier: Frontier?
  /// The runs that were held out.
  public let checks: [Check]
  /// The losses on the way.
  let curves: [LossEnvelope.Curve]

  /// Fits the laws.
  ///
  /// - Throws: `StudyError` where the runs do not determine a law.
  public init(_ collection: RunCollection) async throws(StudyError) {
    runs = collection.runs.filter { !$0.isHeldOut }
    curves = collection.curves
    let measured = runs.map(\.measured)
    do throws(ScalingError) {
      let fit = try await ScalingFit.fit(measured)
      self.fit = fit
      kaplan = try KaplanLaw.fit(measured)
      repeated = try DataConstrainedLaw.fit(measured)
      checks = collection.runs.filter(\.isHeldOut).map {
        Check(run: $0, prediction: LossPrediction($0.measured.size, by: fit))
      }
    } catch {
      throw .scaling(error, place: collection.place)
    }
    profiles = IsoFLOPProfile.all(of: measured)
    profileFrontier = Frontier(through: profiles.map { ($0.compute, $0.best) })
    envelopeFrontier = Frontier(through: LossEnvelope.best(of: collection.curves).map { ($0.compute, $0.size) })
  }

  /// The least loss that is possible, in nats a token, where it is known.
  public var leastLoss: Double? {
    let known = (runs + checks.map(\.run)).compactMap(\.leastLoss)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// How far the fitted irreducible loss is above the true one, as a share of it, where that is known.
  public var irreducibleError: Double? { leastLoss.map { fit.law.irreducible / $0 - 1 } }

  /// What a budget is best spent on, and what comes of it.
  ///
  /// - Parameter compute: Floating-point operations, at six for each parameter and token.
  public func best(compute: Double) -> BestRun {
    let size = fit.law.best(compute: compute)
    return BestRun(
      compute: compute, prediction: LossPrediction(size, by: fit),
      parameters: fit.interval { $0.best(compute: compute).parameters },
      tokens: fit.interval { $0.best(compute: compute).tokens })
  }
}

/// The best run for a budget.
public struct BestRun: Sendable, Hashable {
  /// The budget, in floating-point operations.
  public var compute: Double
  /// How large the run is, and what its loss should be.
  public var prediction: LossPrediction
  /// Where the best number of parameters lies with a probability of nine in ten.
  public var parameters: Interval
  /// Where the best number of tokens lies with a probability of nine in ten.
  public var tokens: Interval
}
