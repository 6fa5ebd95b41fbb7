extension Transformer {
  /// The same transformer with every parameter replaced by what `transform` makes of it.
  public func map<Other>(_ transform: (Parameter) throws -> Other) rethrows -> Transformer<Other> {
    Transformer<Other>(
      architecture: architecture, tokenEmbedding: try transform(tokenEmbedding),
      positionEmbedding: try positionEmbedding.map(transform), blocks: try blocks.map { try $0.map(transform) },
      finalNorm: try finalNorm.map(transform), head: try head.map(transform))
  }
}

extension Linear {
  fileprivate func map<Other>(_ transform: (Parameter) throws -> Other) rethrows -> Linear<Other> {
    Linear<Other>(weight: try transform(weight), bias: try bias.map(transform))
  }
}

extension Norm {
  fileprivate func map<Other>(_ transform: (Parameter) throws -> Other) rethrows -> Norm<Other> {
    Norm<Other>(gain: try transform(gain), bias: try bias.map(transform))
  }
}

extension Block {
  fileprivate func map<Other>(_ transform: (Parameter) throws -> Other) rethrows -> Block<Other> {
    Block<Other>(
      attentionNorm: try attentionNorm.map(transform), attention: try attention.map(transform),
      attentionOutputNorm: try attentionOutputNorm?.map(transform),
      feedForwardNorm: try feedForwardNorm.map(transform), feedForward: try feedForward.map(transform),
      feedForwardOutputNorm: try feedForwardOutputNorm?.map(transform))
  }
}

extension AttentionWeights {
  fileprivate func map<Other>(_ transform: (Parameter) throws -> Other) rethrows -> AttentionWeights<Other> {
    AttentionWeights<Other>(
      query: try query.map(transform), key: try key.map(transform), value: try value.map(transform),
      output: try output.map(transform), queryNorm: try queryNorm?.map(transform),
      keyNorm: try keyNorm?.map(transform))
  }
}

extension GatedWeights {
  fileprivate func map<Other>(_ transform: (Parameter) throws -> Other) rethrows -> GatedWeights<Other> {
    GatedWeights<Other>(gate: try gate.map(transform), up: try up.map(transform), down: try down.map(transform))
  }
}

extension FeedForwardWeights {
  fileprivate func map<Other>(_ transform: (Parameter) throws -> Other) rethrows -> FeedForwardWeights<Other> {
    switch self {
    case .plain(let up, let down): .plain(up: try up.map(transform), down: try down.map(transform))
    case .gated(let weights): .gated(try weights.map(transform))
    case .experts(let router, let experts):
      .experts(router: try router.map(transform), try experts.map { try $0.map(transform) })
    }
  }
}
