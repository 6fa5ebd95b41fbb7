import Foundation
import Testing

/// What the program says and how it ends when something is wrong.
@Suite("moso, when something is wrong") struct FailureTests {
  private let moso = try? Moso()

  private func run(_ arguments: [String], input: String = "", output: String? = nil) async throws -> Moso.Outcome {
    try await #require(moso).run(arguments, input: input, output: output)
  }

  @Test(
    "What fails ends with 1 and one sentence",
    arguments: [
      ["generate", "/nowhere/model.gguf", "x"], ["show", "/"], ["tokenize", "nosuchmodel", "x"],
      ["tokenize", Moso.model, "--decode", "abc"], ["bench", Moso.model, "-d", "1000000"],
      ["logits", Moso.model, "--tokens", "/nowhere.json", "--out", "/dev/null"],
    ])
  func failures(arguments: [String]) async throws {
    let outcome = try await run(arguments)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test(
    "Wrong usage ends with 2 before any model is opened, with the usage of its command",
    arguments: [
      ["generate", "m", "x", "--max-tokens", "0"], ["generate", "m", "x", "--max-tokens", "-1"],
      ["generate", "m", "x", "--temperature", "nan"], ["generate", "m", "x", "--temperature", "-1"],
      ["generate", "m", "x", "--repetition-penalty", "0"], ["generate", "m", "x", "--logit-bias", "4=nan"],
      ["generate", "m", "x", "--logit-bias", "-4=3"], ["generate", "m", "x", "--logit-bias", "4"],
      ["generate", "m", "x", "--log-probabilities", "3"], ["chat", "m", "--max-tokens", "0"],
      ["chat", "m", "--top-p", "2"], ["chat", "m", "--context", "1"], ["show", "m", "--context", "-5"],
      ["bench", "m", "--repetitions", "many"], ["bench", "m", "--thread-counts", "5000"],
      ["bench", "m", "--thread-counts", "0"], ["bench", "m", "-d", "1,,2"], ["bench", "m", "--context", "100"],
      ["bench", "m", "-p", "9223372036854775807", "-n", "9223372036854775807"],
      ["tokenize", "m", "x", "--ids", "--json"],
    ])
  func wrongUsage(arguments: [String]) async throws {
    let outcome = try await run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("moso \(arguments[0])"))
  }

  @Test("A command that there is not is wrong usage") func noSuchCommand() async throws {
    #expect(try await run(["nosuch"]).status == 2)
  }

  @Test("A prompt longer than the context is refused and not cut") func longPrompt() async throws {
    let outcome = try await run(["generate", Moso.model, String(repeating: "abc ", count: 400), "--context", "16"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("the context holds 16"))
  }

  @Test("Whoever leaves the model out is told that it comes first") func modelFirst() async throws {
    let outcome = try await run(["generate", "The capital of France is"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("the model comes before the text"))
  }

  @Test("A template that is not there is a failure", arguments: ["llama3"]) func noTemplate(name: String) async throws {
    let outcome = try await run(["show", Moso.model, "--template"])
    // The fixture may get a template one day; then this says so.
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("no chat template"))
  }

  @Test("A place that cannot be written to is named with the reason") func unwritable() async throws {
    let moso = try #require(moso)
    try Data("[5, 6]".utf8).write(to: URL(fileURLWithPath: moso.path("ids")))
    let arguments = ["logits", Moso.model, "--tokens", moso.path("ids"), "--out"]
    for (path, reason) in [("/nowhere/x", "No such file or directory"), (moso.folder, "Is a directory")] {
      let outcome = try await run(arguments + [path])
      #expect(outcome.status == 1)
      #expect(outcome.errors == "Error: \(path) cannot be written: \(reason)\n")
    }
    #expect(try await run(arguments + [moso.path("out")]).status == 0)
    #expect(!moso.contents("out").isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: moso.folder).allSatisfy { !$0.contains(".new") })
  }

  #if os(Linux)
    @Test("Output that cannot be written is an error with the reason") func full() async throws {
      let outcome = try await run(["tokenize", Moso.model, "abc"], output: "/dev/full")
      #expect(outcome.status == 1)
      #expect(outcome.errors == "Error: standard output cannot be written: No space left on device\n")
    }
  #endif

  @Test("A folder without a model is called empty or foreign") func folders() async throws {
    let moso = try #require(moso)
    let path = moso.path("emptydir")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let outcome = try await run(["show", path])
    #expect(outcome.errors.contains("it is empty"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test("What an error quotes reaches a terminal as text only") func hostileNames() async throws {
    let name = "./\u{1B}]0;title\u{7}.txt"
    for arguments in [["show", name], ["generate", Moso.model, "--file", name]] {
      let outcome = try await run(arguments)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("]0;title"))
      #expect(!outcome.errors.contains("\u{1B}") && !outcome.errors.contains("\u{7}"))
    }
  }

  @Test("Ctrl-C ends a chat in a pipe and a generation as it ends any program", arguments: ["chat", "generate"])
  func interrupted(command: String) async throws {
    let moso = try #require(moso)
    let process = moso.process([Moso.program, command, Moso.model, "--max-tokens", "3"])
    let input = Pipe()
    try Data().write(to: URL(fileURLWithPath: moso.path("output")))
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: moso.path("output")))
    process.standardError = FileHandle.nullDevice
    let status = try await process.runToEnd {
      // The pipe stays open: after its first answer the chat waits for the next message, the other for its whole prompt.
      if command == "chat" {
        try input.fileHandleForWriting.write(contentsOf: Data("abc\n".utf8))
        while moso.contents("output").isEmpty && process.isRunning { usleep(5_000) }
      }
      process.interrupt()
      // A program that goes on all the same comes to the end of its input, and to another status.
      try input.fileHandleForWriting.close()
    }
    #expect(status == 130)
  }
}
