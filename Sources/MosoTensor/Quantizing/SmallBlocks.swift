/// Quantises blocks of 32 values that share one scale, or a scale and a minimum.
///
/// Every function takes 32 values, where to write the block, and room for 32 codes.
enum SmallBlocks {
  typealias Values = ThirtyTwoFloats

  /// Q8_0: d @0; codes int8[32] @2; `x = d · q`.
  ///
  /// The codes are so fine that rounding the scale to a half costs more than it could gain to look far for a better
  /// one: the halves around the plain scale are tried.
  static func quantizeQ8_0(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let values = unsafe Values(at: values)
    let weights = values.importance
    let plain = FloatRounding.halfBits(max(values.greatest, -values.least) / 127)
    var scale: Float = 0
    var codes = Values(repeating: 0)
    var error = Float.infinity
    for step in -2...2 {
      let bits = Int(plain) + step
      guard bits > 0, bits < 0x7C00 else { continue }
      let candidate = FloatRounding.value(ofHalf: UInt16(bits))
      let rounded = (values * (1 / candidate)).codes(from: -127, to: 127)
      let rest = rounded * candidate - values
      let found = (rest * rest * weights).total
      if found < error { (error, scale, codes) = (found, candidate, rounded) }
    }
    unsafe codes.storeBytes(to: room)
    var writer = unsafe BlockWriter(at: block)
    writer.write(half: scale)
    unsafe writer.write(room, count: 32)
  }

  /// Q4_0: d @0; codes[16] @2; `x = d · (q - 8)`.
  static func quantizeQ4_0(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let scale = unsafe symmetric(values, middle: 8, codes: room)
    var writer = unsafe BlockWriter(at: block)
    writer.write(half: scale)
    unsafe writer.write(nibbles: room, room + 16, count: 16)
  }

  /// Q5_0: d @0; fifth bits u32 @2; codes[16] @6; `x = d · (q - 16)`.
  static func quantizeQ5_0(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let scale = unsafe symmetric(values, middle: 16, codes: room)
    var writer = unsafe BlockWriter(at: block)
    writer.write(half: scale)
    unsafe writer.write(fifthBitsOf: room)
    unsafe writer.write(nibbles: room, room + 16, count: 16)
  }

  /// Q4_1: d @0; m @2; codes[16] @4; `x = d · q + m`.
  static func quantizeQ4_1(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let (scale, offset) = unsafe affine(values, most: 15, codes: room)
    var writer = unsafe BlockWriter(at: block)
    writer.write(half: scale)
    writer.write(half: offset)
    unsafe writer.write(nibbles: room, room + 16, count: 16)
  }

  /// Q5_1: d @0; m @2; fifth bits u32 @4; codes[16] @8; `x = d · q + m`.
  static func quantizeQ5_1(
    _ values: UnsafePointer<Float>, to block: UnsafeMutablePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>
  ) {
    let (scale, offset) = unsafe affine(values, most: 31, codes: room)
    var writer = unsafe BlockWriter(at: block)
    writer.write(half: scale)
    writer.write(half: offset)
    unsafe writer.write(fifthBitsOf: room)
    unsafe writer.write(nibbles: room, room + 16, count: 16)
  }

  /// The scale as it is written, and the codes for just that.
  @inline(__always)
  private static func symmetric(
    _ values: UnsafePointer<Float>, middle: Int32, codes: UnsafeMutablePointer<UInt8>
  ) -> Float {
    let values = unsafe Values(at: values)
    let fit = SymmetricFit(values, weights: values.importance, codes: -middle, to: middle - 1)
    let scale = FloatRounding.half(fit.scale)
    let inverse = scale == 0 ? 0 : 1 / scale
    unsafe ((values * inverse).codes(from: -middle, to: middle - 1) + Float(middle)).storeBytes(to: codes)
    return scale
  }

  @inline(__always)
  private static func affine(
    _ values: UnsafePointer<Float>, most: Int32, codes: UnsafeMutablePointer<UInt8>
  ) -> (scale: Float, offset: Float) {
    let values = unsafe Values(at: values)
    let fit = AffineFit(values, weights: values.importance, codesTo: most, isBelowZero: false)
    let (scale, offset) = (FloatRounding.half(fit.scale), FloatRounding.half(fit.offset))
    let inverse = scale == 0 ? 0 : 1 / scale
    unsafe ((values - offset) * inverse).codes(from: 0, to: most).storeBytes(to: codes)
    return (scale, offset)
  }
}
