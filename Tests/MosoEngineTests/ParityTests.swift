import MosoCheckpoints
import MosoFormats
import MosoInference
import MosoModel
import MosoTensor
import Testing

@testable import MosoEngine

/// Logits of tiny random models against Hugging Face transformers (`Scripts/make_model_fixtures.py`).
@Suite("Parity with transformers") struct ParityTests {
  static let models = [
    "llama2", "llama3", "llama_linear", "smollm2", "tinyllama", "mistral", "mistral_window", "smollm3", "qwen2",
    "qwen2_window", "qwen3", "qwen3_yarn", "gemma", "gemma2", "gemma2_scalar", "gemma3", "phi3", "phi3_partial",
    "phi3_longrope", "gpt2", "mixtral", "qwen3_moe", "qwen3_moe_raw",
  ]
  /// What these test has no place in GGUF.
  static let withoutGGUF: Set = ["mistral_window", "qwen2_window", "gemma2_scalar", "qwen3_moe_raw"]

  @Test("Logits from safetensors agree to 1e-4", arguments: models) func safetensors(name: String) throws {
    let folder = try HuggingFaceFolder(path: Self.path(name))
    let configuration = try HuggingFaceConfiguration(folder.configuration())
    let file = try folder.weights()
    try check(name, configuration.architecture, file, try configuration.tensors.resolve(file))
  }

  @Test("Logits from GGUF agree to 1e-4", arguments: models.filter { !withoutGGUF.contains($0) })
  func gguf(name: String) throws {
    let file = try GGUFFile(path: Self.path(name) + "/model.gguf")
    let configuration = try GGUFConfiguration(file)
    try check(name, configuration.architecture, file, try configuration.tensors.resolve(file))
  }

  private func check(
    _ name: String, _ architecture: Architecture, _ file: some WeightFile, _ resolved: ResolvedTensors
  ) throws {
    let pool = ThreadPool(threads: 2)
    let loader = WeightLoader(file: file, pool: pool)
    let transformer = try resolved.transformer(architecture, load: loader.parameter)
    let expectations = try JSONValue(contentsOf: Self.path(name) + "/expected.json")
    let expected = try SafetensorsFile(path: Self.path(name) + "/expected.safetensors")
    let prompts = try #require(expectations["prompts"]?.arrayValue)
    #expect(prompts.count >= 2)
    for prompt in prompts {
      let tokens = try #require(prompt["tokens"]?.arrayValue).compactMap { $0.integerValue.map(Int32.init) }
      let logits = try expected.floats(try #require(prompt["logits"]?.stringValue))
      // As long as the prompt: LongRoPE chooses its factors by the context's length.
      let context = try InferenceContext(transformer, contextLength: tokens.count, cacheType: .f32, pool: pool)
      var batch = Batch()
      batch.append(tokens, to: 0, at: 0, outputs: Array(tokens.indices))
      let found = try context.logits(batch)
      #expect(logits.count == found.count * found.width)
      let largest = logits.reduce(0) { max($0, abs($1)) }
      for row in 0..<found.count {
        let difference =
          zip(found.array(row: row), logits[row * found.width..<(row + 1) * found.width])
          .map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference <= 1e-4 * largest, "row \(row) of \(tokens.count)")
      }
    }
  }

  private static func path(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/Models/" + name
  }
}

extension WeightFile {
  /// The values of an f32 tensor.
  fileprivate func floats(_ name: String) throws -> [Float] {
    let tensor = try requiredTensor(named: name)
    return withBytes(of: tensor) { bytes in
      (0..<tensor.elementCount).map { unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }
}
