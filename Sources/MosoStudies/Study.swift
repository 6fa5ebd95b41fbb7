import MosoCorpora
import MosoFormats
import MosoScaling
public import MosoTensor
public import MosoTraining

/// A study in a folder: makes the runs of its plan, predicts the large one from those before it, and makes that too.
///
/// The folder has `recipe.yaml`, `plan.json`, the corpus in `corpus`, a folder for each run in `runs`, `runs.csv`, and
/// `prediction.json`, which is written before the large run begins. What is done is not done again.
public final class Study {
  /// Where all of it is.
  public let folder: String
  /// Which runs it consists of.
  public let plan: StudyPlan
  private let recipe: StudyRecipe
  private let pool: ThreadPool
  private let observe: (StudyEvent) -> Void

  static let planFile = "plan.json"
  static let tableFile = "runs.csv"
  static let predictionFile = "prediction.json"
  private static let recipeFile = "recipe.yaml"

  /// How a study ended.
  public enum Outcome: Sendable, Hashable {
    /// All runs are done.
    case finished([FinishedRun])
    /// It was asked to stop; everything is saved.
    case interrupted
  }

  /// Begins a study, or prepares to go on with one: makes the corpus, measures this machine and plans.
  ///
  /// - Throws: `StudyError`, in one sentence, when the recipe is wrong or another study is in the folder.
  public init(
    _ recipe: RecipeNode, folder: String, pool: ThreadPool, observe: @escaping (StudyEvent) -> Void = { _ in }
  ) throws(StudyError) {
    let parsed = try StudyError.planning { () throws(RecipeError) in try StudyRecipe(recipe) }
    self.recipe = parsed
    self.folder = folder
    self.pool = pool
    self.observe = observe
    try StudyError.wrapping { () throws(FileError) in try Folder.make(folder) }
    try Self.keep(recipe, in: "\(folder)/\(Self.recipeFile)")
    let training = try StudyError.planning { () throws(RecipeError) in try TrainingRecipe(parsed.training) }
    let corpus: TokenCorpus
    do throws(TrainingError) {
      corpus = try TrainingRun.corpus(training.corpus, folder: "\(folder)/corpus", pool: pool) {
        observe(.training($0))
      }
    } catch {
      throw .training(error)
    }
    observe(.training(.prepared(corpus.manifest)))
    let planPath = "\(folder)/\(Self.planFile)"
    if Folder.hasFile(planPath) {
      plan = try StudyPlan(Self.json(in: planPath), path: planPath)
    } else {
      observe(.measuring)
      plan = try StudyPlan(parsed, vocabularySize: corpus.manifest.vocabularySize, pool: pool)
      let bytes = JSONValue.object(plan.json).serializedBytes(indentation: 2)
      try StudyError.wrapping { () throws(FileError) in try AtomicFile.write(bytes, to: planPath) }
    }
    observe(.planned(plan))
  }

  /// Writes the recipe down, or compares it with the one that was.
  private static func keep(_ recipe: RecipeNode, in path: String) throws(StudyError) {
    let bytes = Array(recipe.yaml.utf8)
    guard Folder.hasFile(path) else {
      return try StudyError.wrapping { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
    }
    let kept = try StudyError.wrapping { () throws(FileError) in try MappedFile(path: path).bytes }
    guard kept == bytes else {
      throw .unusable(
        place: path, found: "another recipe than this study's", expected: "the same one",
        hint: "run with the recipe that is there, or name another folder for a new study")
    }
  }

  private static func json(in path: String) throws(StudyError) -> JSONValue {
    do throws(FormatError) {
      return try JSONValue(contentsOf: path, options: JSONReadingOptions())
    } catch {
      throw .format(error)
    }
  }

  /// Makes all runs that are left.
  ///
  /// - Parameter shouldStop: Is asked after each step of a run, which is saved before it stops.
  public func run(shouldStop: () -> Bool = { false }) async throws(StudyError) -> Outcome {
    var finished: [FinishedRun] = []
    for (index, planned) in plan.runs.enumerated() {
      if planned.isTarget { try await predict(planned, from: finished) }
      if let run = try makeRun(planned, number: index + 1, shouldStop: shouldStop) {
        finished.append(run)
        try write(Array(RunTable.text(finished).utf8), to: Self.tableFile)
        observe(.finished(run))
      } else {
        return .interrupted
      }
    }
    return .finished(finished)
  }

  /// Makes a run or goes on with it, unless it is done.
  ///
  /// - Returns: `nil` when it was asked to stop.
  private func makeRun(
    _ planned: PlannedRun, number: Int, shouldStop: () -> Bool
  ) throws(StudyError) -> FinishedRun? {
    let path = "\(folder)/runs/\(planned.name)"
    if let done = try result(of: planned, in: path) { return done }
    observe(.began(planned, number: number))
    let base = recipe.training
    let recipe = try StudyError.planning { () throws(RecipeError) in try planned.recipe(base) }
    do throws(TrainingError) {
      let run = try TrainingRun(recipe, folder: path, corpusFolder: "\(folder)/corpus", pool: pool) {
        [observe] in observe(.training($0))
      }
      guard case .finished = try run.run(shouldStop: shouldStop) else { return nil }
      let result = result(of: planned, run, try run.history())
      do throws(FileError) {
        try AtomicFile.write(Array(RunTable.text([result]).utf8), to: "\(path)/\(Self.tableFile)")
      } catch {
        throw .file(error)
      }
      // The model is in the run's folder; what training went on from is not needed any more.
      Folder.remove("\(path)/checkpoints")
      return result
    } catch {
      throw .training(error)
    }
  }

  /// What came of a run that is done.
  private func result(of planned: PlannedRun, in path: String) throws(StudyError) -> FinishedRun? {
    let table = "\(path)/\(Self.tableFile)"
    guard Folder.hasFile(table) else { return nil }
    return try RunTable.read(table).first
  }

  private func result(of planned: PlannedRun, _ run: TrainingRun, _ history: RunHistory) -> FinishedRun {
    let tokens = Double(history.steps.last?.tokens ?? 0)
    let counts = run.corpus.manifest.counts(of: .training)
    let design = run.plan.design
    let size = RunSize(
      parameters: Double(design.multipliedCount), tokens: tokens,
      uniqueTokens: Double(counts.tokens + counts.documents))
    return FinishedRun(
      name: planned.name,
      measured: MeasuredRun(
        size: size, loss: history.looks.last?.loss ?? .nan,
        compute: tokens * design.operationsPerToken(length: run.plan.length)),
      leastLoss: history.looks.last?.leastLoss, seconds: history.seconds, isHeldOut: planned.isTarget)
  }

  /// Writes down what the law says of the large run, unless that was done before it began.
  private func predict(_ planned: PlannedRun, from runs: [FinishedRun]) async throws(StudyError) {
    let path = "\(folder)/\(Self.predictionFile)"
    let fit: ScalingFit
    do throws(ScalingError) {
      fit = try await ScalingFit.fit(runs.map(\.measured))
    } catch {
      throw .scaling(error, place: folder)
    }
    let prediction = LossPrediction(planned.size, by: fit)
    if !Folder.hasFile(path) {
      try write(JSONValue.object(prediction.json).serializedBytes(indentation: 2), to: Self.predictionFile)
    }
    observe(.predicted(prediction))
  }

  private func write(_ bytes: [UInt8], to name: String) throws(StudyError) {
    let path = "\(folder)/\(name)"
    try StudyError.wrapping { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
  }
}
