import MosoFormats
import MosoModel

// MARK: Windows and rotation, layer by layer

extension GGUFReader {
  /// What differs from layer to layer, and the rotary tables that the layers name.
  func layers(
    count: Int, headSize: Int, contextLength: Int
  ) throws(ConfigurationError) -> ([LayerPlan], [RotaryPlan]) {
    let (isWindowed, window) = try windowedLayers(count: count)
    // A window that no sequence can outgrow is none.
    let effectiveWindow = window < contextLength ? window : nil
    let rotaries = try rotaries(headSize: headSize, contextLength: contextLength)
    let localRotary = rotaries.count - 1
    let layers = (0..<count).map { layer in
      let isRotated = !rotaries.isEmpty && (family.unrotatedInterval.map { (layer + 1) % $0 != 0 } ?? true)
      return LayerPlan(
        window: isWindowed[layer] ? effectiveWindow : nil,
        rotary: isRotated ? (isWindowed[layer] ? localRotary : 0) : nil)
    }
    return (layers, rotaries)
  }

  /// Whether each layer attends through a window, and how wide it is.
  private func windowedLayers(count: Int) throws(ConfigurationError) -> (isWindowed: [Bool], window: Int) {
    let none = (isWindowed: Array(repeating: false, count: count), window: 0)
    let range = 0...ArchitectureLimits.contextLength.upperBound
    switch family.windows {
    case .none: return none
    case .everyLayer:
      let window = try fields.integer(key("attention.sliding_window"), in: range, default: 0)
      return window == 0 ? none : (Array(repeating: true, count: count), window)
    case .periodic(let fallback, let period):
      let window = try fields.integer(key("attention.sliding_window"), in: range, default: fallback)
      return window == 0 ? none : (try pattern(count: count, period: period), window)
    }
  }

  /// The layers that have a window: those that a list of switches names, or all but every so many-th.
  private func pattern(count: Int, period fallback: Int) throws(ConfigurationError) -> [Bool] {
    let key = key("attention.sliding_window_pattern")
    guard let value = try fields.value(key), value.arrayValue != nil else {
      let period = try fields.integer(key, in: 0...ArchitectureLimits.layerCount.upperBound, default: fallback)
      return (1...count).map { period == 0 || $0 % period != 0 }
    }
    var pattern: [Bool] = []
    for (layer, value) in (try fields.list(key, count: count) ?? []).enumerated() {
      guard let isWindowed = value.boolValue else {
        throw fields.invalid("\(key)[\(layer)]", value, expected: "true or false")
      }
      pattern.append(isWindowed)
    }
    return pattern
  }
}

// MARK: Rotary tables

extension GGUFReader {
  /// The rotary table of the model, followed by that of windowed layers where they have their own.
  private func rotaries(headSize: Int, contextLength: Int) throws(ConfigurationError) -> [RotaryPlan] {
    guard let pairing = family.pairing else { return [] }
    let dimensions = try fields.integer(key("rope.dimension_count"), in: 2...max(headSize, 2), default: headSize)
    // The converter reorders whole heads for adjacent pairs, so that all of a head must turn.
    guard dimensions % 2 == 0, dimensions <= headSize, pairing == .halves || dimensions == headSize else {
      throw fields.invalid(
        key("rope.dimension_count"), found: "\(dimensions)",
        expected: pairing == .halves
          ? "an even number up to the head's size, which is \(headSize)" : "the head's size, which is \(headSize)")
    }
    let limits = ArchitectureLimits.rotaryBase
    let base = try fields.number(key("rope.freq_base"), in: limits, default: 10_000)
    var plan = try scaling(pairs: dimensions / 2, contextLength: contextLength)
      .plan(base: base, dimensions: dimensions, pairing: pairing)
    plan.amplitude *= Float(
      try fields.number(key("rope.scaling.attn_factor"), in: ArchitectureLimits.scale, default: 1))
    guard let fallback = family.localRotaryBase else { return [plan] }
    let localBase = try fields.number(key("rope.freq_base_swa"), in: limits, default: fallback)
    return [plan, RotaryScaling.none.plan(base: localBase, dimensions: dimensions, pairing: pairing)]
  }

  private func scaling(pairs: Int, contextLength: Int) throws(ConfigurationError) -> RotaryScaling {
    let type = try fields.text(key("rope.scaling.type"), default: "linear")
    let limits = ArchitectureLimits.scale
    // Old files have the factor under another name, and 0 where they mean none.
    let oldFactor = try fields.number(key("rope.scale_linear"), in: 0...limits.upperBound, default: 0)
    let written = try fields.number(key("rope.scaling.factor"), in: 0...limits.upperBound, default: oldFactor)
    let factor = written == 0 || type == "none" ? 1 : written
    let originalContextLength = try fields.integer(
      key("rope.scaling.original_context_length"), in: 2...ArchitectureLimits.contextLength.upperBound,
      default: max(contextLength, 2))
    if shapes["rope_factors_long.weight"] != nil || shapes["rope_factors_short.weight"] != nil {
      return .longRope(
        short: try divisors("rope_factors_short.weight", pairs: pairs),
        long: try divisors("rope_factors_long.weight", pairs: pairs), amplitude: 1,
        originalContextLength: originalContextLength)
    }
    if shapes["rope_freqs.weight"] != nil {
      return .divisors(try divisors("rope_freqs.weight", pairs: pairs).map { $0 * factor })
    }
    switch type {
    case "none", "longrope": return .none
    case "linear": return factor == 1 ? .none : .linear(factor: factor)
    case "yarn": return .yarn(try yarn(factor: factor, originalContextLength: originalContextLength))
    default:
      throw fields.unsupported(
        key("rope.scaling.type"), found: ConfigurationFields.describe(type),
        supported: "none, linear, yarn or longrope")
    }
  }

  private func yarn(factor: Double, originalContextLength: Int) throws(ConfigurationError) -> YaRN {
    let limits = ArchitectureLimits.scale
    var amplitude = YaRN.recommendedAmplitude(factor: factor)
    let multiplier = try fields.number(key("rope.scaling.yarn_log_multiplier"), in: 0...limits.upperBound, default: 0)
    if multiplier > 0 { amplitude /= YaRN.recommendedAmplitude(factor: factor, multiplier: multiplier) }
    return YaRN(
      factor: factor, originalContextLength: originalContextLength,
      fastRotations: try fields.number(key("rope.scaling.yarn_beta_fast"), in: limits, default: 32),
      slowRotations: try fields.number(key("rope.scaling.yarn_beta_slow"), in: limits, default: 1),
      extrapolation: try fields.number(key("rope.scaling.yarn_ext_factor"), in: 0...1, default: 1),
      amplitude: try fields.number(key("rope.scaling.yarn_attn_factor"), in: limits, default: amplitude))
  }

  /// The divisors in a tensor of one for each pair.
  private func divisors(_ name: String, pairs: Int) throws(ConfigurationError) -> [Double] {
    guard let shape = shapes[name] else { throw fields.missing("tensor \(name)", expected: "\(pairs) divisors") }
    guard shape == [pairs] else {
      throw fields.invalid("the shape of tensor \(name)", found: "\(shape)", expected: "[\(pairs)]")
    }
    let values = try values(name)
    guard values.count == pairs, values.allSatisfy(ArchitectureLimits.scale.contains) else {
      throw fields.invalid("tensor \(name)", found: "a value out of range", expected: "\(pairs) positive divisors")
    }
    return values
  }
}
