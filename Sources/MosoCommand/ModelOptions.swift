import ArgumentParser
import Moso
import MosoEngine
import MosoTensor

/// Which model, and how it runs.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "smollm2, hf:owner/name[:file or quantisation], or the path of a GGUF file or a model folder.",
      valueName: "model"))
  var model = "smollm2"

  @Option(
    name: .long, parsing: .unconditional,
    help: "How many threads work; by default as many as this process can keep busy.")
  var threads: Int?

  @Option(
    name: .long, help: "How keys and values are kept; by default in the two bytes that this processor is fastest with.")
  var cache: CacheType = .native

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("How many tokens of a prompt are read at once.", visibility: .hidden))
  var chunk = 512

  /// More threads than any machine has; each costs memory.
  static let threadRange = 1...1_024

  func validate() throws {
    if let threads, !Self.threadRange.contains(threads) {
      throw ValidationError("--threads is \(threads), but has to be between 1 and \(Self.threadRange.upperBound).")
    }
    if chunk < 1 { throw ValidationError("--chunk is \(chunk), but has to be at least 1.") }
  }

  var pool: ThreadPool { ThreadPool(threads: threads ?? ThreadPool.usableThreads) }

  func session(_ context: ContextOptions? = nil) -> SessionOptions {
    var options = SessionOptions()
    options.contextLength = context?.context
    options.threads = threads
    options.prefillChunk = chunk
    options.cacheType = cache.elementType
    return options
  }

  /// Opens the model, and fetches it first where it is not on this machine.
  func open(_ context: ContextOptions? = nil) async throws -> LanguageModel {
    let display = PullDisplay()
    defer { display.clear() }
    let model = try await LanguageModel.open(model, pool: pool) { display.show($0) }
    context?.remark(model.architecture.contextLength)
    return model
  }
}

/// How long a sequence may be.
struct ContextOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: "The longest sequence in tokens; by default what the model was made for.")
  var context: Int?

  func validate() throws {
    if let context, context < 2 { throw ValidationError("--context is \(context), but has to be at least 2.") }
  }

  /// Says that a model was made for less than was asked for.
  func remark(_ longest: Int) {
    guard let context, context > longest else { return }
    StandardError.writeLine("--context is \(context), but the model was made for \(longest) tokens, and that is used.")
  }
}

/// How keys and values are kept.
enum CacheType: String, ExpressibleByArgument, CaseIterable {
  case f32, f16, bf16, q8_0

  /// What is used when nothing is asked for.
  static let native: CacheType = ElementType.nativeCache == .bf16 ? .bf16 : .f16

  var elementType: ElementType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .q8_0: .q8_0
    }
  }
}
