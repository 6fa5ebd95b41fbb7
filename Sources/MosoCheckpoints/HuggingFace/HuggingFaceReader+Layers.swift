import MosoFormats
import MosoModel

// MARK: Windows and rotation, layer by layer

extension HuggingFaceReader {
  /// What differs from layer to layer, where `rotaryCount` says how many rotary tables there are.
  func layers(
    count: Int, contextLength: Int, rotaryCount: Int
  ) throws(ConfigurationError) -> [LayerPlan] {
    let isRotated = try rotatedLayers(count: count)
    let (isWindowed, window) = try windowedLayers(count: count, isRotated: isRotated)
    // A window that no sequence can outgrow is none.
    let effectiveWindow = window.flatMap { $0 < contextLength ? $0 : nil }
    let localRotary = rotaryCount - 1
    return (0..<count).map { layer in
      LayerPlan(
        window: isWindowed[layer] ? effectiveWindow : nil,
        rotary: isRotated[layer] ? (isWindowed[layer] ? localRotary : 0) : nil)
    }
  }

  /// Whether each layer rotates queries and keys.
  private func rotatedLayers(count: Int) throws(ConfigurationError) -> [Bool] {
    guard let rotary = family.rotary else { return Array(repeating: false, count: count) }
    guard let fallback = rotary.unrotatedInterval else { return Array(repeating: true, count: count) }
    guard let value = try fields.value("no_rope_layers"), value != .null else {
      let range = 1...ArchitectureLimits.layerCount.upperBound
      let interval = try fields.integer("no_rope_layer_interval", in: range, default: fallback)
      return (1...count).map { $0 % interval != 0 }
    }
    // 1 where a layer does rotate; the list may be longer than the model.
    guard let list = value.arrayValue, list.count >= count else {
      throw fields.invalid("no_rope_layers", value, expected: "a list of at least \(count)")
    }
    var isRotated: [Bool] = []
    for (layer, value) in list.prefix(count).enumerated() {
      guard let number = value.integerValue, (0...1).contains(number) else {
        throw fields.invalid("no_rope_layers[\(layer)]", value, expected: "0 or 1")
      }
      isRotated.append(number == 1)
    }
    return isRotated
  }

  /// Whether each layer attends through a window, and how wide it is.
  private func windowedLayers(count: Int, isRotated: [Bool]) throws(ConfigurationError) -> ([Bool], Int?) {
    let none = Array(repeating: false, count: count)
    let all = Array(repeating: true, count: count)
    switch family.windows {
    case .none: return (none, nil)
    case .everyLayer(let fallback):
      let window = try window(default: fallback)
      return (window == nil ? none : all, window)
    case .everyLayerWhenUsed(let fallback):
      let window = try windowWhenUsed(default: fallback)
      return (window == nil ? none : all, window)
    case .lateLayersWhenUsed(let fallback, let first):
      let window = try windowWhenUsed(default: fallback)
      let range = 0...ArchitectureLimits.layerCount.upperBound
      let start = window == nil ? count : try fields.integer("max_window_layers", in: range, default: first)
      return try typed((0..<count).map { $0 >= start }, window)
    case .unrotatedLayersWhenUsed:
      let window = try windowWhenUsed(default: nil)
      return try typed(window == nil ? none : isRotated.map { !$0 }, window)
    case .periodic(let fallback, let period, let readsPeriod):
      let range = 1...ArchitectureLimits.layerCount.upperBound
      let period = readsPeriod ? try fields.integer("sliding_window_pattern", in: range, default: period) : period
      return try typed((1...count).map { $0 % period != 0 }, try window(default: fallback))
    }
  }

  private func window(default fallback: Int?) throws(ConfigurationError) -> Int? {
    try fields.nullableInteger("sliding_window", in: ArchitectureLimits.contextLength, default: fallback)
  }

  private func windowWhenUsed(default fallback: Int?) throws(ConfigurationError) -> Int? {
    try fields.flag("use_sliding_window", default: false) ? window(default: fallback) : nil
  }

  /// The layers that `layer_types` names, where it is there, and otherwise `fallback`.
  private func typed(_ fallback: [Bool], _ window: Int?) throws(ConfigurationError) -> ([Bool], Int?) {
    var isWindowed = fallback
    if let types = try fields.list("layer_types", count: fallback.count) {
      for (layer, type) in types.enumerated() {
        switch type.stringValue {
        case "full_attention": isWindowed[layer] = false
        case "sliding_attention": isWindowed[layer] = true
        default:
          throw fields.unsupported(
            "layer_types[\(layer)]", found: ConfigurationFields.describe(type),
            supported: "full_attention and sliding_attention")
        }
      }
    }
    if window == nil && isWindowed.contains(true) {
      throw fields.invalid("sliding_window", found: "null", expected: "a number for the layers that have a window")
    }
    return (isWindowed, window)
  }
}
