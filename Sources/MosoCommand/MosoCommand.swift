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
    version: "moso 0.1.0 (unreleased)",
    subcommands: [
      ChatCommand.self, GenerateCommand.self, TokenizeCommand.self, PullCommand.self, ListCommand.self,
      ShowCommand.self, QuantizeCommand.self, BenchCommand.self, ServeCommand.self, KeysCommand.self, TrainCommand.self,
      ScaleCommand.self, LogitsCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// Ends with 0 after help, 2 after wrong usage (the argument parser's own choice is 64), and otherwise 1.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    if code == .validationFailure {
      StandardError.write(fullMessage(for: error) + "\n")
      exit(withError: ExitCode(2))
    }
    if code == .success || error is ExitCode { exit(withError: error) }
    StandardError.writeLine("Error: \(error)")
    exit(withError: ExitCode.failure)
  }
}
