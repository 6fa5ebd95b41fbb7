import MosoModel

/// A family of models as transformers configures it: the values that hold when `config.json` does not say, and the
/// few things that the family fixes.
///
/// Files on the Hub leave out what equals the default of the configuration class, so the defaults are part of the format.
struct HuggingFaceFamily: Sendable {
  /// The value of `model_type`.
  var modelType: String
  /// What GGUF files call the family, where that is something else.
  var architectureInGGUF: String?
  var keys = Keys()

  // MARK: What `config.json` may say

  var vocabularySize: Int
  var width: Int
  /// `nil` for four times the width.
  var feedForwardWidth: Int?
  var layerCount: Int
  var headCount: Int
  /// `nil` for as many as there are heads.
  var keyValueHeadCount: Int?
  /// `nil` for the width divided by the number of heads.
  var headSize: Int?
  var contextLength: Int
  var epsilon = 1e-6
  var activation = "silu"
  var hasTiedHead = false

  // MARK: What the family fixes

  var norm = NormPlan.Kind.rootMeanSquare
  var normFollowsBranches = false
  var normalizesQueriesAndKeys = false
  /// Whether embeddings are multiplied by the square root of the width.
  var scalesEmbeddings = false
  var isGated = true
  var hasLearnedPositions = false
  var windows = WindowRule.none
  var rotary: RotaryRule? = RotaryRule()
  var scoreScale = ScaleRule.headSize
  /// The default of `attn_logit_softcapping`; without a rule the key is not read.
  var scoreSoftcap = SoftcapRule.absent
  /// The default of `final_logit_softcapping`; without a rule the key is not read.
  var logitSoftcap = SoftcapRule.absent
  var experts: ExpertRule?
  var biases = BiasRule.none
  var naming = TensorNaming.huggingFace

  /// The keys whose names differ between configuration classes.
  struct Keys: Sendable {
    var width = "hidden_size"
    var layerCount = "num_hidden_layers"
    var headCount = "num_attention_heads"
    var contextLength = "max_position_embeddings"
    var feedForwardWidth = "intermediate_size"
    var epsilon = "rms_norm_eps"
    var activation = "hidden_act"
  }

  /// Which layers attend through a window.
  enum WindowRule: Sendable {
    case none
    /// Every layer, when `sliding_window` is a number.
    case everyLayer(default: Int?)
    /// Every layer, when `use_sliding_window` is true.
    case everyLayerWhenUsed(default: Int)
    /// The layers from `max_window_layers` on, when `use_sliding_window` is true, unless `layer_types` says otherwise.
    case lateLayersWhenUsed(default: Int, first: Int)
    /// The layers without rotation, when `use_sliding_window` is true, unless `layer_types` says otherwise.
    case unrotatedLayersWhenUsed
    /// All but every `period`th, which `sliding_window_pattern` may change, unless `layer_types` says otherwise.
    case periodic(default: Int, period: Int, readsPeriod: Bool)
  }

  /// How positions turn queries and keys.
  struct RotaryRule: Sendable {
    /// The default of `rope_theta`.
    var base = 10_000.0
    /// The default of `rope_local_base_freq`, in families whose windowed layers rotate by a base of their own.
    var localBase: Double?
    /// Whether `partial_rotary_factor` is obeyed.
    var mayBePartial = false
    /// The default of `no_rope_layer_interval`, in families where every so many-th layer does not rotate.
    var unrotatedInterval: Int?
    /// Whether `original_max_position_embeddings` stands beside `max_position_embeddings`, and its default.
    var originalContextLength: Int?
  }

  /// What scores are multiplied by.
  enum ScaleRule: Sendable {
    /// One over the square root of the head's size.
    case headSize
    /// One over the square root of `query_pre_attn_scalar`.
    case queryScalar(default: Double)
    /// As `headSize`, unless `scale_attn_weights` is false.
    case switchable
  }

  enum SoftcapRule: Sendable {
    case absent
    case read(default: Double?)
  }

  /// A mixture of experts.
  struct ExpertRule: Sendable {
    /// The names of the number of experts, in order of preference.
    var countKeys: [String]
    var count: Int
    var usedCount: Int
    /// The key and default of one expert's width; `nil` when it is the feed-forward width.
    var width: (key: String, default: Int)?
    /// The default of `norm_topk_prob`; `nil` when weights are always normalised.
    var normalizesWeights: Bool?
  }

  /// Which projections have biases.
  enum BiasRule: Sendable {
    case none
    /// Attention's, when `attention_bias` is true.
    case attentionSwitch
    /// Attention's, when `attention_bias` is true; the feed-forward part's, when `mlp_bias` is.
    case attentionAndFeedForwardSwitches
    /// Those of queries, keys and values.
    case queryKeyValue
    /// What the naming says.
    case naming
  }
}
