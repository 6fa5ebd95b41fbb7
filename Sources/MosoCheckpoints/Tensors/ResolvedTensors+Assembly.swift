public import MosoModel

extension ResolvedTensors {
  /// Builds a transformer from the file in which these tensors were found.
  ///
  /// A tied head shares the parameter of the embedding table.
  ///
  /// - Parameter load: Makes the parameter of a role; called once for each, in the order of the forward pass.
  /// - Precondition: The tensors were resolved for `architecture`.
  public func transformer<Parameter, Failure: Error>(
    _ architecture: Architecture, load: @escaping (TensorRole, TensorSource) throws(Failure) -> Parameter
  ) throws(Failure) -> Transformer<Parameter> {
    let loader = Loader(tensors: self, architecture: architecture, load: load)
    let embedding = try loader.parameter(TensorRole(.tokenEmbedding))
    let positions = architecture.hasLearnedPositions ? try loader.parameter(TensorRole(.positionEmbedding)) : nil
    var blocks: [Block<Parameter>] = []
    blocks.reserveCapacity(architecture.layers.count)
    for layer in architecture.layers.indices { blocks.append(try loader.block(layer)) }
    let finalNorm = try loader.norm(.finalNorm)
    let head = architecture.hasTiedHead ? Linear(weight: embedding) : try loader.linear(.head)
    return Transformer(
      architecture: architecture, tokenEmbedding: embedding, positionEmbedding: positions, blocks: blocks,
      finalNorm: finalNorm, head: head)
  }
}

/// Loads the parts of a transformer.
private struct Loader<Parameter, Failure: Error> {
  let tensors: ResolvedTensors
  let architecture: Architecture
  let load: (TensorRole, TensorSource) throws(Failure) -> Parameter

  func parameter(_ role: TensorRole) throws(Failure) -> Parameter {
    guard let source = tensors[role] else { preconditionFailure("the \(role) was not resolved") }
    return try load(role, source)
  }

  private func optional(_ role: TensorRole) throws(Failure) -> Parameter? {
    guard let source = tensors[role] else { return nil }
    return try load(role, source)
  }

  func linear(_ module: TensorRole.Module, layer: Int? = nil, expert: Int? = nil) throws(Failure) -> Linear<Parameter> {
    Linear(
      weight: try parameter(TensorRole(module, .weight, layer: layer, expert: expert)),
      bias: try optional(TensorRole(module, .bias, layer: layer, expert: expert)))
  }

  func norm(_ module: TensorRole.Module, layer: Int? = nil) throws(Failure) -> Norm<Parameter> {
    Norm(
      gain: try parameter(TensorRole(module, .weight, layer: layer)),
      bias: try optional(TensorRole(module, .bias, layer: layer)))
  }

  func block(_ layer: Int) throws(Failure) -> Block<Parameter> {
    let normalizesOutputs = architecture.norm.followsBranches
    return Block(
      attentionNorm: try norm(.attentionNorm, layer: layer),
      attention: try attention(layer),
      attentionOutputNorm: normalizesOutputs ? try norm(.attentionOutputNorm, layer: layer) : nil,
      feedForwardNorm: try norm(.feedForwardNorm, layer: layer),
      feedForward: try feedForward(layer),
      feedForwardOutputNorm: normalizesOutputs ? try norm(.feedForwardOutputNorm, layer: layer) : nil)
  }

  private func attention(_ layer: Int) throws(Failure) -> AttentionWeights<Parameter> {
    let normalizesHeads = architecture.attention.normalizesQueriesAndKeys
    return AttentionWeights(
      query: try linear(.query, layer: layer), key: try linear(.key, layer: layer),
      value: try linear(.value, layer: layer), output: try linear(.attentionOutput, layer: layer),
      queryNorm: normalizesHeads ? try norm(.queryNorm, layer: layer) : nil,
      keyNorm: normalizesHeads ? try norm(.keyNorm, layer: layer) : nil)
  }

  private func feedForward(_ layer: Int) throws(Failure) -> FeedForwardWeights<Parameter> {
    guard architecture.feedForward.isGated else {
      return .plain(up: try linear(.up, layer: layer), down: try linear(.down, layer: layer))
    }
    guard let plan = architecture.feedForward.experts else { return .gated(try gated(layer)) }
    let router = try linear(.router, layer: layer)
    var experts: [GatedWeights<Parameter>] = []
    for expert in 0..<plan.count { experts.append(try gated(layer, expert: expert)) }
    return .experts(router: router, experts)
  }

  private func gated(_ layer: Int, expert: Int? = nil) throws(Failure) -> GatedWeights<Parameter> {
    GatedWeights(
      gate: try linear(.gate, layer: layer, expert: expert), up: try linear(.up, layer: layer, expert: expert),
      down: try linear(.down, layer: layer, expert: expert))
  }
}
