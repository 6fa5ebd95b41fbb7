// Inlinable, so that each interpreter gets a forward pass of its own: through witness tables, every layer would copy and
// count its parts anew.
extension Transformer {
  /// The final-norm hidden states of the rows the batch wants, or of every row.
  ///
  /// - Parameter everyRow: Whether to keep all rows, as embedding a text needs, and not only those with logits.
  @inlinable
  public func hiddenStates<Ops: TransformerOps>(on ops: inout Ops, everyRow: Bool = false) -> Ops.Activation
  where Ops.Parameter == Parameter {
    var residual = embeddings(on: &ops)
    for index in blocks.indices {
      // The last layer's feed-forward part is needed only where logits are.
      let selects = index == blocks.count - 1 && !everyRow
      residual = layer(index, residual, on: &ops, selectsOutputs: selects)
    }
    return normalized(residual, on: &ops)
  }

  /// What enters the first layer: one row for each token of the batch.
  @inlinable
  public func embeddings<Ops: TransformerOps>(on ops: inout Ops) -> Ops.Activation where Ops.Parameter == Parameter {
    var residual = ops.embed(in: tokenEmbedding, scale: architecture.embeddingScale)
    if let positionEmbedding {
      residual = ops.addPositions(residual, from: positionEmbedding)
    }
    return ops.visit(residual, at: .embedding)
  }

  /// What leaves layer `index`, given what enters it.
  ///
  /// - Parameter selectsOutputs: Whether its feed-forward part computes only the rows whose logits the batch wants.
  @inlinable
  public func layer<Ops: TransformerOps>(
    _ index: Int, _ input: Ops.Activation, on ops: inout Ops, selectsOutputs: Bool = false
  ) -> Ops.Activation where Ops.Parameter == Parameter {
    var residual = ops.visit(input, at: .residualBefore(layer: index))
    residual = attention(of: index, residual, on: &ops)
    residual = ops.visit(residual, at: .residualMiddle(layer: index))
    if selectsOutputs { residual = ops.selectOutputs(residual) }
    residual = feedForward(of: index, residual, on: &ops)
    return ops.visit(residual, at: .residualAfter(layer: index))
  }

  /// What the head reads, given what leaves the last layer.
  @inlinable
  public func normalized<Ops: TransformerOps>(_ residual: Ops.Activation, on ops: inout Ops) -> Ops.Activation
  where Ops.Parameter == Parameter {
    ops.visit(ops.normalize(residual, finalNorm, plan: architecture.norm), at: .finalNorm)
  }

  /// The scores over the vocabulary: one row for each row the batch wants.
  @inlinable
  public func logits<Ops: TransformerOps>(on ops: inout Ops) -> Ops.Activation where Ops.Parameter == Parameter {
    var logits = ops.score(hiddenStates(on: &ops), head)
    if let cap = architecture.logitSoftcap {
      logits = ops.softcap(logits, at: cap)
    }
    return ops.visit(logits, at: .logits)
  }

  @inlinable
  func attention<Ops: TransformerOps>(
    of layer: Int, _ residual: Ops.Activation, on ops: inout Ops
  ) -> Ops.Activation where Ops.Parameter == Parameter {
    let block = blocks[layer]
    let normalized = ops.normalize(residual, block.attentionNorm, plan: architecture.norm)
    let (query, key, value) = ops.projectAttention(
      normalized, block.attention, plan: architecture.attention, epsilon: architecture.norm.epsilon,
      rotary: architecture.layers[layer].rotary)
    let mixed = ops.attend(query: query, key: key, value: value, layer: layer)
    return join(
      mixed, block.attention.output, residual, norm: block.attentionOutputNorm, at: .attentionOutput(layer: layer),
      on: &ops)
  }

  @inlinable
  func feedForward<Ops: TransformerOps>(
    of layer: Int, _ residual: Ops.Activation, on ops: inout Ops
  ) -> Ops.Activation where Ops.Parameter == Parameter {
    let block = blocks[layer]
    let plan = architecture.feedForward
    let site = Site.feedForwardOutput(layer: layer)
    let normalized = ops.normalize(residual, block.feedForwardNorm, plan: architecture.norm)
    switch block.feedForward {
    case .plain(let up, let down):
      let hidden = ops.activate(ops.linear(normalized, up), plan.activation)
      return join(hidden, down, residual, norm: block.feedForwardOutputNorm, at: site, on: &ops)
    case .gated(let weights):
      let hidden = ops.gate(normalized, weights, plan.activation)
      return join(hidden, weights.down, residual, norm: block.feedForwardOutputNorm, at: site, on: &ops)
    case .experts(let router, let experts):
      guard let routing = plan.experts else {
        preconditionFailure("a block with experts in an architecture without")
      }
      let mixed = ops.mixExperts(normalized, router: router, experts: experts, plan: plan, routing: routing)
      return ops.add(residual, ops.visit(mixed, at: site))
    }
  }

  /// Projects a branch back to the residual stream and adds it.
  @inlinable
  func join<Ops: TransformerOps>(
    _ branch: Ops.Activation, _ projection: Linear<Parameter>, _ residual: Ops.Activation, norm: Norm<Parameter>?,
    at site: Site, on ops: inout Ops
  ) -> Ops.Activation where Ops.Parameter == Parameter {
    if norm == nil && !ops.observes(site) {
      return ops.linear(branch, projection, addedTo: residual)
    }
    var output = ops.linear(branch, projection)
    if let norm {
      output = ops.normalize(output, norm, plan: architecture.norm)
    }
    return ops.add(residual, ops.visit(output, at: site))
  }
}
