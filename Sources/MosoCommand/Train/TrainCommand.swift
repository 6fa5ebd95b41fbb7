import ArgumentParser
import MosoCorpora
import MosoFormats
import MosoTensor
import MosoTerminal
import MosoTraining

/// `moso train`: trains a model from nothing.
struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model from nothing.",
    discussion: """
      The first argument is a recipe, a file or folder of text, or - for standard input. One number says how large the \
      model is: --depth, --parameters or --compute; all else follows from it, and any of it can be set in the recipe or \
      with --set. Run the same command again to go on after an interruption.

      Examples:
        moso train storyworld --output runs/stories
        moso train books/ --output runs/books --depth 6 --tokens 50M
        moso train recipe.yaml --output runs/mine --set training.rate=0.002 --set model.family=qwen3
        mpirun -n 4 moso train storyworld --output runs/stories --threads 1
      """)

  @Argument(help: "A recipe (storyworld, or a .yaml file), a file or folder of text, or - for standard input.")
  var source: String

  @Option(name: .shortAndLong, help: "The folder of the run; made if it is not there.")
  var output: String

  @OptionGroup(title: "Size") var size: TrainSizeOptions

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Set a value of the recipe, as in training.rate=0.002; may be repeated.", valueName: "name=value"))
  var set: [String] = []

  @Option(
    name: .long, parsing: .unconditional,
    help: "How many threads work; by default as many as this process can keep busy.")
  var threads: Int?

  @Flag(name: .long, help: "Print one JSON object about the run to standard output at its end.")
  var json = false

  func validate() throws {
    if let threads, !ModelOptions.threadRange.contains(threads) {
      throw ValidationError(
        "--threads is \(threads), but has to be between 1 and \(ModelOptions.threadRange.upperBound).")
    }
  }

  func run() async throws {
    let recipe = try recipe()
    let display = TrainDisplay()
    let group = try TrainGroup.join()
    // Ctrl-C saves the run before it ends.
    let interrupts = try InterruptSource()
    let (run, outcome) = try TrainGroup.run(group) {
      let run = try TrainingRun(
        recipe, folder: output, pool: ThreadPool(threads: threads ?? ThreadPool.usableThreads), group: group
      ) { display.show($0) }
      return (run, try run.run { interrupts.isInterrupted })
    }
    group.leave()
    guard group.isFirst else { return }
    display.end()
    switch outcome {
    case .finished(let model):
      StandardOutput.write(try json ? TrainReport.json(run, model: model).serialized() + "\n" : "\(model)\n")
    case .interrupted(let step):
      StandardError.writeLine("Saved after step \(step); run the same command again to go on.")
      throw ExitCode(130)
    }
  }

  /// The recipe with what the options change in it.
  private func recipe() throws -> RecipeNode {
    var recipe = try RecipeSource(source).recipe()
    for (option, name, value) in size.settings { try recipe.set(name, to: value, place: option) }
    try recipe.apply(set)
    return recipe
  }
}

/// The numbers from which the rest of a run follows.
struct TrainSizeOptions: ParsableArguments {
  @Option(name: .long, help: "How many layers; the width is 64 times as many.")
  var depth: String?

  @Option(name: .long, help: "How many parameters, about, as in 5M.")
  var parameters: String?

  @Option(name: .long, help: "How many floating-point operations the whole run may take, as in 1e15.")
  var compute: String?

  @Option(name: .long, help: "How many tokens to learn from, as in 20M.")
  var tokens: String?

  func validate() throws {
    if [depth, parameters, compute].compactMap(\.self).count > 1 {
      throw ValidationError("Give one of --depth, --parameters and --compute.")
    }
  }

  /// The option, the name in a recipe, and the value.
  var settings: [(option: String, name: String, value: String)] {
    [
      ("--depth", "model.depth", depth), ("--parameters", "model.parameters", parameters),
      ("--compute", "model.compute", compute), ("--tokens", "training.tokens", tokens),
    ].compactMap { option, name, value in value.map { (option, name, $0) } }
  }
}
