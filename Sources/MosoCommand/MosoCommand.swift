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

  /// Wrong usage ends with 2, as it does in most commands; the argument parser's own choice is 64.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      StandardError.write(fullMessage(for: error) + "\n")
      Self.exit(withError: ExitCode(2))
    }
  }
}
