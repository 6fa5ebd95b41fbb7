public import MosoFormats

/// How a model is asked for: by one number from which the rest follows, and what is to be otherwise.
public struct ModelRecipe: Sendable, Hashable {
  /// The families of models that can be asked for by name.
  public enum Family: String, Sendable, Hashable, CaseIterable {
    /// RMS norms, rotated positions, gated feed-forward layers (Touvron et al., 2023).
    case llama
    /// The same with normalised queries and keys.
    case qwen3
    /// Layer norms, learned positions (Radford et al., 2019).
    case gpt2
    /// Llama with several feed-forward layers, of which each token meets some (Jiang et al., 2024).
    case mixtral
  }

  /// The one number.
  public enum Size: Sendable, Hashable {
    /// Layers; the width is 64 times as many.
    case depth(Int)
    /// Parameters, about.
    case parameters(Int)
    /// Floating-point operations of the whole run, shared between model and tokens.
    case compute(Double)
  }

  /// The family.
  public var family = Family.llama
  /// The one number.
  public var size = Size.depth(4)
  /// The most tokens that a sequence has.
  public var contextLength = 512
  /// How many layers there are, if not as many as follow from the size.
  public var layers: Int?
  /// How many numbers a token is, if not as many as follow from the size.
  public var width: Int?
  /// How many heads attention has, if not as many as follow from the width.
  public var heads: Int?
  /// How many of them have keys and values of their own.
  public var keyValueHeads: Int?
  /// How many numbers the middle of a feed-forward layer has.
  public var feedForward: Int?
  /// The base of the angles by which positions are rotated: the slowest takes about so many positions for a turn.
  public var rotaryBase = 10_000.0
  /// Whether the table of embeddings is the head too. A head of its own lets embeddings begin large, with which models learn
  /// sooner to look things up (see ``Initialization``).
  public var hasTiedHead = false
  /// How many feed-forward layers there are to choose from, in a family that has several.
  public var experts = 4
  /// How many of them each token meets.
  public var usedExperts = 2
  /// How many tokens a run has for each parameter that is multiplied, where nothing else says so (Hoffmann et al., 2022).
  public var tokensPerParameter = 20.0

  /// The usual model.
  public init() {}

  /// The shape of a model of a width.
  private struct Shape {
    var width: Int
    var layers: Int
    var headSize: Int

    /// 64 numbers a layer, as GPT-2 and its heirs have; heads are smaller in narrow models, so that there are several.
    init(width: Int, layers: Int? = nil) {
      self.width = width
      self.layers = layers ?? max(2, Int((Double(width) / 64).rounded()))
      headSize = width >= 512 && width % 64 == 0 ? 64 : width >= 96 && width % 32 == 0 ? 32 : 16
    }
  }

  /// The `config.json` of the model.
  ///
  /// - Throws: `RecipeError` when no such model can be made.
  public func configuration(vocabularySize: Int, documentStart: Int32) throws(RecipeError) -> JSONObject {
    let shape = try shape(vocabularySize: vocabularySize)
    return configuration(shape, vocabularySize: vocabularySize, documentStart: documentStart)
  }

  private func shape(vocabularySize: Int) throws(RecipeError) -> Shape {
    if let width { return try checked(Shape(width: width, layers: layers)) }
    switch size {
    case .depth(let depth): return try checked(Shape(width: 64 * depth, layers: layers ?? depth))
    case .parameters(let count):
      return try nearest { design in abs(Double(design.parameterCount) / Double(count) - 1) }
    case .compute(let operations):
      return try nearest { design in
        let needed = design.operationsPerToken(length: contextLength) * tokensPerParameter
        return abs(needed * Double(design.multipliedCount) / operations - 1)
      }
    }

    /// The shape for which `distance` is smallest.
    func nearest(_ distance: (ModelDesign) -> Double) throws(RecipeError) -> Shape {
      var best: (shape: Shape, distance: Double)?
      // Counts grow with the width, so that the distance first falls and then rises.
      for width in stride(from: 16, through: 4_096, by: 16) where width < 128 || width % 32 == 0 {
        let shape = try checked(Shape(width: width, layers: layers))
        let configuration = configuration(shape, vocabularySize: vocabularySize, documentStart: 0)
        guard let design = try? ModelDesign(configuration) else { continue }
        let found = distance(design)
        if let best, found > best.distance { return best.shape }
        best = (shape, found)
      }
      return best?.shape ?? Shape(width: 32, layers: layers)
    }
  }

  private func checked(_ shape: Shape) throws(RecipeError) -> Shape {
    let heads = heads ?? shape.width / shape.headSize
    guard heads > 0, shape.width % heads == 0, shape.width / heads % 2 == 0 else {
      throw RecipeError(
        place: "the model's recipe",
        problem: "a width of \(shape.width) cannot be shared by \(heads) heads; choose a width that is a multiple of 16"
      )
    }
    guard heads % (keyValueHeads ?? heads) == 0 else {
      throw RecipeError(
        place: "the model's recipe",
        problem: "\(heads) heads cannot share \(keyValueHeads ?? 1) keys and values; choose a divisor of \(heads)")
    }
    return shape
  }

  private func configuration(_ shape: Shape, vocabularySize: Int, documentStart: Int32) -> JSONObject {
    let heads = heads ?? shape.width / shape.headSize
    let start = JSONValue.integer(Int(documentStart))
    var result: JSONObject = [
      "model_type": .string(family.rawValue), "vocab_size": .integer(vocabularySize), "bos_token_id": start,
      "eos_token_id": start, "tie_word_embeddings": .bool(hasTiedHead), "torch_dtype": "float32",
    ]
    if family == .gpt2 {
      result["architectures"] = ["GPT2LMHeadModel"]
      result["n_embd"] = .integer(shape.width)
      result["n_layer"] = .integer(shape.layers)
      result["n_head"] = .integer(heads)
      result["n_positions"] = .integer(contextLength)
      result["n_inner"] = .integer(feedForward ?? 4 * shape.width)
      return result
    }
    // A gated layer has three matrices where a plain one has two, so its middle is two thirds as wide.
    let middle = feedForward ?? (shape.width * 8 / 3 + 31) / 32 * 32
    result["hidden_size"] = .integer(shape.width)
    result["intermediate_size"] = .integer(middle)
    result["num_hidden_layers"] = .integer(shape.layers)
    result["num_attention_heads"] = .integer(heads)
    result["num_key_value_heads"] = .integer(keyValueHeads ?? heads)
    result["head_dim"] = .integer(shape.width / heads)
    result["max_position_embeddings"] = .integer(contextLength)
    result["rms_norm_eps"] = 1e-5
    result["rope_theta"] = .number(rotaryBase)
    result["hidden_act"] = "silu"
    switch family {
    case .llama, .gpt2:
      result["architectures"] = ["LlamaForCausalLM"]
      result["attention_bias"] = false
      result["mlp_bias"] = false
    case .qwen3:
      result["architectures"] = ["Qwen3ForCausalLM"]
      result["attention_bias"] = false
    case .mixtral:
      result["architectures"] = ["MixtralForCausalLM"]
      result["num_local_experts"] = .integer(experts)
      result["num_experts_per_tok"] = .integer(usedExperts)
      result["sliding_window"] = .null
    }
    return result
  }
}
