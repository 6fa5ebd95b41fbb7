import MosoFormats
import MosoModel
import Testing

@testable import MosoCheckpoints

/// A tiny model's configuration with some keys changed, and the sentence it must give.
private struct Wrong: Sendable, CustomStringConvertible {
  var model: String
  var changes: [(String, JSONValue)]
  var sentence: String

  init(_ model: String, _ changes: (String, JSONValue)..., gives sentence: String) {
    self.model = model
    self.changes = changes
    self.sentence = sentence
  }

  var description: String { "\(model), \(changes.map(\.0).joined(separator: ", "))" }

  private static let damaged = "; the file is damaged or not a model's"

  static let all = [
    Wrong(
      "llama2", ("num_hidden_layers", 0),
      gives: "config.json: num_hidden_layers is 0, expected a whole number from 1 to 512" + damaged),
    Wrong(
      "llama2", ("num_hidden_layers", 1_000_000),
      gives: "config.json: num_hidden_layers is 1000000, expected a whole number from 1 to 512" + damaged),
    Wrong(
      "llama2", ("num_attention_heads", 0),
      gives: "config.json: num_attention_heads is 0, expected a whole number from 1 to 1024" + damaged),
    Wrong(
      "llama2", ("num_key_value_heads", 3),
      gives: "config.json: num_key_value_heads is 3, expected a divisor of num_attention_heads, which is 4" + damaged),
    Wrong(
      "llama2", ("num_attention_heads", 5), ("num_key_value_heads", 5),
      gives: "config.json: hidden_size is 32, expected a multiple of num_attention_heads, which is 5, by at most 8192"
        + damaged),
    Wrong(
      "llama2", ("hidden_size", "wide"),
      gives: "config.json: hidden_size is \"wide\", expected a whole number from 1 to 1048576" + damaged),
    Wrong(
      "llama2", ("vocab_size", -1),
      gives: "config.json: vocab_size is -1, expected a whole number from 1 to 16777216" + damaged),
    Wrong(
      "llama2", ("rms_norm_eps", .number(.nan)),
      gives: "config.json: rms_norm_eps is nan, expected a number from 0.0 to 1.0" + damaged),
    Wrong(
      "llama2", ("tie_word_embeddings", 1),
      gives: "config.json: tie_word_embeddings is 1, expected true or false" + damaged),
    Wrong(
      "llama2", ("hidden_act", "relu"),
      gives: "config.json: hidden_act is \"relu\", which Moso does not support; "
        + "use a model with silu, gelu, gelu_new or gelu_pytorch_tanh"),
    Wrong(
      "llama2", ("model_type", "mamba\u{1B}[2J and forty or more characters after that"),
      gives: "config.json: model_type is \"mamba?[2J and forty or more characters a…\", "
        + "which Moso does not support; use a model with llama, mistral, mixtral, smollm3, qwen2, qwen3, qwen3_moe, "
        + "gemma, gemma2, gemma3_text, phi3, gpt2"),
    Wrong(
      "llama2", ("model_type", .null),
      gives: "config.json has no model_type, expected a text; the file is incomplete or not a model's"),
    Wrong(
      "llama2", ("quantization_config", ["quant_method": "gptq"]),
      gives: "config.json: quantization_config is \"gptq\", which Moso does not support; "
        + "use a model with plain weights, or a GGUF file"),
    Wrong(
      "llama3", ("rope_scaling", ["rope_type": "spiral"]),
      gives: "config.json: rope_scaling.rope_type is \"spiral\", which Moso does not support; "
        + "use a model with default, linear, dynamic, llama3, yarn or longrope"),
    Wrong(
      "llama3", ("rope_scaling", ["rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1, "high_freq_factor": 1]),
      gives: "config.json: rope_scaling.high_freq_factor is 1.0, expected more than low_freq_factor, which is 1.0"
        + damaged),
    Wrong(
      "llama3", ("rope_scaling", ["rope_type": "linear", "factor": 0]),
      gives: "config.json: rope_scaling.factor is 0, expected a number from 1e-06 to 1000000000.0" + damaged),
    Wrong(
      "llama3", ("rope_scaling", ["rope_type": "yarn"]),
      gives: "config.json has no rope_scaling.factor, expected a number from 1e-06 to 1000000000.0; "
        + "the file is incomplete or not a model's"),
    Wrong(
      "llama3", ("rope_theta", 0),
      gives: "config.json: rope_theta is 0, expected a number from 2.0 to 1000000000000000.0" + damaged),
    Wrong(
      "llama3", ("head_dim", 15),
      gives: "config.json: the number of rotated dimensions is 15, expected an even number from 2 to 15" + damaged),
    Wrong(
      "phi3_longrope", ("rope_scaling", ["type": "longrope", "short_factor": [1, 2]]),
      gives: "config.json: rope_scaling.short_factor is a list of 2, expected a list of 6" + damaged),
    Wrong(
      "phi3_longrope", ("original_max_position_embeddings", 1),
      gives: "config.json: original_max_position_embeddings is 1, expected a whole number from 2 to 1073741824"
        + damaged),
    Wrong(
      "smollm3", ("no_rope_layers", [1]),
      gives: "config.json: no_rope_layers is a list of 1, expected a list of at least 5" + damaged),
    Wrong(
      "smollm3", ("no_rope_layers", .null), ("no_rope_layer_interval", 0),
      gives: "config.json: no_rope_layer_interval is 0, expected a whole number from 1 to 512" + damaged),
    Wrong(
      "gemma2", ("sliding_window", .null),
      gives: "config.json: sliding_window is null, expected a number for the layers that have a window" + damaged),
    Wrong(
      "gemma2", ("layer_types", ["full_attention", "full_attention", "full_attention", "chunked_attention"]),
      gives: "config.json: layer_types[3] is \"chunked_attention\", which Moso does not support; "
        + "use a model with full_attention and sliding_attention"),
    Wrong(
      "gemma2", ("query_pre_attn_scalar", 0),
      gives: "config.json: query_pre_attn_scalar is 0, expected a number from 1e-06 to 1000000000.0" + damaged),
    Wrong(
      "gemma3", ("sliding_window_pattern", 0),
      gives: "config.json: sliding_window_pattern is 0, expected a whole number from 1 to 512" + damaged),
    Wrong(
      "mixtral", ("num_experts_per_tok", 5),
      gives: "config.json: num_experts_per_tok is 5, expected a whole number from 1 to 4" + damaged),
    Wrong(
      "mixtral", ("num_local_experts", 0),
      gives: "config.json: num_local_experts is 0, expected a whole number from 1 to 4096" + damaged),
    Wrong(
      "mixtral", ("num_hidden_layers", 512), ("num_local_experts", 129),
      gives: "config.json: num_local_experts is 129, expected a whole number from 1 to 128" + damaged),
    Wrong(
      "qwen3_moe", ("mlp_only_layers", [0]),
      gives: "config.json: mlp_only_layers is a list of 1, which Moso does not support; "
        + "use a model with experts in every layer or in none"),
    Wrong(
      "gpt2", ("n_head", 0), gives: "config.json: n_head is 0, expected a whole number from 1 to 1024" + damaged),
    Wrong(
      "gpt2", ("scale_attn_by_inverse_layer_idx", true),
      gives: "config.json: scale_attn_by_inverse_layer_idx is true, which Moso does not support; "
        + "use a model with plain causal attention"),
  ]
}

@Suite("Hostile configurations") struct HostileConfigurationTests {
  @Test("A wrong value gives a sentence that names it", arguments: Wrong.all)
  fileprivate func sentence(wrong: Wrong) throws {
    var json = try TinyModel(name: wrong.model).configurationJSON()
    for (key, value) in wrong.changes { json[key] = value }
    do throws(ConfigurationError) {
      let configuration = try HuggingFaceConfiguration(json)
      Issue.record("\(configuration.architecture)")
    } catch {
      #expect(error.description == wrong.sentence)
    }
  }

  private static let poison: [JSONValue] = [
    .null, true, 0, 1, 2, 3, -1, 7, 512, 65_536, 2_147_483_648, .integer(.max), .integer(.min), 0.5, -0.0, 1e300,
    .number(.infinity), .number(.nan), "", "silu", "yarn", [], [1, 2, 3], [[]], [:],
    ["rope_type": "yarn", "factor": 1e9, "original_max_position_embeddings": 2], ["type": "su"],
    ["rope_type": "longrope"], ["rope_type": "linear", "factor": 1e-6],
  ]

  @Test(
    "Whatever stands at any key, the result is an error or a sound architecture",
    arguments: [
      "llama3", "mistral_window", "smollm3", "qwen2_window", "qwen3_yarn", "gemma2", "gemma3", "phi3_longrope", "gpt2",
      "mixtral", "qwen3_moe",
    ])
  func anyValue(name: String) throws {
    let model = TinyModel(name: name)
    let json = try model.configurationJSON()
    for key in json.map(\.key) + ["rope_parameters", "head_dim", "layer_types", "rope_theta", "n_inner"] {
      for value in Self.poison {
        var changed = json
        changed[key] = value
        guard let configuration = try? HuggingFaceConfiguration(changed) else { continue }
        if let flaw = flaw(of: configuration.architecture) { Issue.record("\(key) = \(value): \(flaw)") }
      }
    }
  }

  /// What the forward pass could not bear. (Plain conditions: there are thousands of configurations.)
  private func flaw(of architecture: Architecture) -> String? {
    let attention = architecture.attention
    if !(1...512).contains(architecture.layers.count) { return "the number of layers" }
    if attention.headCount % attention.keyValueHeadCount != 0 { return "the number of heads" }
    if !(attention.scale.isFinite && attention.scale > 0) { return "the scale" }
    for rotary in architecture.rotaries {
      if rotary.dimensions > attention.headSize || rotary.dimensions % 2 != 0 { return "the rotated dimensions" }
      let numbers = rotary.frequencies + (rotary.longFrequencies ?? []) + [rotary.amplitude]
      if !numbers.allSatisfy({ $0.isFinite && $0 >= 0 }) { return "the rotary frequencies" }
      if let long = rotary.longFrequencies, long.count != rotary.frequencies.count { return "the long frequencies" }
    }
    for layer in architecture.layers {
      if let rotary = layer.rotary, !architecture.rotaries.indices.contains(rotary) { return "a rotary table" }
      if let window = layer.window, window < 1 { return "a window" }
    }
    if let experts = architecture.feedForward.experts, !(1...experts.count).contains(experts.usedCount) {
      return "the number of experts"
    }
    return nil
  }
}
