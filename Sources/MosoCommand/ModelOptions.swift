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

  @Option(name: .long, help: "The longest sequence in tokens; by default what the model was made for.")
  var context: Int?

  @Option(name: .long, help: "How many threads work; by default as many as this process can keep busy.")
  var threads: Int?

  @Option(name: .long, help: "How keys and values are kept: f32, f16 or q8_0.")
  var cache: CacheType = .f16

  @Option(name: .long, help: ArgumentHelp("How many tokens of a prompt are read at once.", visibility: .hidden))
  var chunk = 512

  enum CacheType: String, ExpressibleByArgument, CaseIterable {
    case f32, f16, q8_0
  }

  func validate() throws {
    if let context, context < 2 { throw ValidationError("--context is \(context), but has to be at least 2.") }
    if let threads, !(1...1_024).contains(threads) {
      throw ValidationError("--threads is \(threads), but has to be between 1 and 1024.")
    }
    if chunk < 1 { throw ValidationError("--chunk is \(chunk), but has to be at least 1.") }
  }

  var pool: ThreadPool { ThreadPool(threads: threads ?? ThreadPool.usableThreads) }

  var session: SessionOptions {
    var options = SessionOptions()
    options.contextLength = context
    options.threads = threads
    options.prefillChunk = chunk
    options.cacheType =
      switch cache {
      case .f32: .f32
      case .f16: .f16
      case .q8_0: .q8_0
      }
    return options
  }

  /// Opens the model, and fetches it first where it is not on this machine.
  func open() async throws -> LanguageModel {
    let display = PullDisplay()
    defer { display.clear() }
    return try await LanguageModel.open(model, pool: pool) { display.show($0) }
  }
}
