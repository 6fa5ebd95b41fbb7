import ArgumentParser
import MosoStudies
import MosoTraining

/// Which finished runs laws are fitted to.
struct ScaleRunsOptions: ParsableArguments {
  @Argument(help: "The folder of a study, or a .csv file with the columns parameters, tokens and loss.")
  var runs: String

  @Option(name: .long, help: "Hold out the runs that cost more floating-point operations, and check the law on them.")
  var holdOutAbove: String?

  func analysis() async throws -> StudyAnalysis {
    var limit: Double?
    if let holdOutAbove {
      guard let number = RecipeReader.number(holdOutAbove), number > 0 else {
        throw ValidationError("--hold-out-above is '\(holdOutAbove)', where a number such as 1e14 was expected.")
      }
      limit = number
    }
    return try await StudyAnalysis(RunCollection(runs, holdingOutAbove: limit))
  }
}
