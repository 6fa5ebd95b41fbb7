/// What a tensor is for, whatever its file calls it.
public struct TensorRole: Sendable, Hashable {
  /// The part of a transformer that a tensor belongs to.
  public enum Module: String, Sendable, Hashable, CaseIterable {
    case tokenEmbedding, positionEmbedding, finalNorm, head
    case attentionNorm, query, key, value, queryNorm, keyNorm, attentionOutput, attentionOutputNorm
    case feedForwardNorm, router, gate, up, down, feedForwardOutputNorm
  }

  /// Which of a module's two tensors it is; the gain of a norm is its weight.
  public enum Part: String, Sendable, Hashable {
    case weight, bias
  }

  /// The part of the model that it belongs to.
  public var module: Module
  /// Which of the module's parameters it is.
  public var part: Part
  /// The layer, counted from 0; `nil` for what the whole model has once.
  public var layer: Int?
  /// The expert, counted from 0, for the gate, up and down projections of a mixture.
  public var expert: Int?

  /// The role of one parameter.
  public init(_ module: Module, _ part: Part = .weight, layer: Int? = nil, expert: Int? = nil) {
    self.module = module
    self.part = part
    self.layer = layer
    self.expert = expert
  }
}

extension TensorRole: CustomStringConvertible {
  public var description: String {
    var text = "\(module.rawValue) \(part.rawValue)"
    if let expert { text += " of expert \(expert)" }
    if let layer { text += " of layer \(layer)" }
    return text
  }
}

extension TensorRole.Module {
  /// Whether the module scales by a gain instead of multiplying by a matrix.
  public var isNorm: Bool {
    switch self {
    case .finalNorm, .attentionNorm, .queryNorm, .keyNorm, .attentionOutputNorm, .feedForwardNorm,
      .feedForwardOutputNorm:
      true
    default: false
    }
  }
}
