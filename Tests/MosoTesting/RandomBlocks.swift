public import MosoTensor

extension ElementType {
  /// Where a block keeps the halves that scale its values, so that random bytes there can be made tame.
  private var scaleOffsets: [Int] {
    switch self {
    case .f32, .f16, .bf16, .mxfp4: []
    case .q4_0, .q5_0, .q8_0, .iq4NL, .iq4XS: [0]
    case .q4_1, .q5_1, .q4K, .q5K: [0, 2]
    case .q2K: [80, 82]
    case .q3K: [108]
    case .q6K: [208]
    }
  }

  /// What a random code, times its random inner scale, is in magnitude: what a scale of 1 would make typical values.
  private var typicalCode: Float {
    switch self {
    case .f32, .f16, .bf16, .mxfp4: 1
    case .q4_0: 4
    case .q4_1, .q5_0: 8
    case .q5_1: 16
    case .q8_0, .iq4NL: 64
    case .q2K: 12
    case .q3K: 32
    case .q4K: 240
    case .q5K: 480
    case .q6K, .iq4XS: 1_024
    }
  }

  /// The bytes of `count` random values, any codes, whose magnitudes are typically near `magnitude`.
  ///
  /// - Parameter codes: What every byte of the quantised types' codes is; `nil` for random ones.
  public func randomBytes(
    count: Int, magnitude: Float = 0.1, codes: UInt8? = nil, using generator: inout RepeatableGenerator
  ) -> [UInt8] {
    precondition(count % elementsPerBlock == 0, "\(count) values of \(self)")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count / elementsPerBlock * bytesPerBlock)
    for _ in 0..<count / elementsPerBlock {
      let value = Float.random(in: -2 * magnitude...2 * magnitude, using: &generator)
      switch self {
      case .f32: bytes += Self.bytes(value.bitPattern)
      case .f16: bytes += Self.bytes(Self.half(value))
      case .bf16: bytes += Self.bytes(UInt16(value.bitPattern >> 16))
      default: bytes += quantizedBlock(magnitude: magnitude, codes: codes, using: &generator)
      }
    }
    return bytes
  }

  private func quantizedBlock(
    magnitude: Float, codes: UInt8?, using generator: inout RepeatableGenerator
  ) -> [UInt8] {
    var block = (0..<bytesPerBlock).map { _ in codes ?? UInt8.random(in: 0...255, using: &generator) }
    if self == .mxfp4 {
      // The scale is a power of two, 2^(byte - 127), and codes reach 6.
      let exponent = UInt8(127 + Int(magnitude.exponent) - 1)
      block[0] = UInt8.random(in: exponent - 2...exponent, using: &generator)
    }
    for offset in scaleOffsets {
      let largest = 2 * magnitude / typicalCode
      let scale = Float.random(in: -largest...largest, using: &generator)
      block.replaceSubrange(offset..<offset + 2, with: Self.bytes(Self.half(scale)))
    }
    return block
  }

  private static func bytes<Bits: FixedWidthInteger>(_ bits: Bits) -> [UInt8] {
    (0..<Bits.bitWidth / 8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
  }

  private static func half(_ value: Float) -> UInt16 { HalfPrecision.bits(of: value) }
}
