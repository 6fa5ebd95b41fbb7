extension TensorNaming {
  /// The names that all families share in GGUF files.
  ///
  /// Any file may keep queries, keys and values in one matrix, and any projection may have a bias. Norm gains are
  /// complete: Gemma's converter has added the 1. The rows of queries and keys of the llama family are reordered for a
  /// rotation of adjacent elements, which the architecture's rotary tables say.
  static let gguf: TensorNaming = {
    var naming = TensorNaming()
    naming.name(.tokenEmbedding, "token_embd")
    naming.name(.positionEmbedding, "position_embd")
    naming.name(.finalNorm, "output_norm")
    naming.name(.head, "output")
    naming.name(.attentionNorm, "blk.#.attn_norm")
    naming.name(.query, "blk.#.attn_q")
    naming.name(.key, "blk.#.attn_k")
    naming.name(.value, "blk.#.attn_v")
    naming.name(fused: Pattern(stem: "blk.#.attn_qkv", modules: [.query, .key, .value]), first: false)
    naming.name(.queryNorm, "blk.#.attn_q_norm")
    naming.name(.keyNorm, "blk.#.attn_k_norm")
    naming.name(.attentionOutput, "blk.#.attn_output")
    naming.name(.attentionOutputNorm, "blk.#.post_attention_norm")
    naming.name(.feedForwardNorm, "blk.#.ffn_norm")
    naming.name(.router, "blk.#.ffn_gate_inp")
    // The last name of each is how files of before March 2024 have experts.
    naming.name(.gate, "blk.#.ffn_gate", "blk.#.ffn_gate.@")
    naming.name(.up, "blk.#.ffn_up", "blk.#.ffn_up.@")
    naming.name(.down, "blk.#.ffn_down", "blk.#.ffn_down.@")
    naming.name(fused: Pattern(stem: "blk.#.ffn_gate_exps", modules: [.gate], isStacked: true), first: true)
    naming.name(fused: Pattern(stem: "blk.#.ffn_up_exps", modules: [.up], isStacked: true), first: true)
    naming.name(fused: Pattern(stem: "blk.#.ffn_down_exps", modules: [.down], isStacked: true), first: true)
    naming.name(fused: Pattern(stem: "blk.#.ffn_gate_up_exps", modules: [.gate, .up], isStacked: true), first: false)
    naming.name(.feedForwardOutputNorm, "blk.#.post_ffw_norm")
    naming.bias(Module.attentionProjections + Module.feedForwardProjections, .optional)
    // Read with the configuration: they are what becomes of the rotary tables.
    naming.ignorable.names = ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"]
    return naming
  }()

  /// Qwen 2: queries, keys and values have biases.
  static let ggufQwen2: TensorNaming = {
    var naming = gguf
    naming.bias([.query, .key, .value], .required)
    return naming
  }()

  /// Phi 3: one matrix for queries, keys and values; what is called up is gate and up under each other.
  static let ggufPhi3: TensorNaming = {
    var naming = gguf
    naming.prefer("blk.#.attn_qkv")
    naming.name(.gate)
    naming.name(.up)
    naming.name(fused: Pattern(stem: "blk.#.ffn_up", modules: [.gate, .up]), first: true)
    return naming
  }()

  /// GPT-2: one matrix for queries, keys and values, and biases everywhere; matrices are outputs × inputs already.
  static let ggufGPT2: TensorNaming = {
    var naming = gguf
    naming.prefer("blk.#.attn_qkv")
    naming.bias(Module.attentionProjections + [.up, .down], .required)
    return naming
  }()
}
