import MosoModel

/// A family of models as GGUF files describe it: what their metadata leave to the reader.
struct GGUFFamily: Sendable {
  /// The value of `general.architecture`, with which the family's keys begin.
  var architecture: String
  var epsilonKey = "attention.layer_norm_rms_epsilon"
  var norm = NormPlan.Kind.rootMeanSquare
  var normFollowsBranches = false
  var normalizesQueriesAndKeys = false
  /// Whether embeddings are multiplied by the square root of the width.
  var scalesEmbeddings = false
  var activation = FeedForwardPlan.Activation.silu
  var isGated = true
  var hasLearnedPositions = false
  /// How rotation pairs elements; `nil` for a family without rotation.
  var pairing: RotaryPlan.Pairing? = .halves
  /// Whether llama.cpp looks for tensors of rotary divisors.
  var takesDivisors = false
  /// Every so many-th layer does not rotate.
  var unrotatedInterval: Int?
  var windows = WindowRule.none
  /// The default of `rope.freq_base_swa`, in families whose windowed layers rotate by a base of their own, unscaled.
  var localRotaryBase: Double?
  /// The default of `attn_logit_softcapping`, in families that read it.
  var scoreSoftcap: Double?
  /// The default of `final_logit_softcapping`, in families that read it; 0 for none.
  var logitSoftcap: Double?
  /// The number of layers of the one model that scales scores by the width per head instead of the head's size.
  var layerCountOfWidthScaling: Int?
  var experts = ExpertRule.none
  var naming = TensorNaming.gguf

  /// Which layers attend through `attention.sliding_window`.
  enum WindowRule: Sendable {
    case none
    /// Every layer, when the window is not 0.
    case everyLayer
    /// All but every `period`th, which `attention.sliding_window_pattern` may change, when the window is not 0.
    case periodic(default: Int, period: Int)
  }

  enum ExpertRule: Sendable {
    case none
    /// When `expert_count` is not 0.
    case optional
    /// Always, of a width of their own.
    case required
  }
}

extension GGUFFamily {
  /// Every family whose GGUF files Moso runs, after the readers of llama.cpp of July 2026.
  static let all: [GGUFFamily] = [
    // Llama, Mistral, SmolLM 2, TinyLlama and Mixtral: their converter reorders queries and keys for adjacent pairs.
    GGUFFamily(architecture: "llama", pairing: .adjacent, takesDivisors: true, experts: .optional),
    GGUFFamily(architecture: "smollm3", pairing: .adjacent, unrotatedInterval: 4),
    GGUFFamily(architecture: "qwen2", naming: .ggufQwen2),
    GGUFFamily(architecture: "qwen3", normalizesQueriesAndKeys: true),
    GGUFFamily(architecture: "qwen3moe", normalizesQueriesAndKeys: true, experts: .required),
    GGUFFamily(architecture: "gemma", scalesEmbeddings: true, activation: .geluTanh),
    GGUFFamily(
      architecture: "gemma2", normFollowsBranches: true, scalesEmbeddings: true, activation: .geluTanh,
      windows: .periodic(default: 4096, period: 2), scoreSoftcap: 50, logitSoftcap: 30, layerCountOfWidthScaling: 46),
    GGUFFamily(
      architecture: "gemma3", normFollowsBranches: true, normalizesQueriesAndKeys: true, scalesEmbeddings: true,
      activation: .geluTanh, windows: .periodic(default: 0, period: 6), localRotaryBase: 10_000, logitSoftcap: 0,
      layerCountOfWidthScaling: 62),
    // The files give Phi 3's window; llama.cpp ignores it, transformers and this reader do not.
    GGUFFamily(architecture: "phi3", takesDivisors: true, windows: .everyLayer, naming: .ggufPhi3),
    GGUFFamily(
      architecture: "gpt2", epsilonKey: "attention.layer_norm_epsilon", norm: .layer, activation: .geluTanh,
      isGated: false, hasLearnedPositions: true, pairing: nil, naming: .ggufGPT2),
  ]
}
