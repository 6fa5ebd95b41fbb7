import MosoModel
public import MosoTensor

/// Models that between them have every feature an `Architecture` can name.
extension TinyModel {
  public static let families: [TinyModel] = [
    llama(), llama(elementType: .f16), llama(elementType: .bf16), qwen2, qwen3, gemma2, gemma3, smollm3, phi3, gpt2,
    plainExact, gatedExact, plainSilu, mixtral, qwen3Mixture,
  ]

  /// Groups of three heads, adjacent pairs, widths that are no multiple of sixteen.
  public static func llama(elementType: ElementType = .f32) -> TinyModel {
    TinyModel(
      "llama-\(elementType)",
      Architecture(
        family: "llama", vocabularySize: 67, contextLength: 256, width: 40, layers: .init(repeating: first, count: 2),
        norm: NormPlan(epsilon: 1e-5), attention: attention(6, 2, 16), rotaries: [rotary(.adjacent, 16)],
        feedForward: FeedForwardPlan(activation: .silu, isGated: true, width: 72))
    ) { _ in elementType }
  }

  /// Biases on queries, keys and values, groups of seven, a tied head.
  public static let qwen2 = TinyModel(
    "qwen2",
    Architecture(
      family: "qwen2", vocabularySize: 64, contextLength: 256, width: 32, layers: .init(repeating: first, count: 2),
      norm: NormPlan(epsilon: 1e-6), attention: attention(7, 1, 8), rotaries: [rotary(.halves, 8)],
      feedForward: FeedForwardPlan(activation: .silu, isGated: true, width: 48), hasTiedHead: true),
    biases: .queriesKeysAndValues)

  /// Normalised queries and keys, large heads whose sum is wider than the residual stream.
  public static let qwen3 = TinyModel(
    "qwen3",
    Architecture(
      family: "qwen3", vocabularySize: 50, contextLength: 256, width: 48, layers: .init(repeating: first, count: 2),
      norm: NormPlan(epsilon: 1e-6), attention: attention(3, 3, 64, normalizes: true),
      rotaries: [rotary(.halves, 64)],
      feedForward: FeedForwardPlan(activation: .silu, isGated: true, width: 64)))

  /// Norms after the branches too, both soft-caps, a window on every second layer, scaled embeddings.
  public static let gemma2 = TinyModel(
    "gemma2",
    Architecture(
      family: "gemma2", vocabularySize: 70, contextLength: 256, width: 36,
      layers: [LayerPlan(window: 9, rotary: 0), first, LayerPlan(window: 1, rotary: 0)],
      norm: NormPlan(epsilon: 1e-6, followsBranches: true),
      attention: attention(4, 2, 24, scale: 0.3, softcap: 2), rotaries: [rotary(.halves, 24)],
      feedForward: FeedForwardPlan(activation: .geluTanh, isGated: true, width: 56), embeddingScale: 6,
      hasTiedHead: true, logitSoftcap: 3))

  /// Two rotary tables, chosen by layer.
  public static let gemma3 = TinyModel(
    "gemma3",
    Architecture(
      family: "gemma3", vocabularySize: 64, contextLength: 256, width: 32,
      layers: [LayerPlan(window: 16, rotary: 1), first, LayerPlan(window: 20, rotary: 1)],
      norm: NormPlan(epsilon: 1e-6, followsBranches: true),
      attention: attention(3, 1, 24, normalizes: true),
      rotaries: [rotary(.halves, 24, base: 1_000), rotary(.halves, 24, base: 10)],
      feedForward: FeedForwardPlan(activation: .geluTanh, isGated: true, width: 40), embeddingScale: 5.65,
      hasTiedHead: true))

  /// Layers without rotation between layers with it.
  public static let smollm3 = TinyModel(
    "smollm3",
    Architecture(
      family: "smollm3", vocabularySize: 61, contextLength: 256, width: 32,
      layers: [first, LayerPlan(), LayerPlan(window: 30), first],
      norm: NormPlan(epsilon: 1e-5), attention: attention(2, 2, 16), rotaries: [rotary(.adjacent, 16)],
      feedForward: FeedForwardPlan(activation: .silu, isGated: true, width: 48)))

  /// A part of each head rotated, with an amplitude and a table for long contexts; heads of 80.
  public static let phi3: TinyModel = {
    var longRope = rotary(.halves, 48, amplitude: 1.2)
    longRope.longFrequencies = longRope.frequencies.map { $0 / 3 }
    longRope.originalContextLength = 100
    return TinyModel(
      "phi3",
      Architecture(
        family: "phi3", vocabularySize: 48, contextLength: 256, width: 40,
        layers: [LayerPlan(window: 70, rotary: 0), first], norm: NormPlan(epsilon: 1e-5),
        attention: attention(2, 1, 80), rotaries: [longRope],
        feedForward: FeedForwardPlan(activation: .silu, isGated: true, width: 64)))
  }()

  /// Layer norms, learned positions, biases everywhere, a plain feed-forward part.
  public static let gpt2 = TinyModel(
    "gpt2",
    Architecture(
      family: "gpt2", vocabularySize: 59, contextLength: 256, width: 44,
      layers: .init(repeating: LayerPlan(), count: 2),
      norm: NormPlan(kind: .layer, epsilon: 1e-5), attention: attention(2, 2, 16), rotaries: [],
      feedForward: FeedForwardPlan(activation: .geluTanh, isGated: false, width: 80), hasLearnedPositions: true,
      hasTiedHead: true),
    biases: .all)

  /// Layer norms without biases, the exact GELU alone, part of each head rotated in adjacent pairs.
  public static let plainExact = TinyModel(
    "plain-gelu",
    Architecture(
      family: "test", vocabularySize: 40, contextLength: 256, width: 24, layers: .init(repeating: first, count: 2),
      norm: NormPlan(kind: .layer, epsilon: 1e-5, followsBranches: true), attention: attention(3, 3, 8),
      rotaries: [rotary(.adjacent, 4)],
      feedForward: FeedForwardPlan(activation: .gelu, isGated: false, width: 33)),
    biases: [.feedForward, .head])

  /// The exact GELU as a gate, a biased and normalised everything.
  public static let gatedExact = TinyModel(
    "gated-gelu",
    Architecture(
      family: "test", vocabularySize: 40, contextLength: 256, width: 24, layers: .init(repeating: first, count: 2),
      norm: NormPlan(kind: .layer, epsilon: 1e-3, followsBranches: true),
      attention: attention(6, 2, 8, softcap: 1.5, normalizes: true), rotaries: [rotary(.halves, 8)],
      feedForward: FeedForwardPlan(activation: .gelu, isGated: true, width: 50)),
    biases: .all)

  /// SiLU alone, one layer, a vocabulary smaller than a vector.
  public static let plainSilu = TinyModel(
    "plain-silu",
    Architecture(
      family: "test", vocabularySize: 7, contextLength: 256, width: 8, layers: [first],
      norm: NormPlan(epsilon: 1e-5), attention: attention(1, 1, 8), rotaries: [rotary(.adjacent, 8)],
      feedForward: FeedForwardPlan(activation: .silu, isGated: false, width: 16)))

  /// Experts whose weights are rescaled; heads of 128.
  public static let mixtral = TinyModel(
    "mixtral",
    Architecture(
      family: "mixtral", vocabularySize: 64, contextLength: 256, width: 32, layers: .init(repeating: first, count: 2),
      norm: NormPlan(epsilon: 1e-5), attention: attention(2, 1, 128), rotaries: [rotary(.adjacent, 128)],
      feedForward: FeedForwardPlan(
        activation: .silu, isGated: true, width: 24,
        experts: ExpertPlan(count: 4, usedCount: 2, normalizesWeights: true))))

  /// Experts whose weights are not rescaled, with biases and norms after the branches.
  public static let qwen3Mixture = TinyModel(
    "qwen3-mixture",
    Architecture(
      family: "qwen3moe", vocabularySize: 64, contextLength: 256, width: 32,
      layers: .init(repeating: first, count: 2), norm: NormPlan(epsilon: 1e-6),
      attention: attention(4, 4, 16, normalizes: true), rotaries: [rotary(.halves, 16)],
      feedForward: FeedForwardPlan(
        activation: .geluTanh, isGated: true, width: 20,
        experts: ExpertPlan(count: 9, usedCount: 3, normalizesWeights: false))),
    biases: .feedForward)
}

extension TinyModel {
  /// A layer that sees everything and rotates by the first table.
  private static let first = LayerPlan(window: nil, rotary: 0)

  static func attention(
    _ heads: Int, _ keyValueHeads: Int, _ size: Int, scale: Float? = nil, softcap: Float? = nil,
    normalizes: Bool = false
  ) -> AttentionPlan {
    AttentionPlan(
      headCount: heads, keyValueHeadCount: keyValueHeads, headSize: size,
      scale: scale ?? 1 / Float(size).squareRoot(), scoreSoftcap: softcap, normalizesQueriesAndKeys: normalizes)
  }

  /// The usual frequencies, `base` to the power of `-2i / dimensions`.
  static func rotary(
    _ pairing: RotaryPlan.Pairing, _ dimensions: Int, base: Double = 100, amplitude: Float = 1
  ) -> RotaryPlan {
    let frequencies = (0..<dimensions / 2).map { Float(power(base, -2 * Double($0) / Double(dimensions))) }
    return RotaryPlan(pairing: pairing, dimensions: dimensions, frequencies: frequencies, amplitude: amplitude)
  }
}
