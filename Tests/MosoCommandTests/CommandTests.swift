import Foundation
import MosoFormats
import Testing

/// The command as its users run it: the built program, its output, its exit status.
@Suite("moso") struct CommandTests {
  private let moso = try? Moso()

  private func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) async throws -> Moso.Outcome {
    try await #require(moso).run(arguments, input: input, environment: environment)
  }

  @Test("A prompt comes from the argument, a file or standard input, with the same answer") func prompts() async throws
  {
    let options = ["--temperature", "0", "--max-tokens", "5"]
    let text = "abc"
    let direct = try await run(["generate", Moso.model, text] + options)
    #expect(direct.status == 0)
    #expect(!direct.output.isEmpty)
    let piped = try await run(["generate", Moso.model] + options, input: text + "\n")
    #expect(piped.output == direct.output)
    let path = try #require(moso).path("prompt")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let filed = try await run(["generate", Moso.model, "--file", path] + options)
    #expect(filed.output == direct.output)
  }

  @Test("--json carries tokens, log-probabilities and timings") func json() async throws {
    let outcome = try await run([
      "generate", Moso.model, "abc", "--json", "--log-probabilities", "2", "--max-tokens", "4", "--seed", "3",
    ])
    let report = try JSONValue(parsing: outcome.output)
    let tokens = try #require(report["tokens"]?.arrayValue)
    #expect(!tokens.isEmpty && tokens.count <= 4)
    for token in tokens {
      #expect(try #require(token["logprob"]?.doubleValue) <= 0)
      #expect(token["top"]?.arrayValue?.count == 2)
    }
    #expect(report["timings"]?["generated_tokens"]?.integerValue == tokens.count)
    #expect(report["stop_reason"]?.stringValue != nil)
  }

  @Test("A pipe gets plain text from chat, an answer to a line") func chat() async throws {
    let outcome = try await run(["chat", Moso.model, "--seed", "1", "--max-tokens", "6"], input: "abc\ndef\n")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasSuffix("\n"))
    #expect(!outcome.output.contains("\u{1B}"))
    // The model's vocabulary is tiny, and it has no template: that is said, and nothing else.
    let remarks = outcome.errors.split(separator: "\n")
    #expect(remarks.contains { $0.contains("without a chat template") })
    #expect(remarks.allSatisfy { $0.hasPrefix("Warning: ") })
  }

  @Test("A chat in a pipe of which one message failed ends with 1") func failedMessage() async throws {
    let long = String(repeating: "abc ", count: 400)
    let outcome = try await run(
      ["chat", Moso.model, "--context", "64", "--max-tokens", "3", "--temperature", "0"], input: long + "\nab\n")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("the context holds 64"))
    // The next message had its answer all the same.
    #expect(!outcome.output.isEmpty)
  }

  @Test("Stop strings end an answer, and negative numbers are values") func stopsAndNegatives() async throws {
    let whole = try await run(["generate", Moso.model, "abc", "--temperature", "0", "--max-tokens", "12"])
    let stop = String(whole.output.dropFirst(2).prefix(2))
    let options = [
      "--temperature", "0", "--max-tokens", "12", "--stop", stop, "--presence-penalty", "-0", "--logit-bias", "4=-3",
    ]
    let stopped = try await run(["generate", Moso.model, "abc"] + options)
    #expect(stopped.status == 0)
    #expect(whole.output.hasPrefix(stopped.output.dropLast()))
    #expect(stopped.output.count < whole.output.count)
    #expect(try await run(["chat", Moso.model] + options, input: "abc\n").status == 0)
  }

  @Test("A model is quantised to a file that answers, and a file that is there is kept") func quantize() async throws {
    let path = try #require(moso).path("quantized.gguf")
    let first = try await run(["quantize", Moso.model, "--to", "q8_0", "--output", path, "--json"])
    #expect(first.status == 0)
    let report = try JSONValue(parsing: first.output)
    #expect(report["type"] == "Q8_0")
    let bytes = try #require(moso).contents("quantized.gguf")
    #expect(report["bytes_after"]?.integerValue == bytes.count)
    let answer = try await run(["generate", path, "abc", "--temperature", "0", "--max-tokens", "3"])
    #expect(answer.status == 0)
    let second = try await run(["quantize", Moso.model, "--output", path])
    #expect(second.status == 1)
    #expect(second.errors.contains("--force"))
    #expect(try #require(moso).contents("quantized.gguf") == bytes)
    #expect(try await run(["quantize", Moso.model, "--to", "F16", "--output", path, "--force"]).status == 0)
    #expect(try #require(moso).contents("quantized.gguf") != bytes)
    #expect(try await run(["quantize", Moso.model, "--to", "Q9", "--output", path]).status == 2)
  }

  @Test("Tokens come back as the text they were made of") func tokenize() async throws {
    let text = "abc def"
    let ids = try await run(["tokenize", Moso.model, "--ids", text])
    #expect(ids.status == 0)
    let back = try await run(["tokenize", Moso.model, "--decode", ids.output])
    #expect(back.output == text + "\n")
    let report = try await run(["tokenize", Moso.model, "--decode", "--json", ids.output])
    let json = try JSONValue(parsing: report.output)
    #expect(json["text"]?.stringValue == text)
    #expect(json["tokens"]?.arrayValue?.count == ids.output.split(separator: " ").count)
  }

  @Test("show prints what a model is, and list an empty store in words") func showAndList() async throws {
    let shown = try await run(["show", Moso.model, "--json", "--context", "100", "--cache", "f32"])
    let summary = try JSONValue(parsing: shown.output)
    #expect(summary["architecture"]?["family"]?.stringValue == "llama")
    let memory = try #require(summary["memory"])
    let (weights, cache) = (memory["weight_bytes"]?.integerValue, memory["cache_bytes"]?.integerValue)
    #expect(memory["total_bytes"]?.integerValue == (weights ?? 0) + (cache ?? 0))
    #expect(memory["context_length"] == 100)
    let halves = try await run(["show", Moso.model, "--json", "--context", "100", "--cache", "f16"])
    #expect(try JSONValue(parsing: halves.output)["memory"]?["cache_bytes"]?.integerValue.map { 2 * $0 } == cache)
    let usual = try await run(["show", Moso.model, "--json", "--context", "100"])
    let type = try JSONValue(parsing: usual.output)["memory"]?["cache_type"]?.stringValue
    #expect(type == "f16" || type == "bf16")
    // The file's own types, whole.
    #expect(summary["metadata"]?["llama.block_count"]?.integerValue != nil)
    #expect(summary["metadata"]?["llama.attention.layer_norm_rms_epsilon"]?.doubleValue != nil)
    #expect((summary["metadata"]?["tokenizer.ggml.tokens"]?.arrayValue?.count ?? 0) > 10)

    let large = try await run(["show", Moso.model, "--context", "1000000"])
    #expect(large.output.contains("memory"))
    #expect(large.errors.contains("--context is 1000000"))

    let list = try await run(["list"])
    #expect(list.status == 0)
    #expect(list.output.isEmpty)
    #expect(list.errors.contains("moso pull"))
  }

  @Test("bench measures any number of threads and depths, and says what is possible") func bench() async throws {
    let outcome = try await run([
      "bench", Moso.model, "-p", "8", "-n", "4", "-d", "0,16", "--thread-counts", "1,2", "-r", "1", "--json",
    ])
    let report = try JSONValue(parsing: outcome.output)
    let results = try #require(report["results"]?.arrayValue)
    #expect(results.count == 8)
    for result in results {
      let (median, limit) = (result["median"]?.doubleValue ?? 0, result["limit"]?.doubleValue ?? 0)
      #expect(try abs(#require(result["share"]?.doubleValue) - median / limit) < 1e-9)
    }
    #expect(report["machine"]?.arrayValue?.count == 2)
  }

  #if os(Linux)
    @Test(
      "A process that may use one processor starts one thread",
      .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/taskset")))
    func affinity() async throws {
      let moso = try #require(moso)
      let status = String(decoding: FileManager.default.contents(atPath: "/proc/self/status") ?? Data(), as: UTF8.self)
      let list = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
      let processor = String(list.dropFirst("Cpus_allowed_list:".count).drop { $0 == "\t" }.prefix { $0.isNumber })
      let process = moso.process([
        "/usr/bin/taskset", "-c", processor, Moso.program, "bench", Moso.model, "-p", "4", "-n", "0", "-d", "0", "-r",
        "1", "--json",
      ])
      let output = Pipe()
      process.standardOutput = output
      #expect(try await process.runToEnd() == 0)
      let report = try JSONValue(parsing: [UInt8](output.fileHandleForReading.readDataToEndOfFile()))
      // By default 1 thread is measured, and as many as the process can keep busy.
      #expect(report["machine"]?.arrayValue?.map { $0["threads"]?.integerValue } == [1])
    }
  #endif

  @Test("The version is printed") func version() async throws {
    let outcome = try await run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("moso 0."))
  }

  @Test(
    "Every command's help has an example, and no line of it is broken twice",
    arguments: ["chat", "generate", "tokenize", "pull", "list", "show", "bench", "logits"])
  func help(command: String) async throws {
    let outcome = try await run([command, "--help"], environment: ["COLUMNS": "60"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Example"))
    #expect(outcome.output.contains("moso \(command)"))
    let overview = outcome.output.prefix { $0 != "U" }
    for paragraph in overview.split(separator: "\n\n") where !paragraph.contains("  moso") {
      // Only the last line of a paragraph may be short.
      for line in paragraph.split(separator: "\n").dropLast() { #expect(line.count > 40, "\(line)") }
    }
  }
}
