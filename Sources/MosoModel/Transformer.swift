/// The weights of a transformer, for any interpreter's idea of a parameter.
public struct Transformer<Parameter> {
  public var architecture: Architecture
  public var tokenEmbedding: Parameter
  public var positionEmbedding: Parameter?
  public var blocks: [Block<Parameter>]
  public var finalNorm: Norm<Parameter>
  /// The output head; equal to the embedding table in a tied model.
  public var head: Linear<Parameter>

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
  public var weight: Parameter
  public var bias: Parameter?

  public init(weight: Parameter, bias: Parameter? = nil) {
    self.weight = weight
    self.bias = bias
  }
}

extension Linear: Sendable where Parameter: Sendable {}

/// The gain and bias of a normalisation.
public struct Norm<Parameter> {
  public var gain: Parameter
  public var bias: Parameter?

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
  public let attentionNorm: Norm<Parameter>
  public let attention: AttentionWeights<Parameter>
  /// Normalises attention's output, in families that do.
  public let attentionOutputNorm: Norm<Parameter>?
  public let feedForwardNorm: Norm<Parameter>
  public let feedForward: FeedForwardWeights<Parameter>
  /// Normalises the feed-forward part's output, in families that do.
  public let feedForwardOutputNorm: Norm<Parameter>?

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
  public var query: Linear<Parameter>
  public var key: Linear<Parameter>
  public var value: Linear<Parameter>
  public var output: Linear<Parameter>
  /// Normalises each query head before rotation, in families that do.
  public var queryNorm: Norm<Parameter>?
  public var keyNorm: Norm<Parameter>?

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
  public var gate: Linear<Parameter>
  public var up: Linear<Parameter>
  public var down: Linear<Parameter>

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
  case gated(GatedWeights<Parameter>)
  case experts(router: Linear<Parameter>, [GatedWeights<Parameter>])
}

extension FeedForwardWeights: Sendable where Parameter: Sendable {}
