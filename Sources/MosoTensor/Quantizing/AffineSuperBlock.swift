/// Quantises 256 values to Q4_K or Q5_K: eight groups of 32, each with a scale and a minimum of 6 bits, which are
/// multiples of two halves.
///
/// Each group is fitted alone first. Then its 6-bit numbers are moved to whatever neighbours fit best with the codes
/// they lead to, and at last the two halves themselves to what suits everything chosen so far.
@safe
struct AffineSuperBlock {
  typealias Values = ThirtyTwoFloats

  private let values: UnsafePointer<Float>
  /// The largest code: 15 or 31.
  private let most: Int32
  /// The two halves: what scales and minima are multiples of.
  private var scaleUnit: Float = 0
  private var minimumUnit: Float = 0
  /// Whole numbers from 0 to 63, and the error that each pair leaves.
  private var scales = SIMD8<Float>()
  private var minima = SIMD8<Float>()
  private var errors = SIMD8<Float>()

  private static let largest: Float = 63

  init(_ values: UnsafePointer<Float>, most: Int32) {
    unsafe self.values = values
    self.most = most
    var ideal = (scales: SIMD8<Float>(), minima: SIMD8<Float>())
    for group in 0..<8 {
      let x = self.group(group)
      let fit = AffineFit(x, weights: x.importance, codesTo: most, isBelowZero: true)
      ideal.scales[group] = fit.scale
      ideal.minima[group] = -fit.offset
    }
    scaleUnit = FloatRounding.half(ideal.scales.max() / Self.largest)
    minimumUnit = FloatRounding.half(ideal.minima.max() / Self.largest)
    for group in 0..<8 {
      scales[group] = Self.whole(ideal.scales[group], unit: scaleUnit)
      minima[group] = Self.whole(ideal.minima[group], unit: minimumUnit)
    }
    settleGroups()
    settleUnits()
  }

  /// Fits the two halves to the groups and the groups to the halves, as long as the error falls.
  private mutating func settleUnits() {
    for _ in 0..<2 {
      var other = self
      other.fitUnits()
      guard other.scaleUnit != scaleUnit || other.minimumUnit != minimumUnit else { break }
      other.settleGroups()
      guard other.errors.sum() < errors.sum() else { break }
      self = other
    }
  }

  @inline(__always)
  private func group(_ group: Int) -> Values { unsafe Values(at: values + 32 * group) }

  /// The number from 0 to 63 that is nearest in multiples of `unit`; 0 also for what is no number.
  private static func whole(_ number: Float, unit: Float) -> Float {
    let multiple = (number / unit).rounded()
    return multiple > 0 ? min(multiple, largest) : 0
  }

  @inline(__always)
  private func codes(_ x: Values, scale: Float, minimum: Float) -> Values {
    let step = scaleUnit * scale
    guard step > 0 else { return Values(repeating: 0) }
    return ((x + minimumUnit * minimum) * (1 / step)).codes(from: 0, to: most)
  }

  @inline(__always)
  private func error(_ x: Values, _ weights: Values, scale: Float, minimum: Float) -> Float {
    let rest = codes(x, scale: scale, minimum: minimum) * (scaleUnit * scale) - minimumUnit * minimum - x
    return (rest * rest * weights).total
  }

  /// Moves each group's scale and minimum downhill, one step at a time in each direction.
  private mutating func settleGroups() {
    for group in 0..<8 {
      let x = self.group(group)
      let weights = x.importance
      var best = (scale: scales[group], minimum: minima[group])
      var least = error(x, weights, scale: best.scale, minimum: best.minimum)
      for _ in 0..<4 {
        let center = best
        for scale in [center.scale - 1, center.scale, center.scale + 1] where scale >= 0 && scale <= Self.largest {
          for minimum in [center.minimum - 1, center.minimum, center.minimum + 1]
          where minimum >= 0 && minimum <= Self.largest && (scale, minimum) != center {
            let found = error(x, weights, scale: scale, minimum: minimum)
            if found < least { (least, best) = (found, (scale, minimum)) }
          }
        }
        if best == center { break }
      }
      scales[group] = best.scale
      minima[group] = best.minimum
      errors[group] = least
    }
  }

  /// The two halves that suit the codes, scales and minima as they are, by weighted least squares.
  private mutating func fitUnits() {
    var sums = (scaled: Float(0), mixed: Float(0), minimum: Float(0), valueScaled: Float(0), valueMinimum: Float(0))
    for group in 0..<8 {
      let x = self.group(group)
      let weights = x.importance
      let minimum = minima[group]
      let scaled = codes(x, scale: scales[group], minimum: minimum) * scales[group]
      sums.scaled += (weights * scaled * scaled).total
      sums.mixed += (weights * scaled).total * minimum
      sums.minimum += weights.total * minimum * minimum
      sums.valueScaled += (weights * scaled * x).total
      sums.valueMinimum += (weights * x).total * minimum
    }
    let determinant = sums.scaled * sums.minimum - sums.mixed * sums.mixed
    if determinant > 0 {
      scaleUnit = (sums.valueScaled * sums.minimum - sums.valueMinimum * sums.mixed) / determinant
      minimumUnit = (sums.valueScaled * sums.mixed - sums.valueMinimum * sums.scaled) / determinant
    } else if sums.scaled > 0 {
      scaleUnit = sums.valueScaled / sums.scaled
    }
    scaleUnit = FloatRounding.half(max(scaleUnit, 0))
    minimumUnit = FloatRounding.half(max(minimumUnit, 0))
  }
}

// MARK: Writing

extension AffineSuperBlock {
  /// Q4_K: d @0; dmin @2; scales and minima[12] @4; codes[128] @16.
  static func quantizeQ4K(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let found = unsafe AffineSuperBlock(values, most: 15)
    unsafe found.storeCodes(to: room)
    var writer = unsafe BlockWriter(at: block)
    found.writeHead(&writer)
    unsafe writeNibbles(of: room, &writer)
  }

  /// Q5_K: d @0; dmin @2; scales and minima[12] @4; fifth bits[32] @16, bit k of byte j for value 32k + j; codes[128]
  /// @48.
  static func quantizeQ5K(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let found = unsafe AffineSuperBlock(values, most: 31)
    unsafe found.storeCodes(to: room)
    var writer = unsafe BlockWriter(at: block)
    found.writeHead(&writer)
    for index in 0..<32 {
      var bits: UInt8 = 0
      for group in 0..<8 { unsafe bits |= (room[32 * group + index] >> 4) << UInt8(group) }
      writer.write(bits)
    }
    unsafe writeNibbles(of: room, &writer)
  }

  private func storeCodes(to room: UnsafeMutablePointer<UInt8>) {
    for group in 0..<8 {
      unsafe codes(self.group(group), scale: scales[group], minimum: minima[group]).storeBytes(to: room + 32 * group)
    }
  }

  /// The first four groups' scales and minima lie in six bits of a byte each; the others' low four bits share four
  /// bytes, and their upper two lie above the first four's.
  private func writeHead(_ writer: inout BlockWriter) {
    writer.write(half: scaleUnit)
    writer.write(half: minimumUnit)
    func byte(_ numbers: SIMD8<Float>, _ group: Int) -> UInt8 { UInt8(numbers[group]) }
    for numbers in [scales, minima] {
      for group in 0..<4 { writer.write(byte(numbers, group) | (byte(numbers, group + 4) >> 4) << 6) }
    }
    for group in 4..<8 { writer.write(byte(scales, group) & 15 | byte(minima, group) << 4) }
  }

  /// Of each 32 bytes the low nibbles are one group and the high ones the next.
  private static func writeNibbles(of codes: UnsafePointer<UInt8>, _ writer: inout BlockWriter) {
    for pair in 0..<4 { unsafe writer.write(nibbles: codes + 64 * pair, codes + 64 * pair + 32, count: 32) }
  }
}
