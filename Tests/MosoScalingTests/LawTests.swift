import MosoScaling
import Testing

@Suite("Laws say what their papers say")
struct LawTests {
  /// The constants that Epoch AI's 240 points have under the objective of Hoffmann et al. (2022).
  private let chinchilla = ChinchillaLaw(
    irreducible: 1.8172181, parameterScale: 477.82585, parameterExponent: 0.34731050, tokenScale: 2143.4174,
    tokenExponent: 0.36717243)

  /// The published constants of Muennighoff et al. (2023), of whose code the two losses are.
  private let repeated = DataConstrainedLaw(
    fresh: ChinchillaLaw(coordinates: [0.6254804, 6.255414, 7.3049974, 0.3526596, 0.3526596]),
    repetitionDecay: 15.387756, excessDecay: 5.309743)

  @Test(
    "the best size for a budget is the closed form's",
    arguments: [(1e21, 2.792e9, 5.970e10), (5.88e23, 7.397e10, 1.325e12)])
  func best(_ compute: Double, _ parameters: Double, _ tokens: Double) {
    let best = chinchilla.best(compute: compute)
    #expect((best.parameters / parameters - 1).magnitude < 5e-4)
    #expect((best.tokens / tokens - 1).magnitude < 5e-4)
    // No neighbour on the same budget is better.
    for factor in [0.9, 1.1] {
      let other = RunSize(parameters: best.parameters * factor, tokens: best.tokens / factor)
      #expect(chinchilla.loss(of: other) > chinchilla.loss(of: best))
    }
  }

  @Test("repeated tokens", arguments: [(6.34e9, 242e9, 2.2256440889984477), (8.67e9, 178e9, 2.2269634075087867)])
  func repetition(_ parameters: Double, _ tokens: Double, _ loss: Double) {
    let found = repeated.loss(of: RunSize(parameters: parameters, tokens: tokens, uniqueTokens: 25e9))
    #expect((found - loss).magnitude < 1e-12)
  }

  @Test("derivatives are those of the loss")
  func derivatives() {
    let size = RunSize(parameters: 3e7, tokens: 2e9)
    var gradient = [Double](repeating: 0, count: 5)
    _ = chinchilla.logLoss(of: size, gradient: &gradient)
    for index in gradient.indices {
      var above = chinchilla.coordinates, below = above
      above[index] += 1e-5
      below[index] -= 1e-5
      let difference =
        (ChinchillaLaw(coordinates: above).logLoss(of: size) - ChinchillaLaw(coordinates: below).logLoss(of: size))
        / 2e-5
      #expect((gradient[index] - difference).magnitude < 1e-7)
    }
  }

  @Test("a parabola puts the best size too high, by more the wider its points are spread")
  func bias() throws {
    // Noise-free losses of α = 0.34, β = 0.28: 0.3, 1.3, 3.0 and 5.3 percent were found independently for other spacings.
    let law = ChinchillaFitTests.laws[0]
    let best = law.best(compute: 1e21)
    var last = 0.0
    for width in 1...4 {
      let runs = (-4...4).map { place in
        let factor = ChinchillaFitTests.power(2, width).squareRoot(times: place, of: 4)
        return MeasuredRun(size: RunSize(parameters: best.parameters * factor, tokens: best.tokens / factor), loss: 1)
      }.map { MeasuredRun(size: $0.size, loss: law.loss(of: $0.size)) }
      let bias = try #require(IsoFLOPProfile(runs: runs)?.bias(under: law))
      #expect(bias > last && bias < 0.08, "\(bias) after \(last)")
      last = bias
    }
    #expect(last > 0.04)
  }
}

extension Double {
  /// `self` to the power `times / of`, with `of` a power of two.
  fileprivate func squareRoot(times: Int, of parts: Int) -> Double {
    var root = self
    var rest = parts
    while rest > 1 {
      root = root.squareRoot()
      rest /= 2
    }
    return ChinchillaFitTests.power(root, times)
  }
}
