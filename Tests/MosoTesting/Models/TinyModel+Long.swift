import MosoModel

/// Models small enough to read more than a thousand tokens, with windows around the cache's own bounds.
///
/// The eager cache has pages of 64 positions and sums over spans of 512; a window's edge may fall on either side of one.
extension TinyModel {
  public static let long: [TinyModel] = [
    long("no window", nil, nil), long("windows 64, 513", 64, 513), long("windows 65, 512", 65, 512),
    long("windows 511, 63", 511, 63), long("windows 100, 700", 100, 700),
  ]

  public static let longLength = 1_180

  private static func long(_ name: String, _ windows: Int?...) -> TinyModel {
    TinyModel(
      "long, \(name)",
      Architecture(
        family: "test", vocabularySize: 32, contextLength: 1_200, width: 16,
        layers: windows.map { LayerPlan(window: $0, rotary: 0) }, norm: NormPlan(epsilon: 1e-5),
        attention: attention(2, 1, 8), rotaries: [rotary(.halves, 8, base: 1_000)],
        feedForward: FeedForwardPlan(activation: .silu, isGated: true, width: 16)),
      seed: 3)
  }
}
