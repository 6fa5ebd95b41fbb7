extension TensorNaming {
  /// The names of Llama, Mistral, SmolLM, Qwen and Gemma 1 in safetensors files.
  static let huggingFace: TensorNaming = {
    var naming = TensorNaming()
    naming.name(.tokenEmbedding, "model.embed_tokens")
    naming.name(.finalNorm, "model.norm")
    naming.name(.head, "lm_head")
    naming.name(.attentionNorm, "model.layers.#.input_layernorm")
    naming.name(.query, "model.layers.#.self_attn.q_proj")
    naming.name(.key, "model.layers.#.self_attn.k_proj")
    naming.name(.value, "model.layers.#.self_attn.v_proj")
    naming.name(.queryNorm, "model.layers.#.self_attn.q_norm")
    naming.name(.keyNorm, "model.layers.#.self_attn.k_norm")
    naming.name(.attentionOutput, "model.layers.#.self_attn.o_proj")
    naming.name(.feedForwardNorm, "model.layers.#.post_attention_layernorm")
    naming.name(.gate, "model.layers.#.mlp.gate_proj")
    naming.name(.up, "model.layers.#.mlp.up_proj")
    naming.name(.down, "model.layers.#.mlp.down_proj")
    naming.prefixes = [
      [],
      // As `AutoModel` saves it, without the head's wrapper.
      [Prefix(from: "model.", to: "")],
      // Inside a model that also sees, as repositories of before and after 2025 have it.
      [Prefix(from: "model.", to: "language_model.model."), Prefix(from: "lm_head", to: "language_model.lm_head")],
      [Prefix(from: "model.", to: "model.language_model.")],
    ]
    naming.ignorable.suffixes = [".rotary_emb.inv_freq"]
    return naming
  }()

  /// Gemma 1: gains are stored less 1.
  static let huggingFaceGemma: TensorNaming = {
    var naming = huggingFace
    naming.gainAddend = 1
    return naming
  }()

  /// Gemma 2 and 3: a norm before and after each branch, and what sees beside the language model.
  static let huggingFaceGemma2: TensorNaming = {
    var naming = huggingFaceGemma
    naming.name(.attentionOutputNorm, "model.layers.#.post_attention_layernorm")
    naming.name(.feedForwardNorm, "model.layers.#.pre_feedforward_layernorm")
    naming.name(.feedForwardOutputNorm, "model.layers.#.post_feedforward_layernorm")
    naming.ignorable.prefixes = [
      "vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector.",
    ]
    return naming
  }()

  /// Phi 3: queries, keys and values in one matrix, gate and up in another.
  static let huggingFacePhi3: TensorNaming = {
    var naming = huggingFace
    naming.name(
      fused: Pattern(stem: "model.layers.#.self_attn.qkv_proj", modules: [.query, .key, .value]), first: true)
    naming.name(fused: Pattern(stem: "model.layers.#.mlp.gate_up_proj", modules: [.gate, .up]), first: true)
    return naming
  }()

  /// Mixtral: w1, w3 and w2 are gate, up and down; recent files may stack the experts.
  static let huggingFaceMixtral: TensorNaming = {
    var naming = huggingFace
    naming.name(.router, "model.layers.#.block_sparse_moe.gate", "model.layers.#.mlp.gate")
    naming.name(.gate, "model.layers.#.block_sparse_moe.experts.@.w1")
    naming.name(.up, "model.layers.#.block_sparse_moe.experts.@.w3")
    naming.name(.down, "model.layers.#.block_sparse_moe.experts.@.w2")
    naming.stackExperts()
    return naming
  }()

  /// The mixtures of Qwen 3; recent files may stack the experts.
  static let huggingFaceQwen3Experts: TensorNaming = {
    var naming = huggingFace
    naming.name(.router, "model.layers.#.mlp.gate")
    naming.name(.gate, "model.layers.#.mlp.experts.@.gate_proj")
    naming.name(.up, "model.layers.#.mlp.experts.@.up_proj")
    naming.name(.down, "model.layers.#.mlp.experts.@.down_proj")
    naming.stackExperts()
    return naming
  }()

  /// The names that transformers gives experts in memory, which files saved without conversion keep.
  private mutating func stackExperts() {
    name(
      fused: Pattern(
        stem: "model.layers.#.mlp.experts.gate_up_proj", modules: [.gate, .up], isStacked: true, weightSuffix: ""),
      first: false)
    name(
      fused: Pattern(
        stem: "model.layers.#.mlp.experts.down_proj", modules: [.down], isStacked: true, weightSuffix: ""),
      first: false)
  }

  /// GPT-2: one matrix for queries, keys and values, all of them stored inputs × outputs, and biases everywhere.
  static let huggingFaceGPT2: TensorNaming = {
    var naming = TensorNaming()
    naming.name(.tokenEmbedding, "transformer.wte")
    naming.name(.positionEmbedding, "transformer.wpe")
    naming.name(.finalNorm, "transformer.ln_f")
    naming.name(.head, "lm_head")
    naming.name(.attentionNorm, "transformer.h.#.ln_1")
    naming.name(fused: Pattern(stem: "transformer.h.#.attn.c_attn", modules: [.query, .key, .value]), first: true)
    naming.name(.attentionOutput, "transformer.h.#.attn.c_proj")
    naming.name(.feedForwardNorm, "transformer.h.#.ln_2")
    naming.name(.up, "transformer.h.#.mlp.c_fc")
    naming.name(.down, "transformer.h.#.mlp.c_proj")
    naming.transposed = [.query, .key, .value, .attentionOutput, .up, .down]
    naming.bias(Module.attentionProjections + [.up, .down], .required)
    // The original repository saved the bare model.
    naming.prefixes = [[], [Prefix(from: "transformer.", to: "")]]
    // The causal mask, once saved as if it were a weight.
    naming.ignorable.suffixes = [".attn.bias", ".attn.masked_bias"]
    return naming
  }()
}
