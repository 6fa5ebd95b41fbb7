import MosoFormats
import MosoModel

/// Reads one family's metadata.
struct GGUFReader {
  /// All metadata, under their full names.
  let fields: ConfigurationFields
  let family: GGUFFamily
  /// The shape of each tensor, outermost dimension first: some of a model's facts are told by its tensors alone.
  let shapes: [String: [Int]]
  /// The values of a small f32 tensor.
  let values: (String) throws(ConfigurationError) -> [Double]

  func architecture() throws(ConfigurationError) -> Architecture {
    let width = try fields.integer(key("embedding_length"), in: ArchitectureLimits.width)
    let contextLength = try fields.integer(key("context_length"), in: ArchitectureLimits.contextLength)
    let layerCount = try fields.integer(key("block_count"), in: ArchitectureLimits.layerCount)
    if try !fields.flag(key("attention.causal"), default: true) {
      throw fields.unsupported(key("attention.causal"), found: "false", supported: "causal attention")
    }
    let attention = try attention(width: width, layerCount: layerCount)
    let (layers, rotaries) = try layers(
      count: layerCount, headSize: attention.headSize, contextLength: contextLength)
    return Architecture(
      family: family.architecture, vocabularySize: try vocabularySize(), contextLength: contextLength, width: width,
      layers: layers,
      norm: NormPlan(
        kind: family.norm, epsilon: Float(try fields.number(key(family.epsilonKey), in: ArchitectureLimits.epsilon)),
        followsBranches: family.normFollowsBranches),
      attention: attention, rotaries: rotaries,
      feedForward: try feedForward(layerCount: layerCount),
      embeddingScale: family.scalesEmbeddings ? Float(Double(width).squareRoot()) : 1,
      hasLearnedPositions: family.hasLearnedPositions, hasTiedHead: shapes["output.weight"] == nil,
      logitSoftcap: try softcap("final_logit_softcapping", default: family.logitSoftcap))
  }

  /// The full name of a key of the family.
  func key(_ name: String) -> String { "\(family.architecture).\(name)" }

  /// A number that files give once, or once for each layer; here it must be the same in all.
  func uniformInteger(
    _ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws(ConfigurationError) -> Int {
    guard let list = try fields.value(key(name))?.arrayValue else {
      return try fields.integer(key(name), in: range, default: fallback)
    }
    guard let first = list.first, list.allSatisfy({ $0 == first }) else {
      throw fields.unsupported(key(name), found: "different from layer to layer", supported: "layers of one size")
    }
    guard let number = first.integerValue, range.contains(number) else {
      throw fields.invalid(
        key(name), first, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func vocabularySize() throws(ConfigurationError) -> Int {
    guard let rows = shapes["token_embd.weight"]?.first else {
      throw fields.missing("tensor token_embd.weight", expected: "one row for each token")
    }
    guard ArchitectureLimits.vocabularySize.contains(rows) else {
      throw fields.invalid(
        "the number of rows of token_embd.weight", found: "\(rows)",
        expected: "1 to \(ArchitectureLimits.vocabularySize.upperBound)")
    }
    return rows
  }

  private func softcap(_ name: String, default fallback: Double?) throws(ConfigurationError) -> Float? {
    guard let fallback else { return nil }
    let cap = try fields.number(key(name), in: 0...ArchitectureLimits.scale.upperBound, default: fallback)
    return cap == 0 ? nil : Float(cap)
  }
}

// MARK: Attention

extension GGUFReader {
  private func attention(width: Int, layerCount: Int) throws(ConfigurationError) -> AttentionPlan {
    let headCount = try uniformInteger("attention.head_count", in: ArchitectureLimits.headCount)
    let keyValueHeadCount = try uniformInteger(
      "attention.head_count_kv", in: ArchitectureLimits.headCount, default: headCount)
    guard headCount % keyValueHeadCount == 0 else {
      throw fields.invalid(
        key("attention.head_count_kv"), found: "\(keyValueHeadCount)",
        expected: "a divisor of the head count, which is \(headCount)")
    }
    let headSize = try headSize(width: width, headCount: headCount)
    var scale = 1 / Double(headSize).squareRoot()
    if family.layerCountOfWidthScaling == layerCount { scale = 1 / Double(width / headCount).squareRoot() }
    return AttentionPlan(
      headCount: headCount, keyValueHeadCount: keyValueHeadCount, headSize: headSize,
      scale: Float(try fields.number(key("attention.scale"), in: ArchitectureLimits.scale, default: scale)),
      scoreSoftcap: try softcap("attn_logit_softcapping", default: family.scoreSoftcap),
      normalizesQueriesAndKeys: family.normalizesQueriesAndKeys)
  }

  private func headSize(width: Int, headCount: Int) throws(ConfigurationError) -> Int {
    guard width >= headCount else {
      throw fields.invalid(
        key("embedding_length"), found: "\(width)", expected: "at least the head count, which is \(headCount)")
    }
    let quotient = width / headCount
    let headSize = try fields.integer(key("attention.key_length"), in: ArchitectureLimits.headSize, default: quotient)
    let valueSize = try fields.integer(
      key("attention.value_length"), in: ArchitectureLimits.headSize, default: quotient)
    guard valueSize == headSize else {
      throw fields.unsupported(
        key("attention.value_length"), found: "\(valueSize)", supported: "values as wide as keys, which is \(headSize)")
    }
    return headSize
  }
}

// MARK: The feed-forward part

extension GGUFReader {
  private func feedForward(layerCount: Int) throws(ConfigurationError) -> FeedForwardPlan {
    let experts = try experts(layerCount: layerCount)
    return FeedForwardPlan(
      activation: family.activation, isGated: family.isGated, width: try feedForwardWidth(experts), experts: experts)
  }

  private func feedForwardWidth(_ experts: ExpertPlan?) throws(ConfigurationError) -> Int {
    let limits = ArchitectureLimits.feedForwardWidth
    guard let experts, case .required = family.experts else {
      return try uniformInteger("feed_forward_length", in: limits)
    }
    if try fields.has(key("expert_feed_forward_length")) {
      return try uniformInteger("expert_feed_forward_length", in: limits)
    }
    return max(try uniformInteger("feed_forward_length", in: limits) / experts.usedCount, 1)
  }

  private func experts(layerCount: Int) throws(ConfigurationError) -> ExpertPlan? {
    let smallest: Int
    switch family.experts {
    case .none: return nil
    case .optional: smallest = 0
    case .required: smallest = 1
    }
    let largest = min(ArchitectureLimits.expertCount.upperBound, ArchitectureLimits.expertsInAllLayers / layerCount)
    let count = try fields.integer(
      key("expert_count"), in: smallest...largest, default: smallest == 0 ? 0 : nil)
    guard count > 0 else { return nil }
    // What only other families do; their files would otherwise run, and wrongly.
    let usualValues = [
      ("expert_shared_count", [0]), ("expert_gating_func", [0, 1]), ("expert_weights_scale", [0, 1]),
    ]
    for (name, usual) in usualValues {
      let value = try fields.number(key(name), in: -1e9...1e9, default: 0)
      guard usual.contains(where: { Double($0) == value }) else {
        throw fields.unsupported(key(name), found: "\(value)", supported: "softmax routing to plain experts")
      }
    }
    return ExpertPlan(
      count: count, usedCount: try uniformInteger("expert_used_count", in: 1...count),
      normalizesWeights: try fields.flag(key("expert_weights_norm"), default: true))
  }
}
