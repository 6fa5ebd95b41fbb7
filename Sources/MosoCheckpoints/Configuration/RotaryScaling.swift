import MosoModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How rotary frequencies are changed to reach further than the context a model was first trained on.
enum RotaryScaling {
  case none
  /// Positions divided by `factor`.
  case linear(factor: Double)
  /// Llama 3.1: slow pairs slowed by `factor`, fast ones left alone, those between blended.
  case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContextLength: Int)
  /// YaRN (Peng et al., 2023): as Llama 3.1, but with the blend linear in the pair's number.
  case yarn(YaRN)
  /// LongRoPE (Ding et al., 2024): one searched divisor for each pair, for short and for long contexts.
  case longRope(short: [Double], long: [Double], amplitude: Double, originalContextLength: Int)
  /// A divisor for each pair, worked out when the file was made.
  case divisors([Double])
}

/// What a rotary table is worked out from.
struct RotarySettings {
  var base: Double
  /// How many elements of each head turn.
  var dimensions: Int
  var scaling: RotaryScaling

  func plan(pairing: RotaryPlan.Pairing) -> RotaryPlan {
    scaling.plan(base: base, dimensions: dimensions, pairing: pairing)
  }
}

/// The parameters of YaRN.
struct YaRN {
  var factor: Double
  var originalContextLength: Int
  var fastRotations = 32.0
  var slowRotations = 1.0
  /// Whether the ends of the blend are rounded outwards to whole pairs.
  var roundsEnds = true
  /// How much of the unscaled frequencies is blended in: 1 in every published model.
  var extrapolation = 1.0
  var amplitude: Double

  /// The factor on the rotated values that the paper recommends: 0.1 · ln(factor) + 1.
  static func recommendedAmplitude(factor: Double, multiplier: Double = 1) -> Double {
    factor <= 1 ? 1 : 0.1 * multiplier * log(factor) + 1
  }
}

extension RotaryScaling {
  /// The factor on the rotated values that LongRoPE recommends for a context `factor` times as long.
  static func longRopeAmplitude(factor: Double, originalContextLength: Int) -> Double {
    factor <= 1 ? 1 : (1 + log(factor) / log(Double(originalContextLength))).squareRoot()
  }

  /// The rotary table of a base and this scaling.
  ///
  /// - Precondition: `dimensions` is even, and lists of divisors have one for each pair.
  func plan(base: Double, dimensions: Int, pairing: RotaryPlan.Pairing) -> RotaryPlan {
    let plain = (0..<dimensions / 2).map { pow(base, -Double(2 * $0) / Double(dimensions)) }
    func plan(_ frequencies: [Double], amplitude: Double = 1) -> RotaryPlan {
      RotaryPlan(
        pairing: pairing, dimensions: dimensions, frequencies: frequencies.map { Float($0) },
        amplitude: Float(amplitude))
    }
    switch self {
    case .none: return plan(plain)
    case .linear(let factor): return plan(plain.map { $0 / factor })
    case .divisors(let divisors): return plan(zip(plain, divisors).map { $0 / $1 })
    case .llama3(let factor, let low, let high, let length):
      return plan(plain.map { Self.llama3($0, factor: factor, low: low, high: high, length: Double(length)) })
    case .yarn(let yarn):
      return plan(yarn.frequencies(plain, base: base, dimensions: dimensions), amplitude: yarn.amplitude)
    case .longRope(let short, let long, let amplitude, let length):
      var result = plan(zip(plain, short).map { $0 / $1 }, amplitude: amplitude)
      result.longFrequencies = zip(plain, long).map { Float($0 / $1) }
      result.originalContextLength = length
      return result
    }
  }

  private static func llama3(
    _ frequency: Double, factor: Double, low: Double, high: Double, length: Double
  ) -> Double {
    let wavelength = 2 * Double.pi / frequency
    if wavelength < length / high { return frequency }
    if wavelength > length / low { return frequency / factor }
    let smooth = (length / wavelength - low) / (high - low)
    return (1 - smooth) * frequency / factor + smooth * frequency
  }
}

extension YaRN {
  fileprivate func frequencies(_ plain: [Double], base: Double, dimensions: Int) -> [Double] {
    /// The pair that turns `rotations` times within the original context, as a real number.
    func pair(turning rotations: Double) -> Double {
      Double(dimensions) * log(Double(originalContextLength) / (rotations * 2 * .pi)) / (2 * log(base))
    }
    var first = pair(turning: fastRotations)
    var last = pair(turning: slowRotations)
    if roundsEnds {
      first.round(.down)
      last.round(.up)
    }
    first = max(first, 0)
    last = min(last, Double(dimensions - 1))
    let span = first == last ? 0.001 : last - first
    return plain.enumerated().map { index, frequency in
      let ramp = min(max((Double(index) - first) / span, 0), 1)
      let unscaled = (1 - ramp) * extrapolation
      return frequency / factor * (1 - unscaled) + frequency * unscaled
    }
  }
}
