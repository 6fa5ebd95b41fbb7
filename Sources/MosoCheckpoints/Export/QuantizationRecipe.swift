import MosoModel
public import MosoTensor

/// Which element type each tensor of a model gets; the names are those that people know from llama.cpp's files.
///
/// Norms, biases, learned positions and the routers of mixtures are always F32: they are small and matter much. Tensors
/// that decide most about the output get a finer type than the name says: the head, and with `q4KM` and `q5KM` the
/// values and downward projections of half the layers.
public enum QuantizationRecipe: String, Sendable, Hashable, CaseIterable {
  /// 32-bit floats, as a reference.
  case f32 = "F32"
  /// IEEE halves.
  case f16 = "F16"
  /// The upper halves of 32-bit floats, which is how most models are published.
  case bf16 = "BF16"
  /// 8 bits and a scale for every 32.
  case q8_0 = "Q8_0"
  /// 6 bits and a scale of 8 bits for every 16.
  case q6K = "Q6_K"
  /// 5 bits with scales and minima of 6 bits, and 6 bits where it matters.
  case q5KM = "Q5_K_M"
  /// 5 bits, a scale and a minimum for every 32.
  case q5_1 = "Q5_1"
  /// 5 bits and a scale for every 32.
  case q5_0 = "Q5_0"
  /// 4 bits with scales and minima of 6 bits, and 6 bits where it matters: the usual choice.
  case q4KM = "Q4_K_M"
  /// 4 bits, a scale and a minimum for every 32.
  case q4_1 = "Q4_1"
  /// 4 bits and a scale for every 32.
  case q4_0 = "Q4_0"

  /// The recipe that people call `name`, in capitals or not.
  public init?(named name: String) { self.init(rawValue: name.uppercased()) }

  /// The number that `general.file_type` gives the recipe.
  public var fileType: UInt32 {
    switch self {
    case .f32: 0
    case .f16: 1
    case .q4_0: 2
    case .q4_1: 3
    case .q8_0: 7
    case .q5_0: 8
    case .q5_1: 9
    case .q4KM: 15
    case .q5KM: 17
    case .q6K: 18
    case .bf16: 32
    }
  }

  /// The type of most matrices.
  public var elementType: ElementType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .q8_0: .q8_0
    case .q6K: .q6K
    case .q5KM: .q5K
    case .q5_1: .q5_1
    case .q5_0: .q5_0
    case .q4KM: .q4K
    case .q4_1: .q4_1
    case .q4_0: .q4_0
    }
  }
}

extension QuantizationRecipe: CustomStringConvertible {
  /// The name, as in `Q4_K_M`.
  public var description: String { rawValue }
}

extension QuantizationRecipe {
  /// The type of one tensor, as llama.cpp's quantiser without an importance matrix would choose it.
  ///
  /// - Parameters:
  ///   - roles: What the tensor holds: all of queries, keys and values where they share a matrix.
  ///   - rowLength: The length of its rows. Where they are not whole blocks of the type, the next finer type with
  ///     smaller blocks is taken: Q5_0 for Q4_K, Q5_1 for Q5_K, Q8_0 for Q6_K; F16 where they are not even multiples
  ///     of 32.
  ///   - architecture: The model it belongs to.
  func elementType(of roles: [TensorRole], rowLength: Int, in architecture: Architecture) -> ElementType {
    guard let role = roles.first, role.part == .weight, !role.module.isNorm, role.module != .positionEmbedding,
      role.module != .router
    else { return .f32 }
    var type = elementType
    if type.elementsPerBlock > 1 {
      type = preferred(Set(roles.map(\.module)), layer: role.layer ?? 0, in: architecture)
    }
    while rowLength % type.elementsPerBlock != 0 { type = Self.fallback(for: type) }
    return type
  }

  private func preferred(
    _ modules: Set<TensorRole.Module>, layer: Int, in architecture: Architecture
  ) -> ElementType {
    let plain = elementType
    let mixes = self == .q4KM || self == .q5KM
    let hasFewExperts = architecture.feedForward.experts?.count == 8
    let needsMore = mixes && Self.isSensitive(layer: layer, of: architecture.layers.count)
    switch modules {
    case [.head]: return plain == .q8_0 ? .q8_0 : .q6K
    case [.tokenEmbedding] where architecture.hasTiedHead: return plain == .q8_0 ? .q8_0 : .q6K
    case [.query, .key, .value]: return mixes ? (self == .q4KM ? .q5K : .q6K) : plain
    // Eight experts share these small matrices.
    case [.key] where hasFewExperts, [.value] where hasFewExperts: return .q8_0
    case [.attentionOutput] where hasFewExperts && self == .q4KM: return .q5K
    case [.value]:
      if needsMore { return .q6K }
      // In models of 70 billion parameters eight heads share each value.
      let isShared = architecture.layers.count == 80 && architecture.attention.isGrouped
      return isShared && plain == .q4K ? .q5K : plain
    case [.down]: return needsMore ? .q6K : plain
    default: return plain
    }
  }

  /// The first and last eighth of the layers, and every third between.
  private static func isSensitive(layer: Int, of count: Int) -> Bool {
    let eighth = count / 8
    return layer < eighth || layer >= 7 * count / 8 || (layer - eighth) % 3 == 2
  }

  private static func fallback(for type: ElementType) -> ElementType {
    switch type {
    case .q4K: .q5_0
    case .q5K: .q5_1
    case .q6K: .q8_0
    default: .f16
    }
  }
}

extension AttentionPlan {
  fileprivate var isGrouped: Bool { keyValueHeadCount < headCount }
}
