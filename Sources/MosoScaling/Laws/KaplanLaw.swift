/// `L(N, D) = ((N_c / N)^(α_N / α_D) + D_c / D)^α_D`, which goes to nothing with more of both.
///
/// Kaplan et al., "Scaling laws for neural language models" (2020), equation 1.5; their `N` leaves out embeddings.
public struct KaplanLaw: ScalingLaw, Hashable {
  /// N_c: parameters that alone would give a loss of one nat.
  public var parameterScale: Double
  /// D_c: tokens that alone would give a loss of one nat.
  public var tokenScale: Double
  /// α_N: how fast the loss falls with parameters.
  public var parameterExponent: Double
  /// α_D: how fast the loss falls with tokens.
  public var tokenExponent: Double

  public static let constantNames = ["N_c", "D_c", "α_N", "α_D"]

  public var constants: [Double] { [parameterScale, tokenScale, parameterExponent, tokenExponent] }

  /// The law with these constants.
  public init(parameterScale: Double, tokenScale: Double, parameterExponent: Double, tokenExponent: Double) {
    self.parameterScale = parameterScale
    self.tokenScale = tokenScale
    self.parameterExponent = parameterExponent
    self.tokenExponent = tokenExponent
  }

  /// The logarithms of the constants.
  public var coordinates: [Double] { constants.map(logarithm) }

  public init(coordinates: [Double]) {
    self.init(
      parameterScale: exponential(coordinates[0]), tokenScale: exponential(coordinates[1]),
      parameterExponent: exponential(coordinates[2]), tokenExponent: exponential(coordinates[3]))
  }

  public func logLoss(of size: RunSize) -> Double {
    let ofParameters =
      parameterExponent / tokenExponent * (logarithm(parameterScale) - logarithm(size.parameters))
    let ofTokens = logarithm(tokenScale) - logarithm(size.tokens)
    let larger = max(ofParameters, ofTokens)
    return tokenExponent * (larger + logarithm(exponential(ofParameters - larger) + exponential(ofTokens - larger)))
  }
}
