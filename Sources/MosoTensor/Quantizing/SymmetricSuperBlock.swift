/// Quantises 256 values to Q6_K: sixteen groups of 16, each with a scale of 8 bits, a multiple of one half.
///
/// As in `AffineSuperBlock`, groups are fitted alone, then their 8-bit scales are settled, then the half.
@safe
struct SymmetricSuperBlock {
  typealias Values = SixteenFloats

  private let values: UnsafePointer<Float>
  private var unit: Float = 0
  /// Whole numbers from -128 to 127, and the error that each leaves.
  private var scales = SIMD16<Float>()
  private var errors = SIMD16<Float>()

  private static let least: Int32 = -32
  private static let most: Int32 = 31

  init(_ values: UnsafePointer<Float>) {
    unsafe self.values = values
    var ideal = SIMD16<Float>()
    for group in 0..<16 {
      let x = self.group(group)
      ideal[group] = SymmetricFit(x, weights: x.importance, codes: Self.least, to: Self.most).scale
    }
    let (lowest, highest) = (ideal.min(), ideal.max())
    unit = FloatRounding.half((-lowest > highest ? lowest : highest) / -128)
    guard unit != 0 else { return }
    for group in 0..<16 {
      let multiple = (ideal[group] / unit).rounded()
      // What is no number compares with nothing.
      scales[group] = multiple >= -128 ? min(multiple, 127) : 0
    }
    settleGroups()
    settleUnit()
  }

  /// Fits the half to the groups and the groups to the half, as long as the error falls.
  private mutating func settleUnit() {
    for _ in 0..<2 {
      var other = self
      other.fitUnit()
      guard other.unit != unit, other.unit != 0 else { break }
      other.settleGroups()
      guard other.errors.sum() < errors.sum() else { break }
      self = other
    }
  }

  @inline(__always)
  private func group(_ group: Int) -> Values { unsafe Values(at: values + 16 * group) }

  @inline(__always)
  private func codes(_ x: Values, scale: Float) -> Values {
    let step = unit * scale
    guard step != 0 else { return Values(repeating: 0) }
    return (x * (1 / step)).codes(from: Self.least, to: Self.most)
  }

  /// Moves each group's scale downhill, one step at a time.
  private mutating func settleGroups() {
    for group in 0..<16 {
      let x = self.group(group)
      let weights = x.importance
      func error(_ scale: Float) -> Float {
        let rest = codes(x, scale: scale) * (unit * scale) - x
        return (rest * rest * weights).total
      }
      var best = scales[group]
      var least = error(best)
      for _ in 0..<4 {
        let center = best
        for scale in [center - 1, center + 1] where scale >= -128 && scale <= 127 {
          let found = error(scale)
          if found < least { (least, best) = (found, scale) }
        }
        if best == center { break }
      }
      scales[group] = best
      errors[group] = least
    }
  }

  /// The half that suits the codes and scales as they are, by weighted least squares.
  private mutating func fitUnit() {
    var product: Float = 0
    var square: Float = 0
    for group in 0..<16 {
      let x = self.group(group)
      let scaled = codes(x, scale: scales[group]) * scales[group]
      let weighted = x.importance * scaled
      product += (weighted * x).total
      square += (weighted * scaled).total
    }
    if square > 0 { unit = FloatRounding.half(product / square) }
  }
}

// MARK: Writing

extension SymmetricSuperBlock {
  /// Q6_K: low nibbles[128] @0; upper two bits[64] @128; scales int8[16] @192; d @208.
  ///
  /// Of each half of 128 values, quarters 0 and 1 are the low nibbles of 64 bytes and quarters 2 and 3 the high ones;
  /// the upper bits of the four quarters share 32 bytes, the first quarter's lowest.
  static func quantizeQ6K(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let found = unsafe SymmetricSuperBlock(values)
    for group in 0..<16 {
      let codes = found.codes(found.group(group), scale: found.scales[group]) - Float(least)
      unsafe codes.storeBytes(to: room + 16 * group)
    }
    var writer = unsafe BlockWriter(at: block)
    for half in 0..<2 { unsafe writer.write(nibbles: room + 128 * half, room + 128 * half + 64, count: 64) }
    for half in 0..<2 {
      for index in 0..<32 {
        var bits: UInt8 = 0
        for quarter in 0..<4 {
          unsafe bits |= (room[128 * half + 32 * quarter + index] >> 4) << UInt8(2 * quarter)
        }
        writer.write(bits)
      }
    }
    for group in 0..<16 { writer.write(UInt8(bitPattern: Int8(found.scales[group]))) }
    writer.write(half: found.unit)
  }
}
