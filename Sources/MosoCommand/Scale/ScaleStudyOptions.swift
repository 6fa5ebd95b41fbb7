import ArgumentParser
import MosoStudies
import MosoTensor
import MosoTraining

/// What a study is of.
struct ScaleStudyOptions: ParsableArguments {
  @Argument(help: "A study (storyworld, retina, or a .yaml file), a file or folder of text, or - for standard input.")
  var source: String

  @Option(name: .long, help: "How many minutes all runs together may take on this machine.")
  var minutes: String?

  @Option(name: .long, help: "How many floating-point operations the largest run may take, as in 1e14.")
  var compute: String?

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Set a value of the recipe, as in study.models=5; may be repeated.", valueName: "name=value"))
  var set: [String] = []

  @Option(
    name: .long, parsing: .unconditional,
    help: "How many threads work; by default as many as this process can keep busy.")
  var threads: Int?

  func validate() throws {
    if minutes != nil && compute != nil { throw ValidationError("Give one of --minutes and --compute.") }
    if let threads, !ModelOptions.threadRange.contains(threads) {
      throw ValidationError(
        "--threads is \(threads), but has to be between 1 and \(ModelOptions.threadRange.upperBound).")
    }
  }

  var pool: ThreadPool { ThreadPool(threads: threads ?? ThreadPool.usableThreads) }

  /// The recipe with what the options change in it.
  func recipe() throws -> RecipeNode {
    var recipe = try StudySource.recipe(source)
    for (option, name, value) in [("--minutes", "study.minutes", minutes), ("--compute", "study.compute", compute)] {
      guard let value else { continue }
      // The option takes the place of what the recipe says, be it the other one.
      recipe.remove("study.minutes")
      recipe.remove("study.compute")
      try recipe.set(name, to: value, place: option)
    }
    try recipe.apply(set)
    return recipe
  }
}

/// Where the recipe of a study comes from.
enum StudySource {
  static func recipe(_ argument: String) throws -> RecipeNode {
    if let study = BuiltInStudy(rawValue: argument) {
      return try RecipeNode(yaml: study.yaml, file: "the study \(study.rawValue)")
    }
    return try RecipeSource(argument).recipe()
  }
}
