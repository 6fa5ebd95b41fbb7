import ArgumentParser
import MosoStudies
import MosoTerminal

/// `moso scale report`: a study as a page.
struct ScaleReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page with the law, its charts and what it predicts.",
    discussion: """
      Examples:
        moso scale report studies/stories
        moso scale report runs.csv --output runs.html
      """)

  @OptionGroup var runs: ScaleRunsOptions

  @Option(name: .shortAndLong, help: "The file; report.html in the folder of a study unless given.")
  var output: String?

  func run() async throws {
    let analysis = try await runs.analysis()
    let isTable = runs.runs.hasSuffix(".csv")
    let path = output ?? (isTable ? String(runs.runs.dropLast(4)) + ".html" : "\(runs.runs)/report.html")
    try StudyReport(analysis, title: runs.runs).write(to: path)
    StandardOutput.write("\(path)\n")
  }
}
