@testable import MosoTensor

/// A seeded generator (SplitMix64, Steele et al. 2014): tests see the same numbers every time.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension ElementType {
  /// Where a block keeps halves that scale its values, so that random bytes there can be made tame.
  private var scaleOffsets: [Int] {
    switch self {
    case .f32, .mxfp4: []
    case .f16, .bf16: [0]
    case .q4_0, .q5_0, .q8_0, .iq4NL, .iq4XS: [0]
    case .q4_1, .q5_1, .q4K, .q5K: [0, 2]
    case .q2K: [80, 82]
    case .q3K: [108]
    case .q6K: [208]
    }
  }

  /// The bytes of `count` random values: any codes, scales near 1/64 of either sign.
  func randomBytes(count: Int, using generator: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count / elementsPerBlock {
      var block = (0..<bytesPerBlock).map { _ in UInt8.random(in: 0...255, using: &generator) }
      switch self {
      case .f32: block = Self.bytes(Float.random(in: -1...1, using: &generator).bitPattern)
      case .f16: block = Self.bytes(Float16(Float.random(in: -1...1, using: &generator)).bitPattern)
      case .bf16: block = Self.bytes(UInt16(Float.random(in: -1...1, using: &generator).bitPattern >> 16))
      case .mxfp4: block[0] = UInt8.random(in: 118...124, using: &generator)
      default:
        for offset in scaleOffsets {
          let scale = Float16(Float.random(in: -1...1, using: &generator) / 64)
          block.replaceSubrange(offset..<offset + 2, with: Self.bytes(scale.bitPattern))
        }
      }
      bytes += block
    }
    return bytes
  }

  private static func bytes<Bits: FixedWidthInteger>(_ bits: Bits) -> [UInt8] {
    (0..<Bits.bitWidth / 8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
  }
}
