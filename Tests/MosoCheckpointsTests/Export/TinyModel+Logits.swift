import MosoFormats
import MosoInference
import MosoModel
import MosoTensor

@testable import MosoCheckpoints

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder that is there for the length of a closure.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = "\(FileManager.default.temporaryDirectory.path())moso-\(UInt64.random(in: 0 ... .max))"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// A model as read from one of its files, in f32.
struct LoadedModel {
  let transformer: Transformer<EagerWeight>

  init(_ model: TinyModel) throws {
    let configuration = try model.configuration()
    let file = try model.safetensors()
    try self.init(configuration.architecture, file, configuration.tensors.resolve(file))
  }

  init(gguf path: String) throws {
    let file = try GGUFFile(path: path)
    let configuration = try GGUFConfiguration(file)
    try self.init(configuration.architecture, file, configuration.tensors.resolve(file))
  }

  private init(_ architecture: Architecture, _ file: any WeightFile, _ tensors: ResolvedTensors) throws {
    let rows = ExportRows(file: file)
    let pool = ThreadPool(threads: 1)
    transformer = tensors.transformer(architecture) { role, source in
      var values: [Float] = []
      rows.forEachChunk(of: ExportTensor.Part(source: source)) { values += $0 }
      if role.part == .bias || role.module.isNorm { return .vector(PackedVector(values)) }
      let matrix = PackedMatrix(
        packing: values.span.bytes, elementType: .f32, rows: source.shape[0], columns: source.shape[1], on: pool)
      guard let matrix else { preconditionFailure("no memory for \(role)") }
      return .matrix(matrix)
    }
  }

  /// The logits of every token of a prompt, row by row.
  func logits(_ tokens: [Int32]) throws -> [Float] {
    let context = try InferenceContext(
      transformer, contextLength: tokens.count, cacheType: .f32, pool: ThreadPool(threads: 1))
    var batch = Batch()
    batch.append(tokens, to: 0, at: 0, outputs: Array(tokens.indices))
    let rows = try context.logits(batch)
    return (0..<rows.count).flatMap { rows.array(row: $0) }
  }
}

extension TinyModel {
  /// The token ids of each prompt that `Scripts/make_model_fixtures.py` made.
  func prompts() throws -> [[Int32]] {
    try (expectations()["prompts"]?.arrayValue ?? []).map { prompt in
      (prompt["tokens"]?.arrayValue ?? []).compactMap { $0.integerValue.map(Int32.init) }
    }
  }

  /// Writes the model as a GGUF file into `folder` and returns its path.
  func export(_ recipe: QuantizationRecipe, to folder: String, threads: Int = 2) throws -> String {
    let output = "\(folder)/\(name)-\(recipe.rawValue)-\(threads).gguf"
    try GGUFExporter(folder: HuggingFaceFolder(path: path), name: name, recipe: recipe)
      .write(to: output, on: ThreadPool(threads: threads))
    return output
  }
}
