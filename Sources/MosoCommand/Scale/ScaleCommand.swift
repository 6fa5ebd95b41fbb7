import ArgumentParser

/// `moso scale`: predicts what a training run will come to before it is paid for.
struct ScaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Predict what larger models will come to from small ones.",
    discussion: """
      A study trains small models of several sizes, fits a law to their losses, predicts a large run with an interval, and \
      then makes that run to check.

      Examples:
        moso scale plan storyworld                         what would be trained, and how long it takes
        moso scale run storyworld --output studies/stories
        moso scale fit studies/stories                     the law, with intervals
        moso scale predict studies/stories --compute 1e17  the best model for a budget, and its loss
        moso scale report studies/stories                  all of it as a page
        moso scale fit other-peoples-runs.csv              from columns parameters, tokens and loss
      """,
    subcommands: [
      ScalePlanCommand.self, ScaleRunCommand.self, ScaleFitCommand.self, ScalePredictCommand.self,
      ScaleReportCommand.self,
    ])
}
