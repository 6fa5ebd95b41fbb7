/// The Chinchilla law for runs that read their tokens more than once: what a repetition is worth falls exponentially, and so does
/// what parameters beyond the best number for the different tokens are worth.
///
/// Muennighoff et al., "Scaling data-constrained language models" (2023), equations 5 to 7.
public struct DataConstrainedLaw: ScalingLaw, Hashable {
  /// The law for tokens that are all different.
  public var fresh: ChinchillaLaw
  /// R*_D: after about so many repetitions more of them are worth little.
  public var repetitionDecay: Double
  /// R*_N: the same for parameters beyond the best number.
  public var excessDecay: Double

  public static let constantNames = ChinchillaLaw.constantNames + ["R*_D", "R*_N"]

  public var constants: [Double] { fresh.constants + [repetitionDecay, excessDecay] }

  /// The law with these constants.
  public init(fresh: ChinchillaLaw, repetitionDecay: Double, excessDecay: Double) {
    self.fresh = fresh
    self.repetitionDecay = repetitionDecay
    self.excessDecay = excessDecay
  }

  /// Those of the Chinchilla law, then the logarithms of the two decays.
  public var coordinates: [Double] { fresh.coordinates + [logarithm(repetitionDecay), logarithm(excessDecay)] }

  public init(coordinates: [Double]) {
    self.init(
      fresh: ChinchillaLaw(coordinates: Array(coordinates.prefix(5))), repetitionDecay: exponential(coordinates[5]),
      excessDecay: exponential(coordinates[6]))
  }

  public func loss(of size: RunSize) -> Double { fresh.loss(of: worth(of: size)) }

  public func logLoss(of size: RunSize) -> Double { logarithm(loss(of: size)) }

  /// A run on different tokens only that has the same loss.
  public func worth(of size: RunSize) -> RunSize {
    let useful = min(size.parameters, bestParameters(tokens: size.uniqueTokens))
    return RunSize(
      parameters: Self.worth(of: size.parameters, useful: useful, decay: excessDecay),
      tokens: Self.worth(of: size.tokens, useful: size.uniqueTokens, decay: repetitionDecay))
  }

  /// The number of parameters for which so many different tokens are the best number.
  func bestParameters(tokens: Double) -> Double {
    let law = fresh
    let balance =
      (logarithm(law.parameterExponent * law.parameterScale) - logarithm(law.tokenExponent * law.tokenScale))
      / (law.parameterExponent + law.tokenExponent)
    return exponential(balance + (logarithm(tokens) + balance) * law.tokenExponent / law.parameterExponent)
  }

  private static func worth(of amount: Double, useful: Double, decay: Double) -> Double {
    let repetitions = max(0, amount / useful - 1)
    return useful * (1 + decay * (1 - exponential(-repetitions / decay)))
  }
}
