import MosoFormats
import MosoModel

extension GGUFFamily {
  /// The metadata that say what an architecture computes: the inverse of `GGUFReader`.
  ///
  /// Only keys are written that llama.cpp reads for the family too; what they cannot say is found by reading them back.
  ///
  /// - Parameter rotaries: What the architecture's rotary tables were worked out from.
  func entries(_ model: Architecture, rotaries: [RotarySettings]) -> [GGUFWriter.Entry] {
    var writer = FamilyWriter(family: architecture)
    writer.integer("block_count", model.layers.count)
    writer.integer("context_length", model.contextLength)
    writer.integer("embedding_length", model.width)
    writer.integer("vocab_size", model.vocabularySize)
    writer.integer("attention.head_count", model.attention.headCount)
    writer.integer("attention.head_count_kv", model.attention.keyValueHeadCount)
    writer.number(epsilonKey, model.norm.epsilon)
    if pairing != nil {
      writer.integer("attention.key_length", model.attention.headSize)
      writer.integer("attention.value_length", model.attention.headSize)
    }
    writeFeedForward(model.feedForward, &writer)
    writeWindows(model, &writer)
    if scoreSoftcap != nil, let cap = model.attention.scoreSoftcap { writer.number("attn_logit_softcapping", cap) }
    if logitSoftcap != nil, let cap = model.logitSoftcap { writer.number("final_logit_softcapping", cap) }
    writeRotation(rotaries, contextLength: model.contextLength, &writer)
    return writer.entries
  }

  private func writeFeedForward(_ plan: FeedForwardPlan, _ writer: inout FamilyWriter) {
    guard let experts = plan.experts else { return writer.integer("feed_forward_length", plan.width) }
    writer.integer("expert_count", experts.count)
    writer.integer("expert_used_count", experts.usedCount)
    if case .required = self.experts {
      // Of a family whose experts have a width of their own, the other is that of all experts in use.
      writer.integer("expert_feed_forward_length", plan.width)
      writer.integer("feed_forward_length", plan.width * experts.usedCount)
    } else {
      writer.integer("feed_forward_length", plan.width)
    }
  }

  private func writeWindows(_ model: Architecture, _ writer: inout FamilyWriter) {
    let window = model.layers.lazy.compactMap(\.window).first
    switch windows {
    case .none: break
    case .everyLayer: writer.integer("attention.sliding_window", window ?? 0)
    case .periodic(_, let period):
      // A window as long as the context is none, but readers expect a number.
      writer.integer("attention.sliding_window", window ?? model.contextLength)
      let isWindowed = model.layers.map { $0.window != nil }
      guard window != nil, isWindowed != model.layers.indices.map({ ($0 + 1) % period != 0 }) else { return }
      writer.add("attention.sliding_window_pattern", .array(.bool, isWindowed.map { .bool($0) }))
    }
  }
}

// MARK: Rotation

extension GGUFFamily {
  private func writeRotation(_ rotaries: [RotarySettings], contextLength: Int, _ writer: inout FamilyWriter) {
    guard pairing != nil, let rotary = rotaries.first else { return }
    writer.integer("rope.dimension_count", rotary.dimensions)
    writer.number("rope.freq_base", Float(rotary.base))
    if localRotaryBase != nil, let local = rotaries.last { writer.number("rope.freq_base_swa", Float(local.base)) }
    switch rotary.scaling {
    // Divisors are tensors.
    case .none, .llama3, .divisors: break
    case .linear(let factor):
      writer.add("rope.scaling.type", .string("linear"))
      writer.number("rope.scaling.factor", Float(factor))
    case .yarn(let yarn):
      writer.add("rope.scaling.type", .string("yarn"))
      writer.number("rope.scaling.factor", Float(yarn.factor))
      writer.integer("rope.scaling.original_context_length", yarn.originalContextLength)
      if yarn.fastRotations != 32 { writer.number("rope.scaling.yarn_beta_fast", Float(yarn.fastRotations)) }
      if yarn.slowRotations != 1 { writer.number("rope.scaling.yarn_beta_slow", Float(yarn.slowRotations)) }
    case .longRope(_, _, let amplitude, let originalContextLength):
      writer.add("rope.scaling.type", .string("longrope"))
      writer.integer("rope.scaling.original_context_length", originalContextLength)
      writer.number("rope.scaling.attn_factor", Float(amplitude))
    }
  }

  /// The tensors of divisors that go with the metadata: one number for each pair of elements that turn together.
  func divisors(_ rotaries: [RotarySettings]) -> [(name: String, values: [Float])] {
    guard takesDivisors, let rotary = rotaries.first else { return [] }
    switch rotary.scaling {
    case .none, .linear, .yarn: return []
    case .divisors(let divisors): return [("rope_freqs.weight", divisors.map { Float($0) })]
    case .longRope(let short, let long, _, _):
      return [
        ("rope_factors_long.weight", long.map { Float($0) }), ("rope_factors_short.weight", short.map { Float($0) }),
      ]
    case .llama3:
      let plain = RotarySettings(base: rotary.base, dimensions: rotary.dimensions, scaling: .none).plan(
        pairing: .halves)
      let scaled = rotary.plan(pairing: .halves)
      return [("rope_freqs.weight", zip(plain.frequencies, scaled.frequencies).map { $0 / $1 })]
    }
  }
}

/// Collects metadata whose keys begin with the family's name.
private struct FamilyWriter {
  let family: String
  private(set) var entries: [GGUFWriter.Entry] = []

  init(family: String) { self.family = family }

  mutating func add(_ key: String, _ value: GGUFValue) { entries.append(.init("\(family).\(key)", value)) }

  /// Adds a whole number; `ArchitectureLimits` keep all of them below 2^31.
  mutating func integer(_ key: String, _ value: Int) { add(key, .uint32(UInt32(value))) }

  mutating func number(_ key: String, _ value: Float) { add(key, .float32(value)) }
}
