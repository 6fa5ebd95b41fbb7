import ArgumentParser
import MosoCorpora
import MosoFormats
import MosoScaling
import MosoStudies
import MosoTerminal
import MosoTraining

/// `moso scale plan`: which runs a study makes, and how long they take.
struct ScalePlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say which runs a study makes, and how long they take on this machine.",
    discussion: """
      The speed of this machine is measured for it, which takes some seconds; nothing is trained.

      Examples:
        moso scale plan storyworld
        moso scale plan books/ --minutes 120
        moso scale plan study.yaml --compute 1e15 --json
      """)

  @OptionGroup var study: ScaleStudyOptions

  @Flag(name: .long, help: "Print the plan as JSON.")
  var json = false

  func run() throws {
    let recipe = try StudyRecipe(study.recipe())
    let vocabulary = try TrainingRecipe(recipe.training).corpus.vocabularyBound()
    let plan = try StudyPlan(recipe, vocabularySize: vocabulary, pool: study.pool)
    if json { return StandardOutput.write(JSONValue.object(plan.json).serialized() + "\n") }
    StandardOutput.write(ScaleTables.plan(plan).rendered(for: .standardOutput))
    StandardOutput.write(ScaleTables.summary(plan) + "\n")
  }
}
