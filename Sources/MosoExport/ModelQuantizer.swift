public import MosoCheckpoints
import MosoFormats
import MosoModel
public import MosoTensor
import MosoTokenizers

/// Turns a model that is on this machine into one GGUF file, in the element types of a recipe.
///
/// ```swift
/// let quantizer = try ModelQuantizer(folder: "SmolLM2-135M", recipe: .q4KM)
/// try quantizer.write(to: "smollm2.gguf", on: ThreadPool())
/// ```
///
/// The file holds all that llama.cpp and Moso need: weights, architecture, tokenizer, chat template and the makers'
/// advice on sampling. Only heads of files are read before `write`.
public struct ModelQuantizer: Sendable {
  /// Which element type each tensor gets.
  public let recipe: QuantizationRecipe
  /// In what the file may differ from the source beside the weights' precision, each in one sentence.
  public let warnings: [String]
  private let exporter: GGUFExporter

  /// Prepares to quantise the model of a folder of safetensors, `config.json` and `tokenizer.json`.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - weights: The paths of the files of weights, where they have unusual names or others lie in the folder too.
  ///   - name: What the file calls the model; by default the folder's name.
  ///   - recipe: Which element type each tensor gets.
  /// - Throws: `FormatError`, `ConfigurationError`, `TensorTableError` or `TokenizerError` when the folder's files are
  ///   not sound, and `ExportError.inexpressible` when GGUF files have no place for something that the model does.
  public init(folder path: String, weights: [String]? = nil, name: String? = nil, recipe: QuantizationRecipe) throws {
    let folder = try HuggingFaceFolder(path: path, weights: weights)
    let ownName = folder.path.split(separator: "/").last.map(String.init) ?? "model"
    var exporter = try GGUFExporter(folder: folder, name: name ?? ownName, recipe: recipe)
    let tokenizer = try GGUFTokenizer(folder: folder, vocabularySize: exporter.architecture.vocabularySize)
    exporter.add(tokenizer.entries)
    exporter.add(try SamplingAdvice.entries(folder.json(.generationConfiguration)))
    self.exporter = exporter
    self.recipe = recipe
    warnings = exporter.warnings + tokenizer.warnings
  }

  /// Prepares to quantise the model of a GGUF file; of a split one, name any of its files.
  ///
  /// - Parameters:
  ///   - path: The file. What it says of the model is taken over.
  ///   - recipe: Which element type each tensor gets.
  ///   - allowsQuantizedSource: Whether tensors may be quantised that are quantised already, which adds one error to
  ///     the other.
  /// - Throws: `FormatError`, `ConfigurationError` or `TensorTableError` when the file is not sound, and
  ///   `ExportError.alreadyQuantized`.
  public init(gguf path: String, recipe: QuantizationRecipe, allowsQuantizedSource: Bool = false) throws {
    exporter = try GGUFExporter(
      GGUFFile(path: path), recipe: recipe, allowsQuantizedSource: allowsQuantizedSource)
    self.recipe = recipe
    warnings = exporter.warnings
  }

  /// The size of the source's files of weights, in bytes.
  public var sourceByteCount: Int { exporter.sourceByteCount }

  /// The size of the file that will be written, in bytes.
  public var byteCount: Int { exporter.byteCount }

  /// How many bits a weight takes on average, small tensors included.
  public var bitsPerWeight: Double {
    let tensors = exporter.writtenTensors
    let bytes = tensors.reduce(0) { $0 + $1.byteCount }
    let weights = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return 8 * Double(bytes) / Double(max(weights, 1))
  }

  /// How many tensors get each element type, the most frequent type first.
  public var tensorCounts: [(elementType: ElementType, count: Int)] {
    var counts: [ElementType: Int] = [:]
    for tensor in exporter.writtenTensors { counts[tensor.elementType, default: 0] += 1 }
    return counts.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }.map { ($0.key, $0.value) }
  }

  /// Writes the file, which appears under its name when it is whole.
  ///
  /// - Parameters:
  ///   - path: Where it goes.
  ///   - replacesFile: Whether a file that is there may be replaced.
  ///   - pool: Shares the work. The bytes do not depend on how many threads it has.
  ///   - progress: Called after every few megabytes.
  /// - Throws: `ExportError.exists`, `ExportError.unquantizable`, and `FormatError.file` when the disk is full or the
  ///   folder cannot be written.
  public func write(
    to path: String, replacingFile replacesFile: Bool = false, on pool: ThreadPool,
    progress: (GGUFExporter.Progress) -> Void = { _ in }
  ) throws {
    if !replacesFile { try Self.checkAbsence(of: path) }
    try exporter.write(to: path, on: pool, progress: progress)
  }

  /// Checks that there is nothing at `path` yet, as `write` does, for those who want to know before a long download.
  ///
  /// - Throws: `ExportError.exists`, and `FormatError.file` when something else than a file is there.
  public static func checkAbsence(of path: String) throws {
    do throws(FileError) {
      _ = try MappedFile(path: path)
    } catch {
      if case .missing = error { return }
      throw FormatError.file(error)
    }
    throw ExportError.exists(path: path)
  }
}
