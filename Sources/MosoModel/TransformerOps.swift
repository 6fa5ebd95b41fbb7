/// The operations a transformer is written in; whoever conforms decides what they mean.
///
/// `Transformer.forward` is one text. Run by an eager interpreter it serves; by a tape, it trains; by an observer, it is
/// inspected. Activations have one row per token of the current batch (after `selectOutputs`, one per wanted row).
///
/// The fused operations at the end are requirements with defaults that compose the primitives, so that an interpreter
/// may replace them and a wrapper that forwards them loses nothing. An operation that is only an extension method would
/// be dispatched statically and an override silently ignored.
public protocol TransformerOps {
  /// What passes through the layers: one row for each token.
  associatedtype Activation
  /// A weight, as this interpreter keeps it.
  associatedtype Parameter

  // MARK: Primitives

  /// The rows of `table` for the batch's tokens, times `scale`.
  mutating func embed(in table: Parameter, scale: Float) -> Activation

  /// `x` plus the row of `table` for each token's position.
  mutating func addPositions(_ x: Activation, from table: Parameter) -> Activation

  /// Each row normalised, then scaled by the gain and shifted by the bias.
  mutating func normalize(_ x: Activation, _ norm: Norm<Parameter>, plan: NormPlan) -> Activation

  /// Each head of each row normalised by its root mean square; the gain has the head's size.
  mutating func normalizeHeads(_ x: Activation, _ norm: Norm<Parameter>, headSize: Int, epsilon: Float) -> Activation

  /// `W x + b` for each row.
  mutating func linear(_ x: Activation, _ layer: Linear<Parameter>) -> Activation

  /// Each head of each row rotated by its position.
  mutating func rotate(_ x: Activation, headSize: Int, by rotary: Int) -> Activation

  /// Causal attention of each row over its own sequence: rows written earlier and in this batch.
  mutating func attend(query: Activation, key: Activation, value: Activation, layer: Int) -> Activation

  /// `x + y`, element by element.
  mutating func add(_ x: Activation, _ y: Activation) -> Activation

  /// `activation(x)`, element by element.
  mutating func activate(_ x: Activation, _ activation: FeedForwardPlan.Activation) -> Activation

  /// `x · y`, element by element.
  mutating func multiply(_ x: Activation, _ y: Activation) -> Activation

  /// A mixture of gated experts: the routing depends on the data, so it cannot be composed from outside.
  mutating func mixExperts(
    _ x: Activation, router: Linear<Parameter>, experts: [GatedWeights<Parameter>], plan: FeedForwardPlan,
    routing: ExpertPlan
  ) -> Activation

  /// Only the rows whose logits the batch wants.
  mutating func selectOutputs(_ x: Activation) -> Activation

  /// The output head: `W x + b` for each row.
  ///
  /// Apart from `linear`, because what is rounded here shows in every probability: an interpreter that rounds the inputs
  /// of products should round these less. The default is `linear`.
  mutating func score(_ x: Activation, _ head: Linear<Parameter>) -> Activation

  /// `cap · tanh(x / cap)`
  mutating func softcap(_ x: Activation, at cap: Float) -> Activation

  /// Called at each named place; returns what the pass goes on with.
  mutating func visit(_ x: Activation, at site: Site) -> Activation

  /// Whether `visit` does something at `site`; a fused operation that would hide the place is then taken apart.
  func observes(_ site: Site) -> Bool

  // MARK: Fused, with defaults

  /// The query, key and value of a layer, normalised and rotated where the layer does so.
  mutating func projectAttention(
    _ x: Activation, _ weights: AttentionWeights<Parameter>, plan: AttentionPlan, epsilon: Float, rotary: Int?
  ) -> (query: Activation, key: Activation, value: Activation)

  /// `residual + W x + b`
  mutating func linear(_ x: Activation, _ layer: Linear<Parameter>, addedTo residual: Activation) -> Activation

  /// `activation(gate(x)) · up(x)`
  mutating func gate(_ x: Activation, _ weights: GatedWeights<Parameter>, _ activation: FeedForwardPlan.Activation)
    -> Activation
}

extension TransformerOps {
  /// `x` as it is: nobody looks.
  @inlinable
  public mutating func visit(_ x: Activation, at site: Site) -> Activation { x }

  /// The same as `linear`.
  @inlinable
  public mutating func score(_ x: Activation, _ head: Linear<Parameter>) -> Activation { linear(x, head) }

  /// No: `visit` does nothing.
  @inlinable
  public func observes(_ site: Site) -> Bool { false }

  /// Three products, then the norms and the rotation, one after another.
  @inlinable
  public mutating func projectAttention(
    _ x: Activation, _ weights: AttentionWeights<Parameter>, plan: AttentionPlan, epsilon: Float, rotary: Int?
  ) -> (query: Activation, key: Activation, value: Activation) {
    var query = linear(x, weights.query)
    var key = linear(x, weights.key)
    let value = linear(x, weights.value)
    if let norm = weights.queryNorm {
      query = normalizeHeads(query, norm, headSize: plan.headSize, epsilon: epsilon)
    }
    if let norm = weights.keyNorm {
      key = normalizeHeads(key, norm, headSize: plan.headSize, epsilon: epsilon)
    }
    if let rotary {
      query = rotate(query, headSize: plan.headSize, by: rotary)
      key = rotate(key, headSize: plan.headSize, by: rotary)
    }
    return (query, key, value)
  }

  /// The product, then the sum.
  @inlinable
  public mutating func linear(
    _ x: Activation, _ layer: Linear<Parameter>, addedTo residual: Activation
  ) -> Activation {
    add(residual, linear(x, layer))
  }

  /// Two products, the activation of the first, then its product with the second.
  @inlinable
  public mutating func gate(
    _ x: Activation, _ weights: GatedWeights<Parameter>, _ activation: FeedForwardPlan.Activation
  ) -> Activation {
    multiply(activate(linear(x, weights.gate), activation), linear(x, weights.up))
  }
}
