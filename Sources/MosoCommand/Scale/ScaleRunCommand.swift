import ArgumentParser
import MosoFormats
import MosoStudies
import MosoTerminal

/// `moso scale run`: makes the runs of a study.
struct ScaleRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train the models of a study, predict the largest and check the prediction.",
    discussion: """
      Runs that are done are not made again: run the same command after an interruption to go on. The prediction of the \
      largest run is written to prediction.json before that run begins.

      Examples:
        moso scale run storyworld --output studies/stories
        moso scale run books/ --output studies/books --minutes 120
      """)

  @OptionGroup var study: ScaleStudyOptions

  @Option(name: .shortAndLong, help: "The folder of the study; made if it is not there.")
  var output: String

  @Flag(name: .long, help: "Print one JSON object with the law and the check to standard output at the end.")
  var json = false

  func run() async throws {
    let display = ScaleDisplay()
    let study = try Study(study.recipe(), folder: output, pool: study.pool) { display.show($0) }
    // Ctrl-C saves the run that is going on before the command ends.
    let interrupts = try InterruptSource()
    guard case .finished = try await study.run(shouldStop: { interrupts.isInterrupted }) else {
      StandardError.writeLine("Saved; run the same command again to go on.")
      throw ExitCode(130)
    }
    let analysis = try await StudyAnalysis(RunCollection(output))
    let report = "\(output)/report.html"
    try StudyReport(analysis, title: output).write(to: report)
    StandardError.writeLine("Report: \(report)")
    if json { return StandardOutput.write(JSONValue.object(analysis.json).serialized() + "\n") }
    ScaleTables.print(analysis)
  }
}
