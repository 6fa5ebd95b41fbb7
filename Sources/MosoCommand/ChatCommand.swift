import ArgumentParser
import Moso
import MosoConversation
import MosoEngine

/// `moso chat`: a conversation in the terminal.
struct ChatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Talk to a model.",
    discussion: """
      Type a message and press return; /help lists what else there is. Ctrl-C stops an answer, Ctrl-D ends the chat. \
      When standard input is not a terminal, each line is a message and only the answers are printed.

      Examples:
        moso chat
        moso chat smollm2 --system "You answer in one sentence."
        echo "Why is the sky blue?" | moso chat
      """)

  @OptionGroup var model: ModelOptions

  @Option(name: .shortAndLong, parsing: .unconditional, help: "What the model is told before the conversation.")
  var system: String?

  @Option(name: .shortAndLong, parsing: .unconditional, help: "The most tokens in one answer.")
  var maxTokens: Int?

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: "End each answer where this text comes up; may be repeated.")
  var stop: [String] = []

  @OptionGroup var context: ContextOptions

  @OptionGroup(title: "Sampling") var sampling: SamplingOptions

  func validate() throws {
    if let most = maxTokens, most < 1 { throw ValidationError("--max-tokens is \(most), but has to be at least 1.") }
  }

  func run() async throws {
    let model = try await model.open(context)
    // Before any answer, as it may be the reason for a bad one.
    for warning in model.warnings { StandardError.writeLine("Warning: \(warning).") }
    let options = GenerationOptions(
      sampling: sampling.parameters(over: model.recommendedSampling), maximumTokens: maxTokens, stopStrings: stop)
    let chat = try Chat(with: model, system: system, options: options, session: self.model.session(context))
    var terminal = try ChatTerminal(chat: chat)
    guard try await terminal.run() else { throw ExitCode.failure }
  }
}
