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
      First this machine's memory bandwidth and arithmetic are measured. Decoding can be no faster than memory delivers
      the weights; reading a prompt no faster than arithmetic allows: LIMIT is that rate, SHARE what is reached of it.

      Examples:
        moso bench
        moso bench smollm2 -p 512 -n 128 -d 0,4096 --thread-counts 1,2
        moso bench model.gguf --json
      """)

  @OptionGroup var model: ModelOptions

  @Option(name: .short, help: "Read this many tokens at once; 0 leaves the test out.")
  var prefill = 512

  @Option(name: .customShort("n"), help: "Write this many tokens; 0 leaves the test out.")
  var decode = 128

  @Option(name: .short, help: "After how many tokens to measure, as a list.")
  var depths = "0"

  @Option(name: .long, help: "How many threads, as a list; by default those of --threads.")
  var threadCounts: String?

  @Option(name: .shortAndLong, help: "How often to measure each.")
  var repetitions = 5

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard prefill >= 0, decode >= 0, prefill + decode > 0 else {
      throw ValidationError("-p and -n have to be 0 or more, and one of them more than 0.")
    }
    if repetitions < 1 { throw ValidationError("--repetitions is \(repetitions), but has to be at least 1.") }
    _ = try Self.numbers(depths, "-d")
    if let threadCounts, try Self.numbers(threadCounts, "--thread-counts").contains(0) {
      throw ValidationError("--thread-counts has to be a list of numbers above 0, as in 1,2.")
    }
  }

  func run() async throws {
    let depths = try Self.numbers(depths, "-d")
    let counts = try threadCounts.map { try Self.numbers($0, "--thread-counts") } ?? [model.pool.threadCount]
    let model = try await model.open()
    let longest = (depths.max() ?? 0) + max(prefill, decode)
    guard longest <= model.architecture.contextLength else {
      throw ValidationError(
        "\(longest) tokens are to be measured and the model holds \(model.architecture.contextLength); lower -d, -p or -n."
      )
    }
    var reports: [BenchReport] = []
    for count in counts {
      let pool = ThreadPool(threads: count)
      let benchmark = try SpeedBenchmark(
        model, limits: MachineLimits(measuredOn: pool), positions: longest, options: self.model.session, pool: pool)
      var report = BenchReport(model: model.name, threads: count, limits: benchmark.limits)
      for depth in depths {
        for (test, tokens) in [(SpeedBenchmark.Test.prefill, prefill), (.decode, decode)] where tokens > 0 {
          showProgress("\(test.rawValue) of \(tokens) tokens after \(depth), \(count) threads")
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

  private static func numbers(_ list: String, _ option: String) throws -> [Int] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let number = Int(word), number >= 0, number <= 1 << 24 else {
        throw ValidationError("\(option) is \(list), but has to be a list of numbers, as in 0,4096.")
      }
      return number
    }
  }
}
