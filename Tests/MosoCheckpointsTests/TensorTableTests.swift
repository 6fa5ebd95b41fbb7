import MosoFormats
import MosoModel
import Testing

@testable import MosoCheckpoints

@Suite("Tensor tables") struct TensorTableTests {
  @Test("Every tensor of a safetensors file has a role, and every role a tensor", arguments: TinyModel.all)
  func safetensors(model: TinyModel) throws {
    let configuration = try model.configuration()
    let file = try model.safetensors()
    let resolved = try configuration.tensors.resolve(file)
    #expect(resolved.ignored.isEmpty)
    #expect(Set(resolved.sources.values.map(\.name)) == Set(file.tensors.map(\.name)))
    #expect(Set(resolved.sources.keys) == Set(configuration.tensors.entries.map(\.role)))
  }

  @Test("Every tensor of a GGUF file has a role, and every role a tensor", arguments: TinyModel.allInGGUF)
  func gguf(model: TinyModel) throws {
    let configuration = try GGUFConfiguration(model.gguf())
    let file = try model.gguf()
    let resolved = try configuration.tensors.resolve(file)
    #expect(resolved.ignored.allSatisfy { $0.hasPrefix("rope_f") })
    #expect(Set(resolved.sources.values.map(\.name) + resolved.ignored) == Set(file.tensors.map(\.name)))
    let required = configuration.tensors.entries.filter(\.isRequired).map(\.role)
    #expect(Set(resolved.sources.keys).isSuperset(of: required))
  }

  @Test("Both files of a model hold the same numbers under every role", arguments: TinyModel.allInGGUF)
  func sameNumbers(model: TinyModel) throws {
    let architecture = try model.configuration().architecture
    let safetensors = try model.safetensors()
    let gguf = try model.gguf()
    let ggufConfiguration = try GGUFConfiguration(gguf)
    let ours = try model.configuration().tensors.resolve(safetensors)
    let theirs = try ggufConfiguration.tensors.resolve(gguf)
    #expect(Set(ours.sources.keys) == Set(theirs.sources.keys))
    let isReordered = ggufConfiguration.architecture.rotaries.first?.pairing == .adjacent
    for (role, source) in ours.sources {
      var values = try safetensors.values(source)
      if isReordered && [.query, .key].contains(role.module) {
        values = interleaved(values, headSize: architecture.attention.headSize, rows: source.shape[0])
      }
      let found = try gguf.values(try #require(theirs[role]))
      #expect(found == values, "\(role)")
    }
  }

  /// The rows of each head with those of its two halves taken in turn, which is what "adjacent pairs" means.
  private func interleaved(_ values: [Float], headSize: Int, rows: Int) -> [Float] {
    let columns = values.count / rows
    return (0..<rows).flatMap { row in
      let within = row % headSize
      let source = row - within + within / 2 + within % 2 * (headSize / 2)
      return values[source * columns..<(source + 1) * columns]
    }
  }

  @Test("Experts are found stacked, as transformers keeps them in memory", arguments: ["mixtral", "qwen3_moe"])
  func stackedExperts(name: String) throws {
    let configuration = try TinyModel(name: name).configuration()
    let experts = try #require(configuration.architecture.feedForward.experts)
    let width = configuration.architecture.feedForward.width
    var shapes = try TinyModel(name: name).safetensors().shapes.filter { !$0.key.contains(".experts.") }
    for layer in 0..<2 {
      shapes["model.layers.\(layer).mlp.experts.gate_up_proj"] = [experts.count, 2 * width, 32]
      shapes["model.layers.\(layer).mlp.experts.down_proj"] = [experts.count, 32, width]
    }
    let resolved = try configuration.tensors.resolve(shapes)
    let up = try #require(resolved[TensorRole(.up, layer: 1, expert: 3)])
    #expect(up.name == "model.layers.1.mlp.experts.gate_up_proj")
    #expect(up.rows == 7 * width..<8 * width)
    let down = try #require(resolved[TensorRole(.down, layer: 0, expert: 2)])
    #expect(down.rows == 64..<96)
    #expect(down.fileShape == [experts.count, 32, width])
  }

  @Test("Experts of a GGUF file are found fused, and one by one as old files have them")
  func oldExperts() throws {
    let file = try TinyModel(name: "mixtral").gguf()
    let table = try GGUFConfiguration(file).tensors
    var fused = file.shapes
    var single = file.shapes
    for layer in 0..<2 {
      for name in ["gate", "up"] { fused["blk.\(layer).ffn_\(name)_exps.weight"] = nil }
      fused["blk.\(layer).ffn_gate_up_exps.weight"] = [4, 96, 32]
      for name in ["gate", "up", "down"] {
        single["blk.\(layer).ffn_\(name)_exps.weight"] = nil
        for expert in 0..<4 {
          single["blk.\(layer).ffn_\(name).\(expert).weight"] = name == "down" ? [32, 48] : [48, 32]
        }
      }
    }
    let role = TensorRole(.up, layer: 1, expert: 2)
    #expect(try table.resolve(fused)[role]?.rows == 240..<288)
    #expect(try table.resolve(single)[role]?.name == "blk.1.ffn_up.2.weight")
    #expect(try table.resolve(single)[role]?.isWhole == true)
  }

  @Test("Queries, keys and values are found fused in any GGUF file")
  func fusedQueries() throws {
    let file = try TinyModel(name: "qwen2").gguf()
    var shapes = file.shapes
    for layer in 0..<2 {
      for name in ["q", "k", "v"] {
        shapes["blk.\(layer).attn_\(name).weight"] = nil
        shapes["blk.\(layer).attn_\(name).bias"] = nil
      }
      shapes["blk.\(layer).attn_qkv.weight"] = [64, 32]
      shapes["blk.\(layer).attn_qkv.bias"] = [64]
    }
    let resolved = try GGUFConfiguration(file).tensors.resolve(shapes)
    #expect(resolved[TensorRole(.key, layer: 1)]?.rows == 32..<48)
    #expect(resolved[TensorRole(.value, .bias, layer: 1)]?.rows == 48..<64)
  }

  @Test(
    "A model is found under the other names that its repositories use",
    arguments: [
      ("llama2", "model.", ""), ("gpt2", "transformer.", ""), ("gemma3", "model.", "language_model.model."),
      ("gemma3", "model.", "model.language_model."),
    ])
  func otherPrefixes(name: String, from: String, to: String) throws {
    let shapes = try TinyModel(name: name).safetensors().shapes
    var renamed: [String: [Int]] = [:]
    for (name, shape) in shapes { renamed[name.hasPrefix(from) ? to + name.dropFirst(from.count) : name] = shape }
    let resolved = try TinyModel(name: name).configuration().tensors.resolve(renamed)
    #expect(resolved.sources.count == (try TinyModel(name: name).configuration().tensors.resolve(shapes).sources.count))
  }

  @Test("What a forward pass does not need is passed over")
  func ignored() throws {
    var shapes = try TinyModel(name: "llama3").safetensors().shapes
    shapes["lm_head.weight"] = [96, 48]
    shapes["model.layers.0.self_attn.rotary_emb.inv_freq"] = [8]
    let resolved = try TinyModel(name: "llama3").configuration().tensors.resolve(shapes)
    #expect(resolved.ignored == ["lm_head.weight", "model.layers.0.self_attn.rotary_emb.inv_freq"])
    var masks = try TinyModel(name: "gpt2").safetensors().shapes
    masks["transformer.h.0.attn.bias"] = [1, 1, 64, 64]
    #expect(try TinyModel(name: "gpt2").configuration().tensors.resolve(masks).ignored == ["transformer.h.0.attn.bias"])
  }

  @Test("A tensor that is missing, misshapen or out of place is named")
  func errors() throws {
    let table = try TinyModel(name: "llama2").configuration().tensors
    let shapes = try TinyModel(name: "llama2").safetensors().shapes
    var missing = shapes
    missing["model.layers.1.mlp.up_proj.weight"] = nil
    #expect(
      throws: TensorTableError.missing(
        role: TensorRole(.up, layer: 1), names: ["model.layers.1.mlp.up_proj.weight"])
    ) { try table.resolve(missing) }
    var misshapen = shapes
    misshapen["lm_head.weight"] = [32, 96]
    #expect(
      throws: TensorTableError.shape(
        name: "lm_head.weight", role: TensorRole(.head), found: [32, 96], expected: [96, 32])
    ) { try table.resolve(misshapen) }
    var unexpected = shapes
    unexpected["model.layers.2.mlp.up_proj.weight"] = [64, 32]
    #expect(throws: TensorTableError.unexpected(names: ["model.layers.2.mlp.up_proj.weight"])) {
      try table.resolve(unexpected)
    }
    #expect(throws: TensorTableError.self) { try table.resolve([:] as [String: [Int]]) }
  }

  @Test("Errors are sentences")
  func sentences() {
    #expect(
      TensorTableError.missing(role: TensorRole(.up, layer: 1, expert: 7), names: ["a", "b"]).description
        == "the file has no tensor for the up weight of expert 7 of layer 1, expected a or b; "
        + "it is incomplete or belongs to another architecture")
    #expect(
      TensorTableError.unexpected(names: ["a", "b", "c", "d", "e"]).description
        == "the architecture has no place for tensors \"a\", \"b\", \"c\" and 2 more; "
        + "the file belongs to another architecture")
  }

  @Test("A configuration that claims many layers costs nothing before its tensors are there")
  func manyLayers() throws {
    var json = try TinyModel(name: "qwen3_moe").configurationJSON()
    json["num_hidden_layers"] = 512
    json["num_experts"] = 128
    json["num_experts_per_tok"] = 8
    let table = try HuggingFaceConfiguration(json).tensors
    #expect(throws: TensorTableError.self) { try table.resolve(["model.embed_tokens.weight": [96, 32]]) }
  }
}
