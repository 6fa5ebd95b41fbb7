import MosoFormats
import MosoModel

// MARK: Rotary tables

extension HuggingFaceReader {
  /// How the model rotates, followed by how its windowed layers do where that is something else.
  func rotaries(headSize: Int, contextLength: Int) throws(ConfigurationError) -> [RotarySettings] {
    guard let rule = family.rotary else { return [] }
    let tables = try rotaryFields()
    let base = try rotaryBase(tables.all, "rope_theta", default: rule.base)
    let scaling = try scaling(tables.all, headSize: headSize, contextLength: contextLength)
    let dimensions = try rotatedDimensions(tables.all, headSize: headSize)
    let settings = RotarySettings(base: base, dimensions: dimensions, scaling: scaling)
    guard let localFallback = rule.localBase else { return [settings] }
    let localBase = try rotaryBase(tables.local, "rope_local_base_freq", default: localFallback)
    let localScaling =
      try tables.local.map { (fields) throws(ConfigurationError) in
        try self.scaling(fields, headSize: headSize, contextLength: contextLength)
      } ?? .none
    return [settings, RotarySettings(base: localBase, dimensions: dimensions, scaling: localScaling)]
  }

  /// The object that describes rotation, in its older or newer place, and the one for windowed layers alone.
  private func rotaryFields() throws(ConfigurationError) -> (all: ConfigurationFields?, local: ConfigurationFields?) {
    if let scaling = try fields.object("rope_scaling") { return (scaling, nil) }
    guard let parameters = try fields.object("rope_parameters") else { return (nil, nil) }
    let full = try parameters.object("full_attention")
    let sliding = try parameters.object("sliding_attention")
    return full == nil && sliding == nil ? (parameters, nil) : (full, sliding)
  }

  private func rotaryBase(
    _ rotary: ConfigurationFields?, _ key: String, default fallback: Double
  ) throws(ConfigurationError) -> Double {
    let outer = try fields.number(key, in: ArchitectureLimits.rotaryBase, default: fallback)
    return try rotary?.number("rope_theta", in: ArchitectureLimits.rotaryBase, default: outer) ?? outer
  }

  private func rotatedDimensions(
    _ rotary: ConfigurationFields?, headSize: Int
  ) throws(ConfigurationError) -> Int {
    var dimensions = headSize
    if family.rotary?.mayBePartial == true {
      let outer = try fields.number("partial_rotary_factor", in: 0...1, default: 1)
      let fraction = try rotary?.number("partial_rotary_factor", in: 0...1, default: outer) ?? outer
      dimensions = Int(Double(headSize) * fraction)
    }
    guard dimensions >= 2, dimensions % 2 == 0 else {
      throw fields.invalid(
        "the number of rotated dimensions", found: "\(dimensions)", expected: "an even number from 2 to \(headSize)")
    }
    return dimensions
  }

  private func scaling(
    _ rotary: ConfigurationFields?, headSize: Int, contextLength: Int
  ) throws(ConfigurationError) -> RotaryScaling {
    guard let rotary else { return .none }
    let type = try rotary.text("rope_type", default: try rotary.text("type", default: "default"))
    let key = try rotary.has("rope_type") ? "rope_type" : "type"
    switch (type, family.rotary?.originalContextLength) {
    case ("default", _): return .none
    // Frequencies change only beyond the context length, which no sequence is let past.
    case ("dynamic", _): return .none
    // Phi 3 once wrote its scaling under other names.
    case ("longrope", _), ("su", .some), ("yarn", .some):
      return try longRope(rotary, headSize: headSize, contextLength: contextLength)
    case ("linear", _): return .linear(factor: try factor(rotary))
    case ("yarn", nil): return .yarn(try yarn(rotary, contextLength: contextLength))
    case ("llama3", _): return try llama3(rotary, contextLength: contextLength)
    default:
      throw rotary.unsupported(
        key, found: ConfigurationFields.describe(type), supported: "default, linear, dynamic, llama3, yarn or longrope")
    }
  }

  private func factor(_ rotary: ConfigurationFields) throws(ConfigurationError) -> Double {
    try rotary.number("factor", in: ArchitectureLimits.scale)
  }

  /// The context length before scaling. Phi 3 keeps it beside the context length, where it counts for more.
  private func originalContextLength(
    _ rotary: ConfigurationFields, contextLength: Int
  ) throws(ConfigurationError) -> Int {
    let range = 2...ArchitectureLimits.contextLength.upperBound
    let key = "original_max_position_embeddings"
    if let fallback = family.rotary?.originalContextLength {
      return try fields.integer(key, in: range, default: fallback)
    }
    return try rotary.integer(key, in: range, default: contextLength)
  }

  private func llama3(
    _ rotary: ConfigurationFields, contextLength: Int
  ) throws(ConfigurationError) -> RotaryScaling {
    let low = try rotary.number("low_freq_factor", in: ArchitectureLimits.scale)
    let high = try rotary.number("high_freq_factor", in: ArchitectureLimits.scale)
    guard high > low else {
      throw rotary.invalid("high_freq_factor", found: "\(high)", expected: "more than low_freq_factor, which is \(low)")
    }
    return .llama3(
      factor: try factor(rotary), lowFrequencyFactor: low, highFrequencyFactor: high,
      originalContextLength: try originalContextLength(rotary, contextLength: contextLength))
  }

  private func yarn(_ rotary: ConfigurationFields, contextLength: Int) throws(ConfigurationError) -> YaRN {
    let factor = try factor(rotary)
    let limits = ArchitectureLimits.scale
    var amplitude = YaRN.recommendedAmplitude(factor: factor)
    // Both are needed, and zero counts as absent.
    if let over = try rotary.nullableNumber("mscale", in: 0...limits.upperBound, default: nil), over > 0,
      let under = try rotary.nullableNumber("mscale_all_dim", in: 0...limits.upperBound, default: nil), under > 0
    {
      amplitude =
        YaRN.recommendedAmplitude(factor: factor, multiplier: over)
        / YaRN.recommendedAmplitude(factor: factor, multiplier: under)
    }
    return YaRN(
      factor: factor,
      originalContextLength: try originalContextLength(rotary, contextLength: contextLength),
      fastRotations: try rotary.number("beta_fast", in: limits, default: 32),
      slowRotations: try rotary.number("beta_slow", in: limits, default: 1),
      roundsEnds: try rotary.flag("truncate", default: true),
      amplitude: try rotary.number("attention_factor", in: limits, default: amplitude))
  }

  private func longRope(
    _ rotary: ConfigurationFields, headSize: Int, contextLength: Int
  ) throws(ConfigurationError) -> RotaryScaling {
    let pairs = try rotatedDimensions(rotary, headSize: headSize) / 2
    func divisors(_ key: String) throws(ConfigurationError) -> [Double] {
      guard let numbers = try rotary.numbers(key, count: pairs, in: ArchitectureLimits.scale) else {
        throw rotary.missing(key, expected: "a list of \(pairs) numbers")
      }
      return numbers
    }
    let original = try originalContextLength(rotary, contextLength: contextLength)
    let factor = try rotary.number(
      "factor", in: ArchitectureLimits.scale, default: Double(contextLength) / Double(original))
    let amplitude = RotaryScaling.longRopeAmplitude(factor: factor, originalContextLength: original)
    return .longRope(
      short: try divisors("short_factor"), long: try divisors("long_factor"),
      amplitude: try rotary.number("attention_factor", in: ArchitectureLimits.scale, default: amplitude),
      originalContextLength: original)
  }
}
