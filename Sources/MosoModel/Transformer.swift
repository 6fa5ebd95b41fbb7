/// The weights of a transformer, for any interpreter's idea of a parameter.
public struct Transformer<Parameter> {
  /// What the model computes.
  public var architecture: Architecture
  /// One row for each token.
  public var tokenEmbedding: Parameter
  /// One row for each position, where positions are learned.
  public var positionEmbedding: Parameter?
  /// The layers, from the first to the last.
  public var blocks: [Block<Parameter>]
  /// The norm before the head.
  public var finalNorm: Norm<Parameter>
  /// The output head; equal to the embedding table in a tied model.
  public var head: Linear<Parameter>

  /// The weights of a model, with one block for each layer of the architecture.
  public init(
    architecture: Architecture, tokenEmbedding: Parameter, positionEmbedding: Parameter?, blocks: [Block<Parameter>],
    finalNorm: Norm<Parameter>, head: Linear<Parameter>
  ) {
    self.architecture = architecture
    self.tokenEmbedding = tokenEmbedding
    self.positionEmbedding = positionEmbedding
    self.blocks = blocks
    self.finalNorm = finalNorm
    self.head = head
  }
}

extension Transformer: Sendable where Parameter: Sendable {}

/// `y = W x + b` with `W` of shape outputs × inputs.
public struct Linear<Parameter> {
  /// Outputs × inputs.
  public var weight: Parameter
  /// What is added to each output, if anything is.
  public var bias: Parameter?

  /// A projection, without a bias unless one is given.
  public init(weight: Parameter, bias: Parameter? = nil) {
    self.weight = weight
    self.bias = bias
  }
}

extension Linear: Sendable where Parameter: Sendable {}

/// The gain and bias of a normalisation.
public struct Norm<Parameter> {
  /// What each normalised value is multiplied by.
  public var gain: Parameter
  /// What is added after the gain, in layer norms.
  public var bias: Parameter?

  /// A norm, without a bias unless one is given.
  public init(gain: Parameter, bias: Parameter? = nil) {
    self.gain = gain
    self.bias = bias
  }
}

extension Norm: Sendable where Parameter: Sendable {}

/// One layer: attention, then the feed-forward part, each added to the residual stream.
///
/// A class, so that walking the layers retains one object and not every parameter in it.
public final class Block<Parameter> {
  /// The norm before attention.
  public let attentionNorm: Norm<Parameter>
  /// The weights of attention.
  public let attention: AttentionWeights<Parameter>
  /// Normalises attention's output, in families that do.
  public let attentionOutputNorm: Norm<Parameter>?
  /// The norm before the feed-forward part.
  public let feedForwardNorm: Norm<Parameter>
  /// The weights of the feed-forward part, or of its experts.
  public let feedForward: FeedForwardWeights<Parameter>
  /// Normalises the feed-forward part's output, in families that do.
  public let feedForwardOutputNorm: Norm<Parameter>?

  /// A layer, with norms after its two parts where the family has them.
  public init(
    attentionNorm: Norm<Parameter>, attention: AttentionWeights<Parameter>, attentionOutputNorm: Norm<Parameter>?,
    feedForwardNorm: Norm<Parameter>, feedForward: FeedForwardWeights<Parameter>,
    feedForwardOutputNorm: Norm<Parameter>?
  ) {
    self.attentionNorm = attentionNorm
    self.attention = attention
    self.attentionOutputNorm = attentionOutputNorm
    self.feedForwardNorm = feedForwardNorm
    self.feedForward = feedForward
    self.feedForwardOutputNorm = feedForwardOutputNorm
  }
}

extension Block: Sendable where Parameter: Sendable {}

/// The projections of one attention layer.
public struct AttentionWeights<Parameter> {
  /// Makes the queries of all heads.
  public var query: Linear<Parameter>
  /// Makes the keys of all heads.
  public var key: Linear<Parameter>
  /// Makes the values of all heads.
  public var value: Linear<Parameter>
  /// Brings the heads together again.
  public var output: Linear<Parameter>
  /// Normalises each query head before rotation, in families that do.
  public var queryNorm: Norm<Parameter>?
  /// The norm of each head's keys, where there is one.
  public var keyNorm: Norm<Parameter>?

  /// The projections of a layer, with norms of query and key heads where the family has them.
  public init(
    query: Linear<Parameter>, key: Linear<Parameter>, value: Linear<Parameter>, output: Linear<Parameter>,
    queryNorm: Norm<Parameter>? = nil, keyNorm: Norm<Parameter>? = nil
  ) {
    self.query = query
    self.key = key
    self.value = value
    self.output = output
    self.queryNorm = queryNorm
    self.keyNorm = keyNorm
  }
}

extension AttentionWeights: Sendable where Parameter: Sendable {}

/// A gated feed-forward network: `down(activation(gate(x)) · up(x))`.
public struct GatedWeights<Parameter> {
  /// Makes what the activation is applied to.
  public var gate: Linear<Parameter>
  /// Makes what the gate multiplies.
  public var up: Linear<Parameter>
  /// Brings the hidden values back to the model's width.
  public var down: Linear<Parameter>

  /// The weights of a gated feed-forward part.
  public init(gate: Linear<Parameter>, up: Linear<Parameter>, down: Linear<Parameter>) {
    self.gate = gate
    self.up = up
    self.down = down
  }
}

extension GatedWeights: Sendable where Parameter: Sendable {}

/// The weights of a feed-forward part, by its kind.
public enum FeedForwardWeights<Parameter> {
  /// `down(activation(up(x)))`
  case plain(up: Linear<Parameter>, down: Linear<Parameter>)
  /// `down(activation(gate(x)) · up(x))`
  case gated(GatedWeights<Parameter>)
  /// Gated parts of which the router, with one output for each, chooses some for each token.
  case experts(router: Linear<Parameter>, [GatedWeights<Parameter>])
}

extension FeedForwardWeights: Sendable where Parameter: Sendable {}
