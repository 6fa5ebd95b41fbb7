import MosoFormats
import MosoModel

/// Reads one family's configuration.
struct HuggingFaceReader {
  let fields: ConfigurationFields
  let family: HuggingFaceFamily

  /// What the model computes, and the rotary settings as they are written rather than worked out.
  func architecture() throws(ConfigurationError) -> (Architecture, [RotarySettings]) {
    let keys = family.keys
    let width = try fields.integer(keys.width, in: ArchitectureLimits.width, default: family.width)
    let contextLength = try fields.integer(
      keys.contextLength, in: ArchitectureLimits.contextLength, default: family.contextLength)
    let layerCount = try fields.integer(
      keys.layerCount, in: ArchitectureLimits.layerCount, default: family.layerCount)
    let attention = try attention(width: width)
    let rotaries = try rotaries(headSize: attention.headSize, contextLength: contextLength)
    let layers = try layers(count: layerCount, contextLength: contextLength, rotaryCount: rotaries.count)
    let architecture = Architecture(
      family: family.modelType,
      vocabularySize: try fields.integer(
        "vocab_size", in: ArchitectureLimits.vocabularySize, default: family.vocabularySize),
      contextLength: contextLength, width: width, layers: layers,
      norm: NormPlan(
        kind: family.norm,
        epsilon: Float(try fields.number(keys.epsilon, in: ArchitectureLimits.epsilon, default: family.epsilon)),
        followsBranches: family.normFollowsBranches),
      attention: attention, rotaries: rotaries.map { $0.plan(pairing: .halves) },
      feedForward: try feedForward(width: width, layerCount: layerCount),
      embeddingScale: family.scalesEmbeddings ? Float(Double(width).squareRoot()) : 1,
      hasLearnedPositions: family.hasLearnedPositions,
      hasTiedHead: try fields.flag("tie_word_embeddings", default: family.hasTiedHead),
      logitSoftcap: try softcap("final_logit_softcapping", family.logitSoftcap))
    return (architecture, rotaries)
  }

  /// Refuses what no `Architecture` can say.
  func refuseUnsupported() throws(ConfigurationError) {
    if let quantization = try fields.object("quantization_config") {
      throw fields.unsupported(
        "quantization_config",
        found: ConfigurationFields.describe(try quantization.text("quant_method", default: "unknown")),
        supported: "plain weights, or a GGUF file")
    }
    for key in ["use_bidirectional_attention", "scale_attn_by_inverse_layer_idx", "add_cross_attention"]
    where try fields.flag(key, default: false) {
      throw fields.unsupported(key, found: "true", supported: "plain causal attention")
    }
  }

  /// The family's names, with the biases that this configuration asks for.
  func naming() throws(ConfigurationError) -> TensorNaming {
    var naming = family.naming
    func obey(_ key: String, _ modules: [TensorRole.Module]) throws(ConfigurationError) {
      if try fields.flag(key, default: false) { naming.bias(modules, .required) }
    }
    switch family.biases {
    case .none, .naming: break
    case .queryKeyValue: naming.bias([.query, .key, .value], .required)
    case .attentionSwitch: try obey("attention_bias", TensorRole.Module.attentionProjections)
    case .attentionAndFeedForwardSwitches:
      try obey("attention_bias", TensorRole.Module.attentionProjections)
      try obey("mlp_bias", TensorRole.Module.feedForwardProjections)
    }
    return naming
  }
}

// MARK: Attention

extension HuggingFaceReader {
  private func attention(width: Int) throws(ConfigurationError) -> AttentionPlan {
    let headCount = try fields.integer(
      family.keys.headCount, in: ArchitectureLimits.headCount, default: family.headCount)
    let keyValueHeadCount =
      family.keyValueHeadCount == nil && family.hasLearnedPositions
      ? headCount
      : try fields.nullableInteger(
        "num_key_value_heads", in: ArchitectureLimits.headCount, default: family.keyValueHeadCount) ?? headCount
    guard headCount % keyValueHeadCount == 0 else {
      throw fields.invalid(
        "num_key_value_heads", found: "\(keyValueHeadCount)",
        expected: "a divisor of \(family.keys.headCount), which is \(headCount)")
    }
    let headSize = try headSize(width: width, headCount: headCount)
    return AttentionPlan(
      headCount: headCount, keyValueHeadCount: keyValueHeadCount, headSize: headSize,
      scale: Float(try scoreScale(headSize: headSize)),
      scoreSoftcap: try softcap("attn_logit_softcapping", family.scoreSoftcap),
      normalizesQueriesAndKeys: family.normalizesQueriesAndKeys)
  }

  private func headSize(width: Int, headCount: Int) throws(ConfigurationError) -> Int {
    if !family.hasLearnedPositions,
      let size = try fields.nullableInteger("head_dim", in: ArchitectureLimits.headSize, default: family.headSize)
    {
      return size
    }
    guard width % headCount == 0, ArchitectureLimits.headSize.contains(width / headCount) else {
      throw fields.invalid(
        family.keys.width, found: "\(width)",
        expected: "a multiple of \(family.keys.headCount), which is \(headCount), "
          + "by at most \(ArchitectureLimits.headSize.upperBound)")
    }
    return width / headCount
  }

  private func scoreScale(headSize: Int) throws(ConfigurationError) -> Double {
    switch family.scoreScale {
    case .headSize: return 1 / Double(headSize).squareRoot()
    case .queryScalar(let fallback):
      let scalar = try fields.number("query_pre_attn_scalar", in: ArchitectureLimits.scale, default: fallback)
      return 1 / scalar.squareRoot()
    case .switchable:
      return try fields.flag("scale_attn_weights", default: true) ? 1 / Double(headSize).squareRoot() : 1
    }
  }

  private func softcap(
    _ key: String, _ rule: HuggingFaceFamily.SoftcapRule
  ) throws(ConfigurationError) -> Float? {
    guard case .read(let fallback) = rule else { return nil }
    return try fields.nullableNumber(key, in: ArchitectureLimits.scale, default: fallback).map { Float($0) }
  }
}

// MARK: The feed-forward part

extension HuggingFaceReader {
  private func feedForward(width: Int, layerCount: Int) throws(ConfigurationError) -> FeedForwardPlan {
    let ownWidth = try fields.integer(
      family.keys.feedForwardWidth, in: ArchitectureLimits.feedForwardWidth,
      default: family.feedForwardWidth ?? 4 * width)
    var plan = FeedForwardPlan(activation: try activation(), isGated: family.isGated, width: ownWidth)
    guard let rule = family.experts else { return plan }
    plan.experts = try experts(rule, layerCount: layerCount)
    if let width = rule.width {
      plan.width = try fields.integer(width.key, in: ArchitectureLimits.feedForwardWidth, default: width.default)
    }
    return plan
  }

  private func experts(
    _ rule: HuggingFaceFamily.ExpertRule, layerCount: Int
  ) throws(ConfigurationError) -> ExpertPlan {
    var countKey = rule.countKeys[0]
    for key in rule.countKeys.reversed() where try fields.has(key) { countKey = key }
    let largest = min(ArchitectureLimits.expertCount.upperBound, ArchitectureLimits.expertsInAllLayers / layerCount)
    let count = try fields.integer(countKey, in: 1...largest, default: rule.count)
    let usedCount = try fields.integer("num_experts_per_tok", in: 1...count, default: rule.usedCount)
    if try fields.integer("decoder_sparse_step", in: 1...ArchitectureLimits.layerCount.upperBound, default: 1) > 1 {
      throw fields.unsupported(
        "decoder_sparse_step", found: "more than 1", supported: "experts in every layer or in none")
    }
    if let plain = try fields.value("mlp_only_layers")?.arrayValue, !plain.isEmpty {
      throw fields.unsupported(
        "mlp_only_layers", found: "a list of \(plain.count)", supported: "experts in every layer or in none")
    }
    guard let normalizes = rule.normalizesWeights else {
      return ExpertPlan(count: count, usedCount: usedCount, normalizesWeights: true)
    }
    return ExpertPlan(
      count: count, usedCount: usedCount, normalizesWeights: try fields.flag("norm_topk_prob", default: normalizes))
  }

  private func activation() throws(ConfigurationError) -> FeedForwardPlan.Activation {
    let key = family.keys.activation
    let name = try fields.text(key, default: family.activation)
    switch name {
    case "silu", "swish": return .silu
    case "gelu_pytorch_tanh", "gelu_new", "gelu_fast": return .geluTanh
    // The first files of Gemma say "gelu" and mean its approximation.
    case "gelu": return family.modelType == HuggingFaceFamily.gemma.modelType ? .geluTanh : .gelu
    default:
      throw fields.unsupported(
        key, found: ConfigurationFields.describe(name), supported: "silu, gelu, gelu_new or gelu_pytorch_tanh")
    }
  }
}
