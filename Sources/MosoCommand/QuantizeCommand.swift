import ArgumentParser
import Moso
import MosoCheckpoints
import MosoExport
import MosoFormats
import MosoHub
import MosoTensor
import MosoTerminal

/// `moso quantize`: a model as one GGUF file, smaller.
struct QuantizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Write a model as one GGUF file, with fewer bits for each weight.",
    discussion: """
      The source is a folder of safetensors as it comes from Hugging Face, or a GGUF file in F32, F16 or BF16. Moso \
      and llama.cpp run the result. Q4_K_M is the usual choice; Q8_0 is nearly exact at twice the size.

      Examples:
        moso quantize hf:HuggingFaceTB/SmolLM2-360M-Instruct -o smollm2.gguf
        moso quantize model-folder --to Q8_0 --output model-q8.gguf
        moso quantize model-f16.gguf --to Q4_K_M --output model-q4.gguf --json
      """)

  @Argument(help: "hf:owner/name[:file or quantisation], or the path of a model folder or a GGUF file.")
  var source: String

  @Option(
    name: .long,
    help: ArgumentHelp("The type of most weights: \(QuantizeCommand.types). (default: Q4_K_M)", valueName: "type"),
    transform: QuantizeCommand.recipe)
  var to = QuantizationRecipe.q4KM

  @Option(name: .shortAndLong, help: "The GGUF file to write.")
  var output: String

  @Option(name: .long, help: "What the file calls a folder's model; by default the folder's name.")
  var name: String?

  @Option(
    name: .long, parsing: .unconditional,
    help: "How many threads work; by default as many as this process can keep busy.")
  var threads: Int?

  @Flag(name: .long, help: "Replace the output file if it is there.")
  var force = false

  @Flag(name: .long, help: "Quantise a file that is quantised already, which adds one error to the other.")
  var requantize = false

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if let threads, !ModelOptions.threadRange.contains(threads) {
      throw ValidationError(
        "--threads is \(threads), but has to be between 1 and \(ModelOptions.threadRange.upperBound).")
    }
    if output.hasSuffix("/") { throw ValidationError("--output is \(output), but has to be a file.") }
  }

  func run() async throws {
    do {
      try await quantize()
    } catch ExportError.exists(let path) {
      throw CommandFailure("\(path) is there already; name another file, or replace it with --force")
    } catch ExportError.alreadyQuantized(let path, let tensor, let type) {
      throw CommandFailure(
        "\(path) is quantised already: tensor \(tensor) is \(type); start from the unquantised model, or add to its "
          + "error with --requantize")
    }
  }

  private func quantize() async throws {
    // Before anything is fetched.
    if !force { try ModelQuantizer.checkAbsence(of: output) }
    let display = PullDisplay()
    let local = try await LanguageModel.locate(source) { display.show($0) }
    display.clear()
    let quantizer = try quantizer(of: local)
    for warning in quantizer.warnings { StandardError.writeLine("Warning: \(warning).") }
    let pool = ThreadPool(threads: threads ?? ThreadPool.usableThreads)
    let start = ContinuousClock.now
    // Nothing is drawn where standard error is not a terminal.
    let bar = ProgressBar(to.rawValue, total: quantizer.byteCount, unit: .bytes)
    try quantizer.write(to: output, replacingFile: force, on: pool) { bar.update(completed: $0.bytes) }
    bar.cancel()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    StandardOutput.write(json ? report(quantizer, seconds: seconds).serialized() + "\n" : text(quantizer))
  }

  private func quantizer(of local: LocalModel) throws -> ModelQuantizer {
    switch local.kind {
    case .gguf: try ModelQuantizer(gguf: local.path, recipe: to, allowsQuantizedSource: requantize)
    case .safetensors: try ModelQuantizer(folder: local.folder, weights: local.weights, name: name, recipe: to)
    }
  }

  private func report(_ quantizer: ModelQuantizer, seconds: Double) -> JSONValue {
    var tensors = JSONObject()
    for (type, count) in quantizer.tensorCounts { tensors[type.description] = .integer(count) }
    return [
      "source": .string(source), "output": .string(output), "type": .string(to.rawValue),
      "bytes_before": .integer(quantizer.sourceByteCount), "bytes_after": .integer(quantizer.byteCount),
      "bits_per_weight": .number(quantizer.bitsPerWeight), "tensors": .object(tensors), "seconds": .number(seconds),
      "warnings": .array(quantizer.warnings.map { .string($0) }),
    ]
  }

  private func text(_ quantizer: ModelQuantizer) -> String {
    let bits = QuantityFormat.fixed(quantizer.bitsPerWeight, digits: 2)
    let types = quantizer.tensorCounts.map { "\($0.count) \($0.elementType)" }.joined(separator: ", ")
    return """
      \(output)
      before   \(QuantityFormat.bytes(quantizer.sourceByteCount))
      after    \(QuantityFormat.bytes(quantizer.byteCount)), \(bits) bits a weight
      tensors  \(types)

      """
  }
}

extension QuantizeCommand {
  fileprivate static let types = QuantizationRecipe.allCases.map(\.rawValue).joined(separator: ", ")

  /// The recipe called `name`, in any case.
  @Sendable
  fileprivate static func recipe(named name: String) throws -> QuantizationRecipe {
    guard let recipe = QuantizationRecipe(named: name) else {
      throw ValidationError("--to is \(name), but has to be one of \(types).")
    }
    return recipe
  }
}
