package import MosoFormats
import MosoScaling
public import MosoTensor
import MosoTraining

/// Which runs a study makes, and how long they should take on this machine.
///
/// The runs that a law is fitted to come in budgets: with each of them several models are trained, on as many tokens as the
/// budget pays for. The largest run costs many times more, and its loss is predicted by the law.
public struct StudyPlan: Sendable, Hashable {
  /// The runs in the order in which they are made: the cheapest first, the one that is predicted last.
  public var runs: [PlannedRun]

  /// What all runs cost together, in floating-point operations.
  public var compute: Double { runs.reduce(0) { $0 + $1.compute } }
  /// How many seconds all runs should take.
  public var seconds: Double { runs.reduce(0) { $0 + $1.seconds } }
  /// The large run.
  public var target: PlannedRun? { runs.last { $0.isTarget } }

  /// Plans the runs of a study, measuring this machine's speed for it.
  ///
  /// - Parameter vocabularySize: How many different tokens there are.
  public init(_ recipe: StudyRecipe, vocabularySize: Int, pool: ThreadPool) throws(StudyError) {
    let training = try StudyError.planning { () throws(RecipeError) in try TrainingRecipe(recipe.training) }
    let sizes = try ModelSizes(training.model, vocabularySize: vocabularySize)
    let speed = MachineSpeed(training, vocabularySize: vocabularySize, pool: pool)
    switch recipe.budget {
    case .compute(let compute): runs = try Self.runs(recipe, compute: compute, sizes, speed)
    case .minutes(let minutes):
      // Time grows with compute: the budget is found by halving.
      var low = logarithm(1e9), high = logarithm(1e24)
      var found = try Self.runs(recipe, compute: exponential(low), sizes, speed)
      for _ in 0..<48 {
        let middle = (low + high) / 2
        let runs = try Self.runs(recipe, compute: exponential(middle), sizes, speed, limit: 60 * minutes)
        if runs.isEmpty { high = middle } else { (low, found) = (middle, runs) }
      }
      runs = found
    }
  }

  init(runs: [PlannedRun]) { self.runs = runs }

  /// The runs of a study whose largest costs `compute`.
  ///
  /// - Parameter limit: Nothing is returned where they take more seconds.
  private static func runs(
    _ recipe: StudyRecipe, compute: Double, _ sizes: ModelSizes, _ speed: MachineSpeed, limit: Double = .infinity
  ) throws(StudyError) -> [PlannedRun] {
    let ratio = recipe.tokensPerParameter
    var rest = limit
    func run(
      _ model: ModelSizes.Candidate, _ name: String, compute: Double, isTarget: Bool = false
    ) throws(StudyError) -> PlannedRun? {
      let tokens = max(1, (compute / model.operationsPerToken).rounded())
      // Arithmetic alone rules out what no processor does in time, without measuring it.
      guard compute / 1e15 < rest else { return nil }
      let seconds = try tokens * speed.secondsPerToken(width: model.width)
      rest -= seconds
      guard rest >= 0 else { return nil }
      return PlannedRun(
        name: name, width: model.width, layers: model.layers,
        size: RunSize(parameters: model.parameters, tokens: tokens), compute: tokens * model.operationsPerToken,
        seconds: seconds, isTarget: isTarget)
    }
    var runs: [PlannedRun] = []
    for rung in (0..<recipe.rungs).reversed() {
      let budget = recipe.share * compute / power(recipe.step, Double(rung))
      guard let middle = sizes.nearest(to: budget, { $0.compute(tokensPerParameter: ratio) }) else { continue }
      var taken: [Int] = []
      for place in 0..<recipe.models {
        let offset = Double(place) / Double(recipe.models - 1) - 0.5
        let wanted = middle.parameters * power(recipe.spread, offset)
        guard let model = sizes.nearest(to: wanted, without: taken, \.parameters) else { continue }
        taken.append(model.width)
        let name = "budget-\(recipe.rungs - rung)-width-\(model.width)"
        guard let run = try run(model, name, compute: budget) else { return [] }
        runs.append(run)
      }
    }
    guard let largest = sizes.nearest(to: compute, { $0.compute(tokensPerParameter: ratio) }),
      let target = try run(largest, "target-width-\(largest.width)", compute: compute, isTarget: true)
    else { return [] }
    return runs + [target]
  }
}

extension StudyPlan {
  /// The plan as it is kept in the folder of a study.
  package var json: JSONObject { ["runs": .array(runs.map { .object($0.json) })] }

  /// A plan as it was kept.
  init(_ json: JSONValue, path: String) throws(StudyError) {
    var runs: [PlannedRun] = []
    for value in json["runs"]?.arrayValue ?? [] {
      guard let run = PlannedRun(value) else { continue }
      runs.append(run)
    }
    guard !runs.isEmpty, runs.count == json["runs"]?.arrayValue?.count else {
      throw .unusable(
        place: path, found: "no whole list of runs", expected: "the plan that was written here",
        hint: "remove the file to plan anew")
    }
    self.runs = runs
  }
}
