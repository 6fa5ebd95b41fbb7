import MosoCheckpoints
import MosoModel

extension Transformer {
  /// Puts a transformer together from its parts, which `parameter` finds by their roles.
  ///
  /// - Parameter parameter: The parameter of a role, or `nil` where the model has none.
  init(
    architecture: Architecture, _ parameter: @escaping (TensorRole) throws -> Parameter?
  ) throws {
    let parts = TransformerParts(parameter: parameter)
    let embedding = try parts.required(TensorRole(.tokenEmbedding))
    self.init(
      architecture: architecture,
      tokenEmbedding: embedding,
      positionEmbedding: try parameter(TensorRole(.positionEmbedding)),
      blocks: try architecture.layers.indices.map { try parts.block($0, architecture) },
      finalNorm: try parts.norm(.finalNorm, layer: nil),
      head: architecture.hasTiedHead
        ? Linear(weight: embedding, bias: try parameter(TensorRole(.head, .bias)))
        : try parts.linear(.head, layer: nil))
  }
}

/// Finds the parts of a transformer by their roles.
private struct TransformerParts<Parameter> {
  let parameter: (TensorRole) throws -> Parameter?

  func required(_ role: TensorRole) throws -> Parameter {
    guard let found = try parameter(role) else {
      preconditionFailure("resolving a checkpoint's names promised \(role)")
    }
    return found
  }

  func linear(_ module: TensorRole.Module, layer: Int?, expert: Int? = nil) throws -> Linear<Parameter> {
    Linear(
      weight: try required(TensorRole(module, layer: layer, expert: expert)),
      bias: try parameter(TensorRole(module, .bias, layer: layer, expert: expert)))
  }

  func norm(_ module: TensorRole.Module, layer: Int?) throws -> Norm<Parameter> {
    Norm(
      gain: try required(TensorRole(module, layer: layer)),
      bias: try parameter(TensorRole(module, .bias, layer: layer)))
  }

  func optionalNorm(_ module: TensorRole.Module, layer: Int) throws -> Norm<Parameter>? {
    guard let gain = try parameter(TensorRole(module, layer: layer)) else { return nil }
    return Norm(gain: gain, bias: try parameter(TensorRole(module, .bias, layer: layer)))
  }

  func gated(layer: Int, expert: Int? = nil) throws -> GatedWeights<Parameter> {
    GatedWeights(
      gate: try linear(.gate, layer: layer, expert: expert), up: try linear(.up, layer: layer, expert: expert),
      down: try linear(.down, layer: layer, expert: expert))
  }

  func block(_ layer: Int, _ architecture: Architecture) throws -> Block<Parameter> {
    let feedForward: FeedForwardWeights<Parameter>
    if let experts = architecture.feedForward.experts {
      feedForward = .experts(
        router: try linear(.router, layer: layer),
        try (0..<experts.count).map { try gated(layer: layer, expert: $0) })
    } else if architecture.feedForward.isGated {
      feedForward = .gated(try gated(layer: layer))
    } else {
      feedForward = .plain(up: try linear(.up, layer: layer), down: try linear(.down, layer: layer))
    }
    return Block(
      attentionNorm: try norm(.attentionNorm, layer: layer),
      attention: AttentionWeights(
        query: try linear(.query, layer: layer), key: try linear(.key, layer: layer),
        value: try linear(.value, layer: layer), output: try linear(.attentionOutput, layer: layer),
        queryNorm: try optionalNorm(.queryNorm, layer: layer), keyNorm: try optionalNorm(.keyNorm, layer: layer)),
      attentionOutputNorm: try optionalNorm(.attentionOutputNorm, layer: layer),
      feedForwardNorm: try norm(.feedForwardNorm, layer: layer),
      feedForward: feedForward,
      feedForwardOutputNorm: try optionalNorm(.feedForwardOutputNorm, layer: layer))
  }
}
