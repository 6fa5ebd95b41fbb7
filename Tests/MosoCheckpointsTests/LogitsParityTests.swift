import MosoFormats
import MosoInference
import MosoModel
import MosoTensor
import Testing

@testable import MosoCheckpoints

/// The logits of every tiny model against those of Hugging Face transformers, from both of its files.
@Suite("Logits agree with transformers") struct LogitsParityTests {
  /// The largest difference that counts as agreement, as a share of the largest logit.
  private static let tolerance: Float = 1e-4

  @Test("From safetensors", arguments: TinyModel.all)
  func safetensors(model: TinyModel) throws {
    let configuration = try model.configuration()
    let file = try model.safetensors()
    try compare(model, file, configuration.architecture, try configuration.tensors.resolve(file))
  }

  @Test("From GGUF", arguments: TinyModel.allInGGUF)
  func gguf(model: TinyModel) throws {
    let file = try model.gguf()
    let configuration = try GGUFConfiguration(file)
    try compare(model, file, configuration.architecture, try configuration.tensors.resolve(file))
  }

  private func compare(
    _ model: TinyModel, _ file: some WeightFile, _ architecture: Architecture, _ tensors: ResolvedTensors
  ) throws {
    let pool = ThreadPool(threads: 1)
    let transformer = try tensors.transformer(architecture) { _, source in try parameter(source, in: file, on: pool) }
    let expected = try SafetensorsFile(path: model.path + "/expected.safetensors")
    let prompts = try #require(try model.expectations()["prompts"]?.arrayValue)
    #expect(prompts.count == 2)
    for prompt in prompts {
      let tokens = try #require(prompt["tokens"]?.arrayValue).compactMap { $0.integerValue.map { Int32($0) } }
      let logits = try expected.values(try #require(prompt["logits"]?.stringValue))
      // A context no longer than the prompt, so that LongRoPE chooses as transformers does.
      let context = try InferenceContext(
        transformer, contextLength: tokens.count, capacity: nil, cacheType: .f32, pool: pool)
      var batch = Batch()
      batch.append(tokens, to: 0, at: 0, outputs: Array(tokens.indices))
      let rows = try context.logits(batch)
      let found = tokens.indices.flatMap { rows.array(row: $0) }
      try #require(found.count == logits.count)
      let largest = logits.map(abs).max() ?? 0
      let difference = zip(found, logits).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= Self.tolerance * largest, "\(difference / largest) of the largest logit")
    }
  }

  /// A role's values as the eager interpreter keeps them.
  private func parameter(
    _ source: TensorSource, in file: some WeightFile, on pool: ThreadPool
  ) throws -> EagerWeight {
    let values = try file.values(source)
    guard source.shape.count == 2 else { return .vector(PackedVector(values)) }
    let bytes = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    let matrix = PackedMatrix(
      packing: bytes.span.bytes, elementType: .f32, rows: source.shape[0], columns: source.shape[1], on: pool)
    return .matrix(try #require(matrix))
  }
}
