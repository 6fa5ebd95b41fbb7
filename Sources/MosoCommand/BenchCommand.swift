import ArgumentParser
import Moso
import MosoEngine
import MosoFormats
import MosoModel
import MosoTensor
import MosoTerminal

/// `moso bench`: how fast a model is here, and how fast it could be.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast a model reads and writes, as a share of what this machine can do.",
    discussion: """
      First this machine's memory bandwidth and arithmetic are measured. Decoding can be no faster than memory delivers \
      the weights; reading a prompt no faster than arithmetic allows: LIMIT is that rate, SHARE what is reached of it.

      Examples:
        moso bench
        moso bench smollm2 -p 512 -n 128 -d 0,4096 --thread-counts 1,2
        moso bench model.gguf --json
      """)

  @OptionGroup var model: ModelOptions

  @Option(name: .short, parsing: .unconditional, help: "Read this many tokens at once; 0 leaves the test out.")
  var prefill = 512

  @Option(
    name: .customShort("n"), parsing: .unconditional, help: "Write this many tokens; 0 leaves the test out.")
  var decode = 128

  @Option(
    name: .short, parsing: .unconditional,
    help: "After how many tokens to measure, as a list. (default: 0,4096, as far as the context holds them)")
  var depths: NumberList?

  @Option(
    name: .long, parsing: .unconditional,
    help: "How many threads, as a list; by default 1 and those of --threads.")
  var threadCounts: NumberList?

  @Option(name: .shortAndLong, parsing: .unconditional, help: "How often to measure each.")
  var repetitions = 5

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard prefill >= 0, decode >= 0, max(prefill, decode) > 0 else {
      throw ValidationError("-p and -n have to be 0 or more, and one of them more than 0.")
    }
    if !(1...1_000).contains(repetitions) {
      throw ValidationError("--repetitions is \(repetitions), but has to be between 1 and 1000.")
    }
    if max(prefill, decode) > NumberList.largest {
      throw ValidationError("-p and -n can be at most \(NumberList.largest).")
    }
    if let threadCounts, let wrong = threadCounts.numbers.first(where: { !ModelOptions.threadRange.contains($0) }) {
      throw ValidationError(
        "--thread-counts has \(wrong), but has to be a list of numbers between 1 and "
          + "\(ModelOptions.threadRange.upperBound), as in 1,2.")
    }
  }

  func run() async throws {
    let most = model.threads ?? ThreadPool.usableThreads
    let counts = threadCounts?.numbers ?? (most == 1 ? [1] : [1, most])
    let model = try await model.open()
    let depths = try depths(of: model)
    let longest = (depths.max() ?? 0) + max(prefill, decode)
    var reports: [BenchReport] = []
    for count in counts {
      let pool = ThreadPool(threads: count)
      let bytes = ModelWork(model.transformer).weightBytesPerToken
      let limits = MachineLimits(measuredOn: pool, reading: bytes)
      let benchmark = try SpeedBenchmark(
        model, limits: limits, positions: longest, options: self.model.session(), pool: pool)
      var report = BenchReport(model: model.name, threads: count, limits: benchmark.limits)
      for depth in depths {
        for (test, tokens) in [(SpeedBenchmark.Test.prefill, prefill), (.decode, decode)] where tokens > 0 {
          showProgress("\(test.rawValue) of \(tokens) tokens after \(depth), \(BenchReport.threads(count))")
          report.results.append(
            try benchmark.run(test, tokens: tokens, depth: depth, repetitions: repetitions))
        }
      }
      reports.append(report)
    }
    showProgress(nil)
    StandardOutput.write(json ? BenchReport.json(reports).serialized() + "\n" : BenchReport.text(reports))
  }

  private func showProgress(_ text: String?) {
    guard TerminalCapabilities.standardError.movesCursor else { return }
    StandardError.write("\r\u{1B}[K" + (text ?? ""))
  }

  /// What was asked for, or as much of the usual as the model's context holds.
  private func depths(of model: LanguageModel) throws(CommandFailure) -> [Int] {
    let room = model.architecture.contextLength - max(prefill, decode)
    let depths = depths?.numbers ?? [0] + [4_096].filter { $0 <= room }
    if let deepest = depths.max(), deepest > room {
      throw CommandFailure(
        "\(deepest + max(prefill, decode)) tokens are to be measured and the model holds "
          + "\(model.architecture.contextLength); lower -d, -p or -n")
    }
    return depths
  }
}

/// Numbers with commas between them, as in `0,4096`.
struct NumberList: ExpressibleByArgument, Hashable {
  /// No context is longer.
  static let largest = 1 << 24

  var numbers: [Int]

  init?(argument: String) {
    numbers = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(word), (0...Self.largest).contains(number) else { return nil }
      numbers.append(number)
    }
  }
}
