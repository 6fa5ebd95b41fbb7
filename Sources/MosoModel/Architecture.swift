/// What a transformer looks like, as data: everything that differs between families, and nothing else.
///
/// It is read from a model's own metadata. A new family is a new reading of its metadata, not a new forward pass.
public struct Architecture: Sendable, Hashable {
  /// The family's name as its files spell it, as in `llama` or `qwen3`.
  public var family: String
  /// The number of rows of the embedding table, which may exceed the tokenizer's vocabulary.
  public var vocabularySize: Int
  /// The longest sequence, in tokens, that the model was made for.
  public var contextLength: Int
  /// The width of the residual stream.
  public var width: Int
  /// One entry per layer, first layer first.
  public var layers: [LayerPlan]
  /// How activations are normalised.
  public var norm: NormPlan
  /// The heads of attention, alike in all layers.
  public var attention: AttentionPlan
  /// The distinct rotary tables; a layer names one by index.
  public var rotaries: [RotaryPlan]
  /// The feed-forward part of every layer.
  public var feedForward: FeedForwardPlan
  /// What the embeddings are multiplied by (the square root of `width` in Gemma); 1 for most.
  public var embeddingScale: Float
  /// Whether a learned vector per position is added to the embeddings, as in GPT-2.
  public var hasLearnedPositions: Bool
  /// Whether the output head is the embedding table itself.
  public var hasTiedHead: Bool
  /// The bound `c` of `c · tanh(x / c)` on the logits, if the family has one.
  public var logitSoftcap: Float?

  /// An architecture with a head of its own and neither learned positions nor a softcap, unless told otherwise.
  public init(
    family: String, vocabularySize: Int, contextLength: Int, width: Int, layers: [LayerPlan], norm: NormPlan,
    attention: AttentionPlan, rotaries: [RotaryPlan], feedForward: FeedForwardPlan, embeddingScale: Float = 1,
    hasLearnedPositions: Bool = false, hasTiedHead: Bool = false, logitSoftcap: Float? = nil
  ) {
    self.family = family
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.width = width
    self.layers = layers
    self.norm = norm
    self.attention = attention
    self.rotaries = rotaries
    self.feedForward = feedForward
    self.embeddingScale = embeddingScale
    self.hasLearnedPositions = hasLearnedPositions
    self.hasTiedHead = hasTiedHead
    self.logitSoftcap = logitSoftcap
  }
}

/// What may differ from one layer to the next.
public struct LayerPlan: Sendable, Hashable {
  /// How many of the latest positions, its own included, a token attends to; `nil` for all.
  public var window: Int?
  /// The index of the layer's table in `Architecture.rotaries`; `nil` for a layer without positional rotation.
  public var rotary: Int?

  /// A layer that sees a window of positions, or all of them.
  public init(window: Int? = nil, rotary: Int? = nil) {
    self.window = window
    self.rotary = rotary
  }
}

/// How the residual stream is normalised.
public struct NormPlan: Sendable, Hashable {
  /// What a norm divides by.
  public enum Kind: Sendable, Hashable {
    /// Divides by the root mean square, then multiplies by the gain.
    case rootMeanSquare
    /// Subtracts the mean, divides by the standard deviation, then applies gain and bias.
    case layer
  }

  /// What the norm divides by.
  public var kind: Kind
  /// What is added to the mean square, so that nothing is divided by zero.
  public var epsilon: Float
  /// Whether each branch's output is normalised too before it joins the residual stream (Gemma 2 and 3).
  public var followsBranches: Bool

  /// A norm, before each branch unless it is said to follow branches too.
  public init(kind: Kind = .rootMeanSquare, epsilon: Float, followsBranches: Bool = false) {
    self.kind = kind
    self.epsilon = epsilon
    self.followsBranches = followsBranches
  }
}

/// The attention every layer shares.
public struct AttentionPlan: Sendable, Hashable {
  /// The number of query heads.
  public var headCount: Int
  /// The number of key and value heads; `headCount` is a multiple of it.
  public var keyValueHeadCount: Int
  /// The width of one head.
  public var headSize: Int
  /// What the scores are multiplied by, usually one over the square root of `headSize`.
  public var scale: Float
  /// The bound `c` of `c · tanh(x / c)` on the scores, if the family has one (Gemma 2).
  public var scoreSoftcap: Float?
  /// Whether queries and keys are normalised per head before rotation (Qwen 3, Gemma 3).
  public var normalizesQueriesAndKeys: Bool

  /// Attention without a softcap and without norms of queries and keys, unless told otherwise.
  public init(
    headCount: Int, keyValueHeadCount: Int, headSize: Int, scale: Float, scoreSoftcap: Float? = nil,
    normalizesQueriesAndKeys: Bool = false
  ) {
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headSize = headSize
    self.scale = scale
    self.scoreSoftcap = scoreSoftcap
    self.normalizesQueriesAndKeys = normalizesQueriesAndKeys
  }
}

/// The feed-forward part every layer shares.
public struct FeedForwardPlan: Sendable, Hashable {
  /// The function between the two halves of the feed-forward part.
  public enum Activation: Sendable, Hashable {
    /// `x · sigmoid(x)`
    case silu
    /// The tanh approximation of the Gaussian error linear unit.
    case geluTanh
    /// The exact Gaussian error linear unit, through the error function.
    case gelu
  }

  /// The function that is applied to the gate or, without one, to the hidden values.
  public var activation: Activation
  /// Whether the activation gates a second projection (SwiGLU and its kin) or stands alone (GPT-2).
  public var isGated: Bool
  /// The number of hidden units; in a mixture, of one expert.
  public var width: Int
  /// How tokens are spread over experts; `nil` for a dense feed-forward part.
  public var experts: ExpertPlan?

  /// A feed-forward part, dense unless experts are given.
  public init(activation: Activation, isGated: Bool, width: Int, experts: ExpertPlan? = nil) {
    self.activation = activation
    self.isGated = isGated
    self.width = width
    self.experts = experts
  }
}

/// How a mixture of experts routes: softmax over all experts, then the best `usedCount`.
public struct ExpertPlan: Sendable, Hashable {
  /// How many experts a layer has.
  public var count: Int
  /// How many of them each token is sent to.
  public var usedCount: Int
  /// Whether the chosen experts' weights are rescaled to sum to one.
  public var normalizesWeights: Bool

  /// A choice of some experts among all.
  public init(count: Int, usedCount: Int, normalizesWeights: Bool) {
    self.count = count
    self.usedCount = usedCount
    self.normalizesWeights = normalizesWeights
  }
}
