/// What a tensor is for, whatever its file calls it.
public struct TensorRole: Sendable, Hashable {
  /// The part of a transformer that a tensor belongs to.
  public enum Module: String, Sendable, Hashable, CaseIterable {
    /// The table with one row for each token of the vocabulary.
    case tokenEmbedding
    /// The table with one row for each position, in families that learn positions.
    case positionEmbedding
    /// The norm before the output head.
    case finalNorm
    /// The output head, with one row for each token of the vocabulary.
    case head
    /// The norm before attention.
    case attentionNorm
    /// The projection that makes the queries of all heads.
    case query
    /// The projection that makes the keys of all heads.
    case key
    /// The projection that makes the values of all heads.
    case value
    /// The norm of each query head before rotation.
    case queryNorm
    /// The norm of each key head before rotation.
    case keyNorm
    /// The projection that brings the heads back to the residual stream.
    case attentionOutput
    /// The norm of attention's output before it joins the residual stream.
    case attentionOutputNorm
    /// The norm before the feed-forward part.
    case feedForwardNorm
    /// The projection that scores the experts of a mixture.
    case router
    /// The projection to hidden units that gates those of `up`.
    case gate
    /// The projection to the hidden units.
    case up
    /// The projection from the hidden units back to the residual stream.
    case down
    /// The norm of the feed-forward part's output before it joins the residual stream.
    case feedForwardOutputNorm
  }

  /// Which of a module's two tensors it is; the gain of a norm is its weight.
  public enum Part: String, Sendable, Hashable {
    /// The matrix of a projection or a table, or the gain of a norm.
    case weight
    /// What is added after multiplying.
    case bias
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
