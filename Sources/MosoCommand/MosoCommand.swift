import ArgumentParser

/// The `moso` command: parses, wires and prints.
@main
struct MosoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moso",
    abstract: "Language models on your own machine.",
    discussion: """
      Start with a small model, which is fetched the first time (98 MB):

        moso chat

      Results go to standard output, progress and remarks to standard error.
      """,
    subcommands: [
      ChatCommand.self, GenerateCommand.self, TokenizeCommand.self, PullCommand.self, ListCommand.self,
      ShowCommand.self, BenchCommand.self, LogitsCommand.self,
    ])
}
