import MosoModel
public import MosoTensor

/// Models whose weights are quantised, as wide as the largest block.
extension TinyModel {
  /// Every matrix of one element type.
  public static func ofType(_ elementType: ElementType) -> TinyModel {
    TinyModel("\(elementType)", wide, biases: .queriesKeysAndValues) { _ in elementType }
  }

  /// A different type for each role, so that products sharing their inputs have different types, as in real files.
  public static let mixedTypes = TinyModel("mixed types", wide) { role in
    switch role {
    case .embedding: .q6K
    case .query: .q4K
    case .key: .f16
    case .value: .q8_0
    case .output: .q5_1
    case .gate: .iq4XS
    case .up: .bf16
    case .down: .q3K
    case .router: .f32
    case .head: .q4_0
    }
  }

  private static let wide = Architecture(
    family: "test", vocabularySize: 37, contextLength: 128, width: 256,
    layers: [LayerPlan(rotary: 0), LayerPlan(window: 20, rotary: 0)], norm: NormPlan(epsilon: 1e-5),
    attention: attention(4, 2, 64), rotaries: [rotary(.adjacent, 64)],
    feedForward: FeedForwardPlan(activation: .silu, isGated: true, width: 256))
}
