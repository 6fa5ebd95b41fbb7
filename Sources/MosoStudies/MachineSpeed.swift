import MosoCorpora
import MosoModel
import MosoRandom
import MosoTensor
import MosoTraining

/// How fast this machine trains models of a recipe: measured at a few widths when it is asked, and between them by the power law
/// through the neighbours.
final class MachineSpeed {
  private let recipe: TrainingRecipe
  private let vocabularySize: Int
  private let pool: ThreadPool
  /// Seconds for a token, by width.
  private var measured: [Int: Double] = [:]

  /// The widths that are measured.
  private static let widths = [32, 64, 128, 256, 512, 1_024, 2_048]
  /// A measurement goes on until it took so many seconds.
  private static let patience = 0.4

  init(_ recipe: TrainingRecipe, vocabularySize: Int, pool: ThreadPool) {
    self.recipe = recipe
    self.vocabularySize = vocabularySize
    self.pool = pool
  }

  /// How many seconds a token takes in a model of a width.
  func secondsPerToken(width: Int) throws(StudyError) -> Double {
    let below = Self.widths.last { $0 <= width } ?? Self.widths[0]
    let above = Self.widths.first { $0 >= width } ?? below
    let low = try measure(below)
    if above == below { return low }
    let high = try measure(above)
    let share = logarithm(Double(width) / Double(below)) / logarithm(Double(above) / Double(below))
    return exponential((1 - share) * logarithm(low) + share * logarithm(high))
  }

  private func measure(_ width: Int) throws(StudyError) -> Double {
    if let known = measured[width] { return known }
    var model = recipe.model
    model.width = width
    model.heads = nil
    model.keyValueHeads = nil
    let shape = model
    let configuration = try StudyError.planning { () throws(RecipeError) in
      try shape.configuration(vocabularySize: vocabularySize, documentStart: 0)
    }
    guard let design = try? ModelDesign(configuration) else {
      throw .unusable(
        place: "the study's recipe", found: "no model of width \(width)", expected: "a model of any width",
        hint: "leave out what the recipe says about heads")
    }
    let seconds = seconds(design)
    measured[width] = seconds
    return seconds
  }

  /// Takes steps on random tokens: what they say does not matter to the time.
  private func seconds(_ design: ModelDesign) -> Double {
    let compute = TrainingCompute(pool: pool, precision: recipe.steps.precision == .mixed ? .mixed : .single)
    let model = TrainingModel(design, on: compute)
    Initialization(seed: 1).fill(model)
    var gradients = GradientSettings()
    gradients.lanes = recipe.steps.lanes
    gradients.recomputes = recipe.steps.recomputes
    let runner = GradientRunner(model, settings: gradients)
    let optimizer = Optimizer(OptimizerSettings(method: recipe.steps.optimizer), for: model)
    var random = RandomNumbers(seed: 1)
    let length = recipe.model.contextLength
    let sequences = (0..<2 * gradients.lanes).map { _ in
      TrainingSequence((0...length).map { _ in Int32(random.below(vocabularySize)) })
    }
    let tokens = sequences.count * length
    let clock = ContinuousClock()
    var steps = 0, spent = 0.0
    // The first step asks the system for memory, which later ones have.
    repeat {
      let start = clock.now
      let gradient = runner.gradient(sequences, targetCount: tokens)
      optimizer.join(gradient.slopes)
      optimizer.step(rate: 0, slopes: gradient.slopes, norm: optimizer.norm(gradient.slopes))
      runner.recycle(gradient.slopes)
      if steps > 0 { spent += (clock.now - start) / .seconds(1) }
      steps += 1
    } while spent < Self.patience
    return spent / Double((steps - 1) * tokens)
  }
}
