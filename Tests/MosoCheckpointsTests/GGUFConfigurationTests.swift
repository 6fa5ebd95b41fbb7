import MosoFormats
import MosoModel
import Testing

@testable import MosoCheckpoints

/// A configuration from metadata alone, as a file of that family would have them.
private func read(
  _ architecture: String, _ changes: [String: JSONValue], shapes: [String: [Int]] = [:], divisors: [Double] = []
) throws(ConfigurationError) -> GGUFConfiguration {
  var object: JSONObject = ["general.architecture": .string(architecture)]
  let usual: [String: JSONValue] = [
    "context_length": 8192, "embedding_length": 5376, "block_count": 62, "feed_forward_length": 21_504,
    "attention.head_count": 32, "attention.head_count_kv": 16, "attention.key_length": 128,
    "attention.value_length": 128, "attention.layer_norm_rms_epsilon": 1e-6,
  ]
  for (key, value) in usual { object["\(architecture).\(key)"] = value }
  for (key, value) in changes { object[key.hasPrefix("general.") ? key : "\(architecture).\(key)"] = value }
  return try GGUFConfiguration(
    fields: ConfigurationFields(origin: "model.gguf", object: object),
    shapes: shapes.merging(["token_embd.weight": [262_208, 5376]]) { first, _ in first }
  ) { _ in divisors }
}

@Suite("GGUF metadata") struct GGUFConfigurationTests {
  @Test("The 27B models of Gemma scale scores by the width per head")
  func widthScaling() throws {
    let gemma3 = try read("gemma3", ["attention.sliding_window": 1024]).architecture
    #expect(gemma3.attention.scale == Float(1 / 168.0.squareRoot()))
    let smaller = try read("gemma3", ["block_count": 48]).architecture
    #expect(smaller.attention.scale == Float(1 / 128.0.squareRoot()))
    let gemma2 = try read("gemma2", ["block_count": 46, "embedding_length": 4608]).architecture
    #expect(gemma2.attention.scale == Float(1 / 144.0.squareRoot()))
    #expect(gemma2.attention.scoreSoftcap == 50)
    #expect(gemma2.logitSoftcap == 30)
    #expect(gemma2.layers.prefix(3).map(\.window) == [4096, nil, 4096])
  }

  @Test("Windows follow a period or a list of switches")
  func windowPattern() throws {
    let third: [String: JSONValue] = ["attention.sliding_window": 64, "attention.sliding_window_pattern": 3]
    let period = try read("gemma3", third).architecture
    #expect(period.layers.prefix(6).map(\.window) == [64, 64, nil, 64, 64, nil])
    #expect(period.layers.prefix(3).map(\.rotary) == [1, 1, 0])
    let list = try read(
      "gemma3",
      ["block_count": 3, "attention.sliding_window": 64, "attention.sliding_window_pattern": [false, true, true]]
    ).architecture
    #expect(list.layers.map(\.window) == [nil, 64, 64])
    #expect(try read("gemma3", [:]).architecture.layers.allSatisfy { $0.window == nil && $0.rotary == 0 })
  }

  @Test("Lengths may be given once for each layer, when all are the same")
  func lengthPerLayer() throws {
    let heads: JSONValue = .array(Array(repeating: 8, count: 62))
    #expect(try read("llama", ["attention.head_count_kv": heads]).architecture.attention.keyValueHeadCount == 8)
    #expect(throws: ConfigurationError.self) { try read("llama", ["attention.head_count_kv": [8, 16]]) }
    #expect(throws: ConfigurationError.self) { try read("llama", ["attention.head_count": []]) }
  }

  @Test("Old files have the linear factor under another name")
  func oldFactor() throws {
    let old = try read("llama", ["rope.scale_linear": 4.0]).architecture
    let new = try read("llama", ["rope.scaling.type": "linear", "rope.scaling.factor": 4.0]).architecture
    #expect(old == new)
    #expect(old.rotaries[0].frequencies[0] == 0.25)
  }

  @Test("YaRN's amplitude is recommended, given, or weighed against a multiplier")
  func yarnAmplitude() throws {
    let scaling: [String: JSONValue] = [
      "rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.original_context_length": 2048,
    ]
    func amplitude(_ more: [String: JSONValue]) throws -> Float {
      try read("qwen3", scaling.merging(more) { $1 }).architecture.rotaries[0].amplitude
    }
    #expect(abs(try amplitude([:]) - 1.138_629_4) < 1e-6)
    #expect(try amplitude(["rope.scaling.yarn_attn_factor": 1.5]) == 1.5)
    #expect(abs(try amplitude(["rope.scaling.yarn_log_multiplier": 1.0]) - 1) < 1e-6)
    #expect(abs(try amplitude(["rope.scaling.attn_factor": 2.0]) - 2.277_258_8) < 1e-6)
  }

  @Test("Rotary divisors come from the file's own tensors")
  func divisors() throws {
    let divisors = (0..<64).map { 1 + Double($0) }
    let divided = try read("llama", [:], shapes: ["rope_freqs.weight": [64]], divisors: divisors).architecture
    let plain = try read("llama", [:]).architecture
    for (pair, frequency) in divided.rotaries[0].frequencies.enumerated() {
      let expected = plain.rotaries[0].frequencies[pair]
      #expect(abs(frequency * Float(pair + 1) - expected) <= 1e-6 * expected)
    }
    #expect(throws: ConfigurationError.self) { try read("llama", [:], shapes: ["rope_freqs.weight": [63]]) }
    #expect(throws: ConfigurationError.self) {
      try read("llama", [:], shapes: ["rope_freqs.weight": [64]], divisors: Array(repeating: 0, count: 64))
    }
    #expect(throws: ConfigurationError.self) {
      try read("phi3", [:], shapes: ["rope_factors_long.weight": [64]], divisors: divisors)
    }
  }

  @Test("The head is tied exactly when the file has none of its own")
  func tiedHead() throws {
    #expect(try read("llama", [:]).architecture.hasTiedHead)
    #expect(try !read("llama", [:], shapes: ["output.weight": [262_208, 5376]]).architecture.hasTiedHead)
  }

  @Test(
    "What a family cannot be gives a sentence",
    arguments: [
      (
        "bert", [:],
        "model.gguf: general.architecture is \"bert\", which Moso does not support; use a model with llama, smollm3, "
          + "qwen2, qwen3, qwen3moe, gemma, gemma2, gemma3, phi3, gpt2"
      ),
      (
        "llama", ["block_count": 513],
        "model.gguf: llama.block_count is 513, expected a whole number from 1 to 512; "
          + "the file is damaged or not a model's"
      ),
      (
        "llama", ["context_length": .null],
        "model.gguf has no llama.context_length, expected a whole number from 1 to 1073741824; "
          + "the file is incomplete or not a model's"
      ),
      (
        "llama", ["rope.dimension_count": 64],
        "model.gguf: llama.rope.dimension_count is 64, expected the head's size, which is 128; "
          + "the file is damaged or not a model's"
      ),
      (
        "llama", ["attention.value_length": 64],
        "model.gguf: llama.attention.value_length is 64, which Moso does not support; "
          + "use a model with values as wide as keys, which is 128"
      ),
      (
        "llama", ["expert_count": 8, "expert_used_count": 9],
        "model.gguf: llama.expert_used_count is 9, expected a whole number from 1 to 8; "
          + "the file is damaged or not a model's"
      ),
      (
        "llama", ["expert_count": 8, "expert_used_count": 2, "expert_gating_func": 2],
        "model.gguf: llama.expert_gating_func is 2.0, which Moso does not support; "
          + "use a model with softmax routing to plain experts"
      ),
      (
        "qwen3moe", [:],
        "model.gguf has no qwen3moe.expert_count, expected a whole number from 1 to 1057; "
          + "the file is incomplete or not a model's"
      ),
      (
        "llama", ["attention.head_count": 0],
        "model.gguf: llama.attention.head_count is 0, expected a whole number from 1 to 1024; "
          + "the file is damaged or not a model's"
      ),
    ] as [(String, [String: JSONValue], String)])
  func sentences(architecture: String, changes: [String: JSONValue], sentence: String) {
    do throws(ConfigurationError) {
      let configuration = try read(architecture, changes)
      Issue.record("\(configuration.architecture)")
    } catch {
      #expect(error.description == sentence)
    }
  }

  @Test("Whatever stands at any key, the result is an error or an architecture")
  func anyValue() {
    let poison: [JSONValue] = [
      .null, true, 0, 1, -1, 2_147_483_648, .integer(.max), 0.5, 1e300, .number(.nan), "yarn", [], [1, true], [[]],
    ]
    let keys = [
      "context_length", "embedding_length", "block_count", "feed_forward_length", "attention.head_count",
      "attention.head_count_kv", "attention.key_length", "attention.value_length", "attention.sliding_window",
      "attention.sliding_window_pattern", "attention.layer_norm_rms_epsilon", "rope.dimension_count",
      "rope.freq_base", "rope.scaling.type", "rope.scaling.factor", "expert_count", "expert_used_count",
      "expert_feed_forward_length", "attn_logit_softcapping", "general.architecture",
    ]
    for family in GGUFConfiguration.architectures {
      for key in keys {
        for value in poison {
          guard let configuration = try? read(family, [key: value]) else { continue }
          let resolved = try? configuration.tensors.resolve([:] as [String: [Int]])
          if resolved != nil { Issue.record("\(family).\(key) = \(value)") }
        }
      }
    }
  }
}
