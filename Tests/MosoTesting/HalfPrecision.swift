/// IEEE half precision from its definition, in integers and doubles: tests do not trust the hardware's conversion.
public enum HalfPrecision {
  /// The bits of the half nearest to `value`, ties to even; what is too large becomes infinite.
  public static func bits(of value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    if value.isNaN { return sign | 0x7e00 }
    let magnitude = Double(value.magnitude)
    // From here on a half would round up to 2^16.
    if magnitude >= 65_520 { return sign | 0x7c00 }
    // The unit of the last place is 2^-24 below 2^-14, and ten bits under the leading one above.
    let exponent = magnitude < 0x1p-14 ? -14 : Int(magnitude.exponent)
    let units = (magnitude * power(10 - exponent)).rounded(.toNearestOrEven)
    // For subnormals the exponent field is 0 and `units` is the fraction; a carry moves into the exponent by itself.
    let base = magnitude < 0x1p-14 ? 0 : (exponent + 14) << 10
    return sign | UInt16(base + Int(units))
  }

  /// `value` rounded to a half and back.
  public static func rounded(_ value: Float) -> Float { Self.value(of: bits(of: value)) }

  /// The value that `bits` stand for.
  public static func value(of bits: UInt16) -> Float {
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 0x3ff)
    switch exponent {
    case 31: return fraction == 0 ? Float(sign) * .infinity : .nan
    case 0: return Float(sign * fraction * power(-24))
    default: return Float(sign * (1_024 + fraction) * power(exponent - 25))
    }
  }

  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
