import ArgumentParser
import Moso
import MosoConversation
import MosoEngine
import MosoFormats
import MosoHub
import MosoTokenizers

/// `moso generate`: continues a text.
struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a text.",
    discussion: """
      The prompt is the second argument, a file, or standard input; the model continues it as it is. For questions \
      and answers use moso chat.

      Examples:
        moso generate smollm2 "The capital of France is"
        moso generate smollm2 --file story.txt --max-tokens 200 --seed 7
        echo "1, 2, 3," | moso generate --json --log-probabilities 5
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The text to continue; standard input if left out.")
  var prompt: String?

  @Option(name: .shortAndLong, help: "Read the prompt from this file.")
  var file: String?

  @Option(name: .shortAndLong, parsing: .unconditional, help: "The most tokens to generate.")
  var maxTokens: Int?

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: "End the answer where this text comes up; may be repeated.")
  var stop: [String] = []

  @Option(
    name: .long, parsing: .unconditional, help: "Report this many of the model's best tokens at each step, with --json."
  )
  var logProbabilities: Int?

  @Flag(name: .long, help: "Print one JSON object with the text, the tokens and the timings.")
  var json = false

  @OptionGroup var context: ContextOptions

  @OptionGroup(title: "Sampling") var sampling: SamplingOptions

  func validate() throws {
    if prompt != nil && file != nil { throw ValidationError("Give the prompt or --file, not both.") }
    if let count = logProbabilities, !(0...1_000).contains(count) {
      throw ValidationError("--log-probabilities is \(count), but has to be between 0 and 1000.")
    }
    if logProbabilities != nil && !json {
      throw ValidationError("--log-probabilities needs --json: plain text has no place for them.")
    }
    if let most = maxTokens, most < 1 { throw ValidationError("--max-tokens is \(most), but has to be at least 1.") }
  }

  func run() async throws {
    try checkReference()
    let text = try promptText()
    let model = try await model.open(context)
    // Before the answer, as it may be the reason for a bad one. A template that is missing is not missed here.
    for warning in model.tokenizer.warnings { StandardError.writeLine("Warning: \(warning).") }
    let session = try Session(model, options: self.model.session(context))
    let tokens = model.tokenizer.encode(text, addBeginning: model.tokenizer.addsBeginningOfSequence)
    let options = GenerationOptions(
      sampling: sampling.parameters(over: model.recommendedSampling), maximumTokens: maxTokens, stopStrings: stop,
      reportedAlternatives: json ? logProbabilities ?? 0 : nil)
    var steps: [GeneratedToken] = []
    var answer = ""
    for try await step in session.generate(tokens, options: options) {
      switch step {
      case .token(let token):
        if json { steps.append(token) }
        answer += token.text
        if !json { StandardOutput.writeHarmlessly(token.text) }
      case .finished(let summary, let lastText):
        answer += lastText
        if json {
          let report = GenerationReport(model, prompt: tokens, steps: steps, text: answer, summary)
          StandardOutput.write(report.json.serialized() + "\n")
        } else {
          StandardOutput.writeHarmlessly(lastText + "\n")
        }
      }
    }
  }

  /// Whoever gives one argument, and that is no model, has probably left the model out.
  private func checkReference() throws {
    guard prompt == nil, file == nil else { return }
    do {
      _ = try ModelReference(model.model)
    } catch .unknown(let text, let suggestion) {
      let error = ModelReferenceError.unknown(text: text, suggestion: suggestion)
      throw CommandFailure("\(error) (the model comes before the text, as in: moso generate smollm2 \"Once upon\")")
    }
  }

  private func promptText() throws -> String {
    if let prompt { return prompt }
    let bytes = try file.map { try InputFile.bytes(of: $0) } ?? InputFile.standardInput("the prompt")
    let text = String(decoding: bytes, as: UTF8.self)
    // The newline that echo and editors put at the end is not part of the text.
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
