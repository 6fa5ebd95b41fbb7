import MosoScaling
import Testing

@Suite("Fitting finds the law that made the losses")
struct ChinchillaFitTests {
  /// Eight sizes at each of sixteen budgets, around the best.
  static func sizes(_ law: ChinchillaLaw) -> [RunSize] {
    (0..<16).flatMap { step in
      let best = law.best(compute: 1e18 * power(2, step))
      return (-4..<4).map { place in
        let factor = power(1.5, place)
        return RunSize(parameters: best.parameters * factor, tokens: best.tokens / factor)
      }
    }
  }

  static func power(_ base: Double, _ exponent: Int) -> Double {
    exponent < 0 ? 1 / power(base, -exponent) : (0..<exponent).reduce(1) { product, _ in product * base }
  }

  static let laws = [
    ChinchillaLaw(
      irreducible: 1.69, parameterScale: 406.4, parameterExponent: 0.34, tokenScale: 410.7, tokenExponent: 0.28),
    ChinchillaLaw(
      irreducible: 1.8172, parameterScale: 477.8, parameterExponent: 0.3473, tokenScale: 2143, tokenExponent: 0.3672),
    ChinchillaLaw(
      irreducible: 0.9, parameterScale: 20, parameterExponent: 0.7, tokenScale: 5_000, tokenExponent: 0.5),
  ]

  @Test("all five constants to a ten-thousandth, from losses without noise", arguments: laws)
  func recovers(_ law: ChinchillaLaw) async throws {
    let runs = Self.sizes(law).map { MeasuredRun(size: $0, loss: law.loss(of: $0)) }
    let fit = try await ScalingFit.fit(runs, replicates: 0)
    for (name, (found, expected)) in zip(ChinchillaLaw.constantNames, zip(fit.law.constants, law.constants)) {
      #expect((found / expected - 1).magnitude < 1e-4, "\(name) is \(found), not \(expected)")
    }
  }

  @Test("and its intervals hold the truth as often as they say")
  func covers() async throws {
    let law = Self.laws[0]
    let sizes = [1e18, 4e18, 1.6e19, 6.4e19].flatMap { compute in
      let best = law.best(compute: compute)
      return [0.25, 0.5, 1, 2, 4].map { RunSize(parameters: best.parameters * $0, tokens: best.tokens / $0) }
    }
    let further = law.best(compute: 1e21)
    var noise = Noise(state: 11)
    var covered = [0, 0, 0]
    let trials = 120
    for _ in 0..<trials {
      let runs = sizes.map { MeasuredRun(size: $0, loss: law.loss(of: $0) * (1 + 0.003 * noise.normal())) }
      let fit = try await ScalingFit.fit(runs, threshold: 1e-2, replicates: 100)
      if fit.interval(0.9, of: \.irreducible).contains(law.irreducible) { covered[0] += 1 }
      let sizeInterval = fit.interval(0.9) { $0.best(compute: 1e21).parameters }
      if sizeInterval.contains(further.parameters) { covered[1] += 1 }
      let measured = law.loss(of: further) * (1 + 0.003 * noise.normal())
      if fit.interval(0.9, ofLossAt: further).contains(measured) { covered[2] += 1 }
    }
    // Nine tenths of 120, give or take three standard deviations of so many trials; wider intervals are no fault of ours.
    for count in covered { #expect(count >= 98, "\(covered) of \(trials)") }
    #expect(covered[2] <= 118, "\(covered) of \(trials)")
  }
}

/// Sums of twelve uniform numbers: near enough to normal ones.
struct Noise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
  }

  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
  }
}
