import MosoConversation
import MosoEngine
import MosoTerminal
import Testing

@testable import MosoCommand

@Suite("Chat instructions") struct ChatInstructionTests {
  @Test(
    "Lines that begin with a slash are understood",
    arguments: [
      ("/help", .help), ("/?", .help), ("/quit", .quit), ("/exit", .quit), ("/bye", .quit), ("/reset", .reset),
      ("/clear", .reset), ("/system", .system(nil)), ("/system  Be brief. ", .system("Be brief.")),
      ("/system \"\"\"\none\ntwo\n\"\"\"", .system("one\ntwo")), ("/save", .incomplete("/save FILE")),
      ("/save  my file.json ", .save("my file.json")), ("/load", .incomplete("/load FILE")), ("/load a", .load("a")),
      ("/set", .show(nil)), ("/set seed", .show("seed")),
      ("/set  stop  END OF IT ", .set(.init(name: "stop", value: "END OF IT"))), ("/nosuch thing", .unknown("/nosuch")),
      ("/", .unknown("/")),
    ] as [(String, ChatInstruction)])
  func lines(line: String, expected: ChatInstruction) {
    #expect(ChatInstruction(line) == expected)
  }

  private func options(after settings: [(String, String)]) throws -> GenerationOptions {
    try settings.reduce(GenerationOptions()) { options, setting in
      try ChatSettings.changed(options, .init(name: setting.0, value: setting.1))
    }
  }

  @Test(
    "Every setting can be changed and shown as it was written",
    arguments: [
      ("temperature", "0.25"), ("top_k", "40"), ("top_p", "0.5"), ("min_p", "0.125"), ("typical_p", "0.75"),
      ("repetition_penalty", "1.5"), ("repetition_window", "7"), ("presence_penalty", "-1.0"),
      ("frequency_penalty", "0.5"), ("logit_bias", "4=-3.0 198=2.5"), ("seed", "18446744073709551615"),
      ("max_tokens", "12"), ("stop", "\"a\\nb\""),
    ])
  func settings(name: String, value: String) throws {
    let options = try options(after: [(name, value)])
    #expect(ChatSettings.value(of: name, in: options) == value)
    #expect(ChatSettings.value(of: name, in: GenerationOptions()) != value)
    #expect(try ChatSettings.text(options, only: name) == "\(name) \(value)\n")
    #expect(ChatSettings.names.contains(name))
  }

  @Test("All settings are shown, and each has a value") func allSettings() throws {
    let lines = try ChatSettings.text(GenerationOptions()).split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.map { String($0[0]) } == ChatSettings.names)
    #expect(lines.allSatisfy { $0.count == 2 })
  }

  @Test("What was set can be taken back") func taken() throws {
    let options = try options(after: [
      ("seed", "3"), ("seed", "random"), ("stop", "END"), ("stop", "none"), ("logit_bias", "4=1"),
      ("logit_bias", "none"), ("max_tokens", "5"), ("max_tokens", "none"),
    ])
    #expect(options.sampling == SamplingParameters())
    #expect(options.stopStrings.isEmpty)
    #expect(options.maximumTokens == nil)
  }

  @Test("Biases of several tokens add up") func biases() throws {
    let options = try options(after: [("logit_bias", "4=1 5=2"), ("logit_bias", "5=-2")])
    #expect(options.sampling.logitBias == [4: 1, 5: -2])
  }

  @Test(
    "Values that cannot be are refused with the name and the value",
    arguments: [
      ("temperature", "-1"), ("temperature", "nan"), ("temperature", "warm"), ("top_k", "1.5"), ("top_p", "2"),
      ("repetition_penalty", "0"), ("repetition_window", "-1"), ("logit_bias", "4"), ("logit_bias", "4=nan"),
      ("logit_bias", "-4=1"), ("seed", "-1"), ("max_tokens", "0"), ("stop", "\""), ("nosuch", "1"),
    ])
  func refused(name: String, value: String) {
    let error = #expect(throws: (any Error).self) { try options(after: [(name, value)]) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(name))
  }

  @Test("The Tab key knows the commands and the settings") func completion() {
    let completion = ChatInstruction.completion
    #expect(completion.complete("/s").candidates.map(\.text) == ["/system", "/set", "/save"])
    #expect(completion.complete("/set top").candidates.map(\.text) == ["top_k", "top_p"])
    #expect(completion.complete("hello").candidates.isEmpty)
  }

  @Test("The line below an answer says what happened") func summaries() async throws {
    let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
    let session = try Session(try LanguageModel(gguf: folder + "/Fixtures/Models/llama3/model.gguf"))
    var options = GenerationOptions(sampling: .greedy, maximumTokens: 3, ignoresEndOfGeneration: true)
    for (count, beginning) in [(3, "3 tokens, "), (1, "1 token, 1 new prompt token in ")] {
      options.maximumTokens = count
      for try await step in session.generate([5, 6, 7], options: options) {
        guard case .finished(var summary, _) = step else { continue }
        let line = ChatTerminal.line(about: summary)
        #expect(line.hasPrefix(beginning))
        #expect(line.hasSuffix(" s; cut at the most tokens asked for"))
        summary.stopReason = .cancelled
        #expect(ChatTerminal.line(about: summary).hasPrefix("stopped; " + beginning))
        summary.generatedTokens = 0
        #expect(ChatTerminal.line(about: summary).contains("not part of the conversation"))
      }
    }
  }
}
