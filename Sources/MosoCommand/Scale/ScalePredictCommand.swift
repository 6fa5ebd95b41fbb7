import ArgumentParser
import MosoFormats
import MosoReports
import MosoScaling
import MosoStudies
import MosoTerminal
import MosoTraining

/// `moso scale predict`: what a run will come to, or the best run for a budget.
struct ScalePredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the loss of a model that is not trained yet, or the best model for a budget.",
    discussion: """
      Parameters are those that every token is multiplied with: all but tables that rows are looked up in. Intervals hold \
      the truth nine times in ten, as far as the law holds.

      Examples:
        moso scale predict studies/stories --parameters 10M --tokens 200M
        moso scale predict studies/stories --compute 1e17
      """)

  @OptionGroup var runs: ScaleRunsOptions

  @Option(name: .long, help: "How many parameters the model has, as in 10M.")
  var parameters: String?

  @Option(name: .long, help: "How many tokens it learns from, as in 200M.")
  var tokens: String?

  @Option(name: .long, help: "How many floating-point operations the run may take, as in 1e17.")
  var compute: String?

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func validate() throws {
    let hasSize = parameters != nil && tokens != nil
    guard hasSize != (compute != nil), (parameters == nil) == (tokens == nil) else {
      throw ValidationError("Give --parameters and --tokens, or --compute.")
    }
    for (option, text) in [("--parameters", parameters), ("--tokens", tokens), ("--compute", compute)] {
      guard let text else { continue }
      guard let number = RecipeReader.number(text), number > 0 else {
        throw ValidationError("\(option) is '\(text)', where a number such as 10M or 1e17 was expected.")
      }
    }
  }

  func run() async throws {
    let analysis = try await runs.analysis()
    if let budget = compute.flatMap(RecipeReader.number) {
      let best = analysis.best(compute: budget)
      if json { return StandardOutput.write(JSONValue.object(best.json).serialized() + "\n") }
      StandardOutput.write(ScaleTables.best(best).rendered(for: .standardOutput))
    } else if let count = parameters.flatMap(RecipeReader.number), let tokens = tokens.flatMap(RecipeReader.number) {
      let prediction = LossPrediction(RunSize(parameters: count, tokens: tokens), by: analysis.fit)
      if json { return StandardOutput.write(JSONValue.object(prediction.json).serialized() + "\n") }
      StandardOutput.write(ScaleTables.prediction(prediction) + "\n")
    }
  }
}
