public import MosoTensor

extension ElementType {
  /// What is left of one head's key or value after a cache of this type held it: F32, F16, BF16 or Q8_0.
  ///
  /// Halves are clamped to the largest. 8-bit codes share a scale by 32 values, 1/127 of the largest of them.
  public func cached(_ head: some Collection<Float>) -> [Float] {
    switch self {
    case .f16: return head.map { HalfPrecision.rounded(min(max($0, -65_504), 65_504)) }
    case .bf16: return head.map(Self.roundedToBFloat16)
    case .q8_0:
      let head = Array(head)
      return stride(from: 0, to: head.count, by: 32).flatMap { Self.coded(head[$0..<min($0 + 32, head.count)]) }
    default:
      precondition(self == .f32, "a cache of \(self)")
      return Array(head)
    }
  }

  /// To the nearest with eight bits, halves away from zero; below the smallest normal number is zero.
  public static func roundedToBFloat16(_ value: Float) -> Float {
    if value.magnitude < .leastNormalMagnitude { return 0 }
    return Float(bitPattern: (value.bitPattern + 0x8000) & 0xffff_0000)
  }

  private static func coded(_ values: ArraySlice<Float>) -> [Float] {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    // What is too small for its inverse to be a number is as good as zero.
    guard largest > 1e-36 else { return values.map { _ in 0 } }
    return values.map { ($0 * (127 / largest)).rounded(.toNearestOrEven) * (largest / 127) }
  }
}
