import MosoEngine
import MosoFormats
import MosoTensor
import MosoTerminal

/// What `moso bench` prints for one number of threads.
struct BenchReport {
  let model: String
  let threads: Int
  let limits: MachineLimits
  var results: [SpeedBenchmark.Result] = []

  static func text(_ reports: [BenchReport]) -> String {
    var text = ""
    if let model = reports.first?.model { text += "\(HarmlessText.line(model)), \(ThreadPool.instructionSet)\n" }
    for report in reports {
      let limits = report.limits
      text +=
        "\(Self.threads(report.threads)): memory \(QuantityFormat.fixed(limits.memoryBytesPerSecond / 1e9, digits: 1)) GB/s, "
      text += "f32 \(QuantityFormat.fixed(limits.floatOperationsPerSecond / 1e9, digits: 0)) GFLOP/s, "
      text += "int8 \(QuantityFormat.fixed(limits.byteOperationsPerSecond / 1e9, digits: 0)) GOP/s"
      if let matrices = limits.matrixOperationsPerSecond {
        text += ", bf16 matrices \(QuantityFormat.fixed(matrices / 1e9, digits: 0)) GFLOP/s"
      }
      text += "\n"
    }
    var table = Table([
      .init("THREADS", .trailing), .init("TEST"), .init("TOKENS", .trailing), .init("DEPTH", .trailing),
      .init("TOKENS/S", .trailing, style: .bold), .init("MIN", .trailing), .init("MAX", .trailing),
      .init("LIMIT", .trailing), .init("SHARE", .trailing),
    ])
    for report in reports {
      for result in report.results {
        table.add([
          "\(report.threads)", result.test.rawValue, "\(result.tokens)", "\(result.depth)",
          QuantityFormat.fixed(result.median, digits: 1),
          QuantityFormat.fixed(result.tokensPerSecond.min() ?? 0, digits: 1),
          QuantityFormat.fixed(result.tokensPerSecond.max() ?? 0, digits: 1),
          QuantityFormat.fixed(result.limit, digits: 0),
          QuantityFormat.fixed(100 * result.share, digits: 0) + " %",
        ])
      }
    }
    return text + table.rendered(for: .standardOutput)
  }

  static func json(_ reports: [BenchReport]) -> JSONValue {
    let results = reports.flatMap { report in
      report.results.map { result -> JSONValue in
        [
          "test": .string(result.test.rawValue), "tokens": .integer(result.tokens), "depth": .integer(result.depth),
          "threads": .integer(report.threads), "tokens_per_second": .array(result.tokensPerSecond.map { .number($0) }),
          "median": .number(result.median), "limit": .number(result.limit),
          "share": .number(result.share),
        ]
      }
    }
    let machines = reports.map { report -> JSONValue in
      [
        "threads": .integer(report.threads), "memory_bytes_per_second": .number(report.limits.memoryBytesPerSecond),
        "f32_operations_per_second": .number(report.limits.floatOperationsPerSecond),
        "int8_operations_per_second": .number(report.limits.byteOperationsPerSecond),
        "bf16_matrix_operations_per_second": report.limits.matrixOperationsPerSecond.map { .number($0) } ?? .null,
      ]
    }
    return [
      "model": .string(reports.first?.model ?? ""), "instruction_set": .string(ThreadPool.instructionSet),
      "machine": .array(machines), "results": .array(results),
    ]
  }

  /// A number of threads in words.
  static func threads(_ count: Int) -> String { count == 1 ? "1 thread" : "\(count) threads" }
}

extension SpeedBenchmark.Result {
  /// How much of what is possible was reached.
  fileprivate var share: Double { limit > 0 ? median / limit : 0 }
}
