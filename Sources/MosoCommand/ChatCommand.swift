import ArgumentParser
import FoundationEssentials
import Moso
import MosoConversation
import MosoEngine
import MosoHub
import MosoTerminal

/// `moso chat`: a conversation in the terminal.
struct ChatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Talk to a model.",
    discussion: """
      Type a message and press return; /help lists what else there is. Ctrl-C stops an answer, Ctrl-D ends the chat.
      When standard input is not a terminal, each line is a message and only the answers are printed.

      Examples:
        moso chat
        moso chat smollm2 --system "You answer in one sentence."
        echo "Why is the sky blue?" | moso chat
      """)

  @OptionGroup var model: ModelOptions

  @Option(name: .shortAndLong, help: "What the model is told before the conversation.")
  var system: String?

  @Option(name: .shortAndLong, help: "The most tokens in one answer.")
  var maxTokens: Int?

  @OptionGroup(title: "Sampling") var sampling: SamplingOptions

  func run() async throws {
    let model = try await model.open()
    let options = GenerationOptions(
      sampling: try sampling.parameters(over: model.recommendedSampling), maximumTokens: maxTokens)
    let chat = try Chat(with: model, system: system, options: options, session: self.model.session)
    var terminal = try ChatTerminal(chat: chat, options: options)
    try await terminal.run()
  }
}
