import FoundationEssentials
import MosoFormats
import Subprocess
import Testing

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// The command as its users run it: the built program, its output, its exit status.
@Suite("moso") struct CommandTests {
  private struct Outcome {
    var status: Int
    var output: String
    var errors: String
  }

  /// Runs the program beside the tests in an environment of its own.
  private func moso(_ arguments: [String], input: String = "") async throws -> Outcome {
    let home = FileManager.default.temporaryDirectory.appending(path: "moso-command-tests").path()
    let program = try #require(
      CommandLine.arguments.first.map { $0.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/moso" })
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: .init(arguments),
      environment: .custom(["HOME": home, "MOSO_HOME": home + "/models", "PATH": "/usr/bin:/bin"]),
      input: .string(input), output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    guard case .exited(let status) = result.terminationStatus else {
      Issue.record("moso \(arguments) was ended by a signal: \(result.terminationStatus)")
      return Outcome(status: -1, output: "", errors: "")
    }
    return Outcome(status: Int(status), output: result.standardOutput, errors: result.standardError)
  }

  /// A tiny random model with a tokenizer.
  private static let model =
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/Models/llama3/model.gguf"

  @Test("A prompt comes from the argument, a file or standard input, with the same answer") func prompts() async throws
  {
    let options = ["--temperature", "0", "--max-tokens", "5"]
    let text = "abc"
    let direct = try await moso(["generate", Self.model, text] + options)
    #expect(direct.status == 0)
    #expect(!direct.output.isEmpty)
    let piped = try await moso(["generate", Self.model] + options, input: text + "\n")
    #expect(piped.output == direct.output)
    let path = FileManager.default.temporaryDirectory.appending(path: "moso-prompt-\(UInt64.random(in: 0 ... .max))")
    try Data(text.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    let filed = try await moso(["generate", Self.model, "--file", path.path()] + options)
    #expect(filed.output == direct.output)
  }

  @Test("--json carries tokens, log-probabilities and timings") func json() async throws {
    let outcome = try await moso([
      "generate", Self.model, "abc", "--json", "--log-probabilities", "2", "--max-tokens", "4", "--seed", "3",
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

  @Test("A pipe gets plain text from chat") func chat() async throws {
    let outcome = try await moso(["chat", Self.model, "--seed", "1", "--max-tokens", "6"], input: "abc\n")
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test("Tokens come back as the text they were made of") func tokenize() async throws {
    let text = "abc def"
    let ids = try await moso(["tokenize", Self.model, "--ids", text])
    #expect(ids.status == 0)
    let back = try await moso(["tokenize", Self.model, "--decode", ids.output])
    #expect(back.output == text + "\n")
  }

  @Test("show prints what a model is, and list an empty store in words") func showAndList() async throws {
    let shown = try await moso(["show", Self.model, "--json"])
    let summary = try JSONValue(parsing: shown.output)
    #expect(summary["architecture"]?["family"]?.stringValue == "llama")
    let list = try await moso(["list"])
    #expect(list.status == 0)
    #expect(list.output.isEmpty)
    #expect(list.errors.contains("moso pull"))
  }

  @Test(
    "What fails ends with 1 and one sentence",
    arguments: [["generate", "/nowhere/model.gguf", "x"], ["show", "/"], ["tokenize", "nosuchmodel", "x"]])
  func failures(arguments: [String]) async throws {
    let outcome = try await moso(arguments)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test("A prompt longer than the context is refused and not cut") func longPrompt() async throws {
    let outcome = try await moso([
      "generate", Self.model, String(repeating: "abc ", count: 400), "--context", "16",
    ])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("the context holds 16"))
  }

  @Test(
    "Wrong usage ends with 2",
    arguments: [["generate", model, "x", "--max-tokens", "0"], ["nosuch"], ["bench", "--repetitions", "many"]])
  func wrongUsage(arguments: [String]) async throws {
    let outcome = try await moso(arguments)
    #expect(outcome.status == 2)
    #expect(!outcome.errors.isEmpty)
  }

  @Test(
    "Every command's help has an example",
    arguments: ["chat", "generate", "tokenize", "pull", "list", "show", "bench", "logits"])
  func help(command: String) async throws {
    let outcome = try await moso([command, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Example"))
    #expect(outcome.output.contains("moso \(command)"))
  }
}
