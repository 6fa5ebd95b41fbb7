// Inlinable, so that each interpreter gets a forward pass of its own: through witness tables, every layer would copy and
// count its parts anew.
extension Transformer {
  /// The final-norm hidden states of the rows the batch wants, or of every row.
  ///
  /// - Parameter everyRow: Whether to keep all rows, as embedding a text needs, and not only those with logits.
  @inlinable
  public func hiddenStates<Ops: TransformerOps>(on ops: inout Ops, everyRow: Bool = false) -> Ops.Activation
  where Ops.Parameter == Parameter {
    var residual = ops.embed(in: tokenEmbedding, scale: architecture.embeddingScale)
    if let positionEmbedding {
      residual = ops.addPositions(residual, from: positionEmbedding)
    }
    residual = ops.visit(residual, at: .embedding)

    for index in blocks.indices {
      residual = ops.visit(residual, at: .residualBefore(layer: index))
      residual = attention(of: index, residual, on: &ops)
      residual = ops.visit(residual, at: .residualMiddle(layer: index))
      // The last layer's feed-forward part is needed only where logits are.
      if index == blocks.count - 1 && !everyRow { residual = ops.selectOutputs(residual) }
      residual = feedForward(of: index, residual, on: &ops)
      residual = ops.visit(residual, at: .residualAfter(layer: index))
    }
    let hidden = ops.normalize(residual, finalNorm, plan: architecture.norm)
    return ops.visit(hidden, at: .finalNorm)
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
