/// `L(N, D) = E + A / N^α + B / D^β`: the loss that no model gets below, and what a finite model and finite data add to it.
///
/// Hoffmann et al., "Training compute-optimal large language models" (2022), equation 2.
public struct ChinchillaLaw: ScalingLaw, Hashable {
  /// What remains with any number of parameters and tokens, in nats a token: the entropy of the text.
  public var irreducible: Double
  /// A: what one parameter alone would add, in nats.
  public var parameterScale: Double
  /// α: how fast that falls with parameters.
  public var parameterExponent: Double
  /// B: what one token alone would add, in nats.
  public var tokenScale: Double
  /// β: how fast that falls with tokens.
  public var tokenExponent: Double

  public static let constantNames = ["E", "A", "B", "α", "β"]

  public var constants: [Double] { [irreducible, parameterScale, tokenScale, parameterExponent, tokenExponent] }

  /// The law with these constants.
  public init(
    irreducible: Double, parameterScale: Double, parameterExponent: Double, tokenScale: Double, tokenExponent: Double
  ) {
    self.irreducible = irreducible
    self.parameterScale = parameterScale
    self.parameterExponent = parameterExponent
    self.tokenScale = tokenScale
    self.tokenExponent = tokenExponent
  }

  /// `log E`, `log A`, `log B`, `α`, `β`.
  public var coordinates: [Double] {
    [
      logarithm(irreducible), logarithm(parameterScale), logarithm(tokenScale), parameterExponent, tokenExponent,
    ]
  }

  public init(coordinates: [Double]) {
    self.init(
      irreducible: exponential(coordinates[0]), parameterScale: exponential(coordinates[1]),
      parameterExponent: coordinates[3], tokenScale: exponential(coordinates[2]), tokenExponent: coordinates[4])
  }

  public func loss(of size: RunSize) -> Double {
    irreducible + parameterScale * exponential(-parameterExponent * logarithm(size.parameters))
      + tokenScale * exponential(-tokenExponent * logarithm(size.tokens))
  }

  public func logLoss(of size: RunSize) -> Double { logarithm(loss(of: size)) }

  public func logLoss(of size: RunSize, gradient: inout [Double]) -> Double {
    let logParameters = logarithm(size.parameters)
    let logTokens = logarithm(size.tokens)
    let ofParameters = parameterScale * exponential(-parameterExponent * logParameters)
    let ofTokens = tokenScale * exponential(-tokenExponent * logTokens)
    let loss = irreducible + ofParameters + ofTokens
    gradient[0] = irreducible / loss
    gradient[1] = ofParameters / loss
    gradient[2] = ofTokens / loss
    gradient[3] = -logParameters * ofParameters / loss
    gradient[4] = -logTokens * ofTokens / loss
    return logarithm(loss)
  }
}

extension ChinchillaLaw {
  /// The size with the least loss that `compute` floating-point operations pay for, at six for each parameter and token.
  ///
  /// In closed form: `N = G (C/6)^(β/(α+β))` with `G = (αA / βB)^(1/(α+β))`.
  public func best(compute: Double) -> RunSize {
    let sum = parameterExponent + tokenExponent
    let balance = (logarithm(parameterExponent * parameterScale) - logarithm(tokenExponent * tokenScale)) / sum
    let budget = logarithm(compute / 6)
    let parameters = exponential(balance + budget * tokenExponent / sum)
    return RunSize(parameters: parameters, tokens: compute / 6 / parameters)
  }

  /// `a` in `N ∝ C^a`: how the best number of parameters grows with the budget.
  public var bestParametersExponent: Double { tokenExponent / (parameterExponent + tokenExponent) }
}
