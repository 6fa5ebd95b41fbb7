public import MosoTraining

/// What a study is of: a training recipe, and which runs are made with it.
public struct StudyRecipe: Sendable, Hashable {
  /// What the largest run may cost; all others follow from it.
  public enum Budget: Sendable, Hashable {
    /// So many floating-point operations.
    case compute(Double)
    /// So many minutes for all runs together on this machine.
    case minutes(Double)
  }

  /// The recipe of each run, without what differs between them.
  public var training: RecipeNode
  /// What the largest run may cost.
  public var budget = Budget.minutes(35)
  /// How many budgets there are below the largest.
  public var rungs = 3
  /// How many models are trained with each of them.
  public var models = 4
  /// The largest of these budgets, as a share of the largest run's.
  public var share = 0.09
  /// How many times as large each of them is as the next.
  public var step = 2.0
  /// How many times as many parameters the largest model of a budget has as the smallest.
  public var spread = 4.0
  /// How many tokens a model has for each of its parameters, in the largest run and in the middle of each budget.
  public var tokensPerParameter = 20.0

  /// Reads a training recipe with a part `study`.
  ///
  /// - Throws: `RecipeError` that names the file and line of what is wrong.
  public init(_ recipe: RecipeNode) throws(RecipeError) {
    var training = recipe
    let study = training.take("study")
    self.training = training
    // What is wrong with the rest should be said before the first run and not after an hour.
    _ = try TrainingRecipe(training)
    guard let study else { return }
    var reader = try RecipeReader(study, name: "study")
    let budgets = ["compute", "minutes"].filter { reader.has($0) }
    guard budgets.count <= 1 else {
      throw reader.problem("compute", "and 'minutes' are both given; the budget of a study is one of them")
    }
    if let compute = try reader.number("compute", 1e9...1e24) { budget = .compute(compute) }
    if let minutes = try reader.number("minutes", 0.01...1e6) { budget = .minutes(minutes) }
    if let count = try reader.count("rungs", 1...20) { rungs = count }
    if let count = try reader.count("models", 2...20) { models = count }
    if let number = try reader.number("share", 0.0001...0.5) { share = number }
    if let number = try reader.number("step", 1.3...100) { step = number }
    if let number = try reader.number("spread", 1.2...1_000) { spread = number }
    if let number = try reader.number("tokens_per_parameter", 0.1...100_000) { tokensPerParameter = number }
    try reader.finish()
  }
}
