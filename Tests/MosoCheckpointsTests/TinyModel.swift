import MosoFormats
import MosoModel

@testable import MosoCheckpoints

/// One of the tiny random models of `Tests/Fixtures/Models`.
struct TinyModel: Sendable, CustomStringConvertible {
  let name: String

  static let all = [
    "llama2", "llama3", "llama_linear", "smollm2", "tinyllama", "mistral", "mistral_window", "smollm3", "qwen2",
    "qwen2_window", "qwen3", "qwen3_yarn", "gemma", "gemma2", "gemma2_scalar", "gemma3", "phi3", "phi3_partial",
    "phi3_longrope", "gpt2", "mixtral", "qwen3_moe", "qwen3_moe_raw",
  ].map { TinyModel(name: $0) }

  /// What has no place in GGUF (see Scripts/make_model_ggufs.py).
  static let withoutGGUF: Set = ["mistral_window", "qwen2_window", "gemma2_scalar", "qwen3_moe_raw"]

  static let allInGGUF = all.filter { !withoutGGUF.contains($0.name) }

  var description: String { name }

  var path: String { Self.tests + "Fixtures/Models/" + name }

  func configurationJSON() throws -> JSONObject { try HuggingFaceFolder(path: path).configuration() }

  func configuration() throws -> HuggingFaceConfiguration { try HuggingFaceConfiguration(configurationJSON()) }

  func safetensors() throws -> SafetensorsFile { try HuggingFaceFolder(path: path).weights() }

  func gguf() throws -> GGUFFile { try GGUFFile(path: path + "/model.gguf") }

  func expectations() throws -> JSONValue { try JSONValue(contentsOf: path + "/expected.json") }

  /// The folder of all tests.
  private static let tests = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/"
}

extension WeightFile {
  /// The values of an unquantised f32 tensor.
  func values(_ name: String) throws -> [Float] {
    let tensor = try requiredTensor(named: name)
    return withBytes(of: tensor) { bytes in
      (0..<tensor.elementCount).map { unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The values of a role: the rows that its source names, turned and shifted as it says.
  func values(_ source: TensorSource) throws -> [Float] {
    let values = try values(source.name)
    guard source.shape.count > 1 else { return values[source.rows].map { $0 + source.addend } }
    let columns = source.shape[1]
    let rows = source.rows
    guard source.isTransposed else { return Array(values[rows.lowerBound * columns..<rows.upperBound * columns]) }
    let fileColumns = source.fileShape[1]
    return rows.flatMap { row in (0..<columns).map { values[$0 * fileColumns + row] } }
  }
}
