/// How the best size of a run grows with its budget: `N = n C^a` and `D = d C^b`, straight lines between logarithms.
public struct Frontier: Sendable, Hashable {
  /// a: how the best number of parameters grows with compute.
  public var parametersExponent: Double
  /// The logarithm of the best number of parameters for one operation.
  public var parametersOffset: Double
  /// b: how the best number of tokens grows with compute.
  public var tokensExponent: Double
  /// The logarithm of the best number of tokens for one operation.
  public var tokensOffset: Double

  /// The best size for a budget in floating-point operations.
  public func best(compute: Double) -> RunSize {
    let budget = logarithm(compute)
    return RunSize(
      parameters: exponential(parametersOffset + parametersExponent * budget),
      tokens: exponential(tokensOffset + tokensExponent * budget))
  }

  /// The line through the best sizes that were found at some budgets; `nil` for fewer than two.
  public init?(through best: [(compute: Double, size: RunSize)]) {
    let budgets = best.map { logarithm($0.compute) }
    func line(_ amount: (RunSize) -> Double) -> Polynomial? {
      Polynomial.fit(degree: 1, zip(budgets, best).map { (x: $0, y: logarithm(amount($1.size))) })
    }
    guard let parameters = line(\.parameters), let tokens = line(\.tokens) else { return nil }
    (parametersOffset, parametersExponent) = (parameters.coefficients[0], parameters.coefficients[1])
    (tokensOffset, tokensExponent) = (tokens.coefficients[0], tokens.coefficients[1])
  }
}
