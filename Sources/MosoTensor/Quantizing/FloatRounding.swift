/// 16-bit floats by their bits: `Float16` is not there on every platform.
enum FloatRounding {
  /// The largest number that an IEEE half holds.
  static let largestHalf: Float = 65_504

  /// The bits of the half nearest to `value`, ties to even; beyond the largest, infinity.
  @inline(__always)
  static func halfBits(_ value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 | UInt16(truncatingIfNeeded: magnitude >> 13 & 0x3FF) }
    // From halfway between the largest half and what would come next, all is infinite.
    if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Subnormal halves count units of 2^-24: beside one half, that is the last place of a float.
      let rounded = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: rounded.bitPattern - (0.5 as Float).bitPattern)
    }
    let isOdd = magnitude >> 13 & 1
    return sign | UInt16(truncatingIfNeeded: (magnitude - 0x3800_0000 + 0xFFF + isOdd) >> 13)
  }

  /// The number that the bits of a half stand for.
  @inline(__always)
  static func value(ofHalf bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 31)
    let fraction = UInt32(bits & 0x3FF)
    if exponent == 0 {
      return Float(bitPattern: (Float(fraction) * 0x1p-24).bitPattern | sign)
    }
    return Float(bitPattern: sign | (exponent == 31 ? 0x7F80_0000 : (exponent + 112) << 23) | fraction << 13)
  }

  /// `value` rounded to a half.
  @inline(__always)
  static func half(_ value: Float) -> Float { Self.value(ofHalf: halfBits(value)) }

  /// The bits of the bfloat16 nearest to `value`, ties to even.
  @inline(__always)
  static func brainBits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    // Rounding could carry a NaN's fraction away.
    if bits & 0x7FFF_FFFF > 0x7F80_0000 { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }
}
