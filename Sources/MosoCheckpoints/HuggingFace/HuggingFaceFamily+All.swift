import MosoModel

extension HuggingFaceFamily {
  /// Every family whose safetensors Moso runs, with the defaults of transformers 5.23's configuration classes.
  static let all: [HuggingFaceFamily] = [
    llama, mistral, mixtral, smolLM3, qwen2, qwen3, qwen3Experts, gemma, gemma2, gemma3, phi3, gpt2,
  ]

  static let llama = HuggingFaceFamily(
    modelType: "llama", vocabularySize: 32_000, width: 4096, feedForwardWidth: 11_008, layerCount: 32, headCount: 32,
    contextLength: 2048, biases: .attentionAndFeedForwardSwitches)

  static let mistral = HuggingFaceFamily(
    modelType: "mistral", architectureInGGUF: "llama", vocabularySize: 32_000, width: 4096, feedForwardWidth: 14_336,
    layerCount: 32, headCount: 32,
    keyValueHeadCount: 8, contextLength: 131_072, windows: .everyLayer(default: 4096))

  static let mixtral = HuggingFaceFamily(
    modelType: "mixtral", architectureInGGUF: "llama", vocabularySize: 32_000, width: 4096, feedForwardWidth: 14_336,
    layerCount: 32, headCount: 32,
    keyValueHeadCount: 8, contextLength: 131_072, epsilon: 1e-5, windows: .everyLayer(default: nil),
    rotary: RotaryRule(base: 1_000_000),
    experts: ExpertRule(countKeys: ["num_local_experts", "num_experts"], count: 8, usedCount: 2),
    naming: .huggingFaceMixtral)

  static let smolLM3 = HuggingFaceFamily(
    modelType: "smollm3", vocabularySize: 128_256, width: 2048, feedForwardWidth: 11_008, layerCount: 36,
    headCount: 16, keyValueHeadCount: 4, contextLength: 32_768, hasTiedHead: true, windows: .unrotatedLayersWhenUsed,
    rotary: RotaryRule(base: 2_000_000, unrotatedInterval: 4), biases: .attentionAndFeedForwardSwitches)

  static let qwen2 = HuggingFaceFamily(
    modelType: "qwen2", vocabularySize: 151_936, width: 4096, feedForwardWidth: 22_016, layerCount: 32, headCount: 32,
    keyValueHeadCount: 32, contextLength: 32_768, windows: .lateLayersWhenUsed(default: 4096, first: 28),
    biases: .queryKeyValue)

  static let qwen3 = HuggingFaceFamily(
    modelType: "qwen3", vocabularySize: 151_936, width: 4096, feedForwardWidth: 22_016, layerCount: 32, headCount: 32,
    keyValueHeadCount: 32, headSize: 128, contextLength: 32_768, normalizesQueriesAndKeys: true,
    windows: .lateLayersWhenUsed(default: 4096, first: 28), biases: .attentionSwitch)

  static let qwen3Experts = HuggingFaceFamily(
    modelType: "qwen3_moe", architectureInGGUF: "qwen3moe", vocabularySize: 151_936, width: 2048,
    feedForwardWidth: 6144, layerCount: 24, headCount: 32,
    keyValueHeadCount: 4, contextLength: 32_768, normalizesQueriesAndKeys: true,
    windows: .everyLayerWhenUsed(default: 4096),
    experts: ExpertRule(
      countKeys: ["num_experts", "num_local_experts"], count: 128, usedCount: 8,
      width: (key: "moe_intermediate_size", default: 768), normalizesWeights: false),
    biases: .attentionSwitch, naming: .huggingFaceQwen3Experts)

  static let gemma = HuggingFaceFamily(
    modelType: "gemma", vocabularySize: 256_000, width: 3072, feedForwardWidth: 24_576, layerCount: 28, headCount: 16,
    keyValueHeadCount: 16, headSize: 256, contextLength: 8192, activation: "gelu_pytorch_tanh", hasTiedHead: true,
    scalesEmbeddings: true, biases: .attentionSwitch, naming: .huggingFaceGemma)

  static let gemma2 = HuggingFaceFamily(
    modelType: "gemma2", keys: Keys(activation: "hidden_activation"), vocabularySize: 256_000, width: 2304,
    feedForwardWidth: 9216, layerCount: 26, headCount: 8, keyValueHeadCount: 4, headSize: 256, contextLength: 8192,
    activation: "gelu_pytorch_tanh", hasTiedHead: true, normFollowsBranches: true, scalesEmbeddings: true,
    windows: .periodic(default: 4096, period: 2, readsPeriod: false), scoreScale: .queryScalar(default: 256),
    scoreSoftcap: .read(default: 50), logitSoftcap: .read(default: 30), biases: .attentionSwitch,
    naming: .huggingFaceGemma2)

  /// The text half of Gemma 3. The attention of transformers does not apply `attn_logit_softcapping` here.
  static let gemma3 = HuggingFaceFamily(
    modelType: "gemma3_text", architectureInGGUF: "gemma3", keys: Keys(activation: "hidden_activation"),
    vocabularySize: 262_208, width: 2304,
    feedForwardWidth: 9216, layerCount: 26, headCount: 8, keyValueHeadCount: 4, headSize: 256, contextLength: 131_072,
    activation: "gelu_pytorch_tanh", hasTiedHead: true, normFollowsBranches: true, normalizesQueriesAndKeys: true,
    scalesEmbeddings: true, windows: .periodic(default: 4096, period: 6, readsPeriod: true),
    rotary: RotaryRule(base: 1_000_000, localBase: 10_000), scoreScale: .queryScalar(default: 256),
    logitSoftcap: .read(default: nil), biases: .attentionSwitch, naming: .huggingFaceGemma2)

  static let phi3 = HuggingFaceFamily(
    modelType: "phi3", vocabularySize: 32_064, width: 3072, feedForwardWidth: 8192, layerCount: 32, headCount: 32,
    contextLength: 4096, epsilon: 1e-5, windows: .everyLayer(default: nil),
    rotary: RotaryRule(mayBePartial: true, originalContextLength: 4096), naming: .huggingFacePhi3)

  static let gpt2 = HuggingFaceFamily(
    modelType: "gpt2",
    keys: Keys(
      width: "n_embd", layerCount: "n_layer", headCount: "n_head", contextLength: "n_positions",
      feedForwardWidth: "n_inner", epsilon: "layer_norm_epsilon", activation: "activation_function"),
    vocabularySize: 50_257, width: 768, layerCount: 12, headCount: 12, contextLength: 1024, epsilon: 1e-5,
    activation: "gelu_new", hasTiedHead: true, norm: .layer, isGated: false, hasLearnedPositions: true, rotary: nil,
    scoreScale: .switchable, biases: .naming, naming: .huggingFaceGPT2)
}
