import ArgumentParser
import MosoFormats
import MosoStudies
import MosoTerminal

/// `moso scale fit`: the law of finished runs.
struct ScaleFitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit scaling laws to finished runs, with intervals.",
    discussion: """
      Examples:
        moso scale fit studies/stories
        moso scale fit runs.csv --hold-out-above 1e20
        moso scale fit runs.csv --json
      """)

  @OptionGroup var runs: ScaleRunsOptions

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func run() async throws {
    let analysis = try await runs.analysis()
    if json { return StandardOutput.write(JSONValue.object(analysis.json).serialized() + "\n") }
    ScaleTables.print(analysis)
  }
}
