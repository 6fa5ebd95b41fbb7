import MosoEngine
import MosoFormats
import MosoModel
import MosoTensor
import MosoTerminal

extension ModelSummary {
  /// The architecture and the memory in words.
  func facts(cache: CacheType) -> [(String, String)] {
    let attention = architecture.attention
    var facts = [
      ("name", name), ("format", "\(format), \(QuantityFormat.bytes(fileSize))"),
      ("architecture", architecture.family), ("parameters", QuantityFormat.count(parameterCount)),
      ("layers", "\(architecture.layers.count)"), ("width", "\(architecture.width)"),
      (
        "attention",
        "\(attention.headCount) heads of \(attention.headSize), \(attention.keyValueHeadCount) for keys and values"
      ),
      ("feed-forward", feedForward), ("vocabulary", "\(architecture.vocabularySize)"),
      ("context", "\(architecture.contextLength) tokens"),
      ("weights", bytesByType.map { "\($0.type) \(QuantityFormat.bytes($0.bytes))" }.joined(separator: ", ")),
      ("chat template", chatTemplate == nil ? "none" : "yes"),
    ]
    let weights = QuantityFormat.bytes(weightBytes)
    let keysAndValues = QuantityFormat.bytes(cacheBytes(cache))
    let total = QuantityFormat.bytes(weightBytes + cacheBytes(cache))
    facts.append(("memory", "\(total): \(weights) weights + \(keysAndValues) for \(contextLength) tokens in \(cache)"))
    return facts
  }

  /// The bytes of keys and values of one sequence that fills the context.
  private func cacheBytes(_ cache: CacheType) -> Int {
    let attention = architecture.attention
    let page = KeyValueMemory.pageBytes(
      cache.elementType, layerCount: architecture.layers.count, headCount: attention.keyValueHeadCount,
      headSize: attention.headSize)
    return (contextLength + KeyValueMemory.pageLength - 1) / KeyValueMemory.pageLength * page
  }

  private var feedForward: String {
    let plan = architecture.feedForward
    let kind = plan.isGated ? "gated" : "plain"
    guard let experts = plan.experts else { return "\(plan.width), \(kind)" }
    return "\(experts.count) experts of \(plan.width), \(experts.usedCount) used, \(kind)"
  }

  /// Everything as JSON.
  func json(metadata: JSONObject, cache: CacheType) -> JSONValue {
    let tensors = tensors.map { tensor -> JSONValue in
      [
        "name": .string(tensor.name), "type": .string("\(tensor.elementType)"),
        "shape": .array(tensor.shape.map { .integer($0) }), "bytes": .integer(tensor.byteRange.count),
      ]
    }
    let attention = architecture.attention
    return [
      "name": .string(name), "format": .string(format), "file_bytes": .integer(fileSize),
      "architecture": [
        "family": .string(architecture.family), "parameters": .integer(parameterCount),
        "layers": .integer(architecture.layers.count), "width": .integer(architecture.width),
        "heads": .integer(attention.headCount), "key_value_heads": .integer(attention.keyValueHeadCount),
        "head_size": .integer(attention.headSize), "feed_forward_width": .integer(architecture.feedForward.width),
        "vocabulary": .integer(architecture.vocabularySize), "context_length": .integer(architecture.contextLength),
      ],
      "memory": [
        "weight_bytes": .integer(weightBytes), "cache_bytes": .integer(cacheBytes(cache)),
        "total_bytes": .integer(weightBytes + cacheBytes(cache)), "cache_type": .string(cache.rawValue),
        "context_length": .integer(contextLength),
      ],
      "metadata": .object(metadata),
      "chat_template": chatTemplate.map { .string($0) } ?? .null, "tensors": .array(tensors),
    ]
  }
}
