import MosoCheckpoints
public import MosoCorpora
public import MosoFormats
import MosoModel

/// A run with nothing left open: what a recipe says, and what follows from it for a corpus.
public struct TrainingPlan: Sendable {
  /// The model.
  public var design: ModelDesign
  /// The most tokens that a sequence has.
  public var length: Int
  /// How many sequences a step has.
  public var sequences: Int
  /// How many tokens a step has, on average: sequences are as full as documents make them.
  public var tokensPerStep: Double
  /// How many steps there are.
  public var stepCount: Int
  /// The method and its numbers.
  public var optimizer: OptimizerSettings
  /// The learning rate of each step.
  public var schedule: LearningRateSchedule
  /// How gradients are computed.
  public var gradients: GradientSettings
  /// The share of the mean of weights that stays in a step; 0 keeps no mean.
  public var averaging: Double
  /// How numbers are multiplied.
  public var precision: StepRecipe.Precision
  /// Where random numbers come from.
  public var seed: UInt64
  /// What is looked at and kept.
  public var watch: WatchRecipe
  /// After how many steps the validation loss is computed.
  public var evaluationInterval: Int
  /// After how many steps the run is saved.
  public var checkpointInterval: Int

  /// The width at which rates are given: in wider models matrices have less.
  static let referenceWidth = 256

  /// Works out what a recipe leaves open.
  ///
  /// - Throws: `RecipeError` when there is no such model.
  public init(_ recipe: TrainingRecipe, corpus: TokenCorpus) throws(RecipeError) {
    let manifest = corpus.manifest
    let configuration = try recipe.model.configuration(
      vocabularySize: manifest.vocabularySize, documentStart: manifest.documentStart)
    do throws(ConfigurationError) {
      design = try ModelDesign(configuration)
    } catch {
      throw RecipeError(place: "the model's recipe", problem: "\(error)")
    }
    let steps = recipe.steps
    length = recipe.model.contextLength
    let counts = manifest.counts(of: .training)
    let perSequence = Self.meanTokens(corpus, length: length, seed: steps.seed)

    // As many tokens as are asked for, or as the model's size asks for.
    let tokens: Double
    switch steps.length {
    case .tokens(let count): tokens = Double(count)
    case .epochs(let epochs): tokens = epochs * Double(counts.tokens + counts.documents)
    case .steps(let count):
      tokens = Double(count) * Double(steps.sequences ?? 8 * steps.lanes) * perSequence
    case nil: tokens = recipe.model.tokensPerParameter * Double(design.multipliedCount)
    }
    sequences = steps.sequences ?? Self.sequences(tokens: tokens, perSequence: perSequence, lanes: steps.lanes)
    if case .steps(let count) = steps.length, steps.sequences == nil { sequences = 8 * steps.lanes; stepCount = count }
    tokensPerStep = Double(sequences) * perSequence
    stepCount = max(1, Int((tokens / tokensPerStep).rounded()))
    if case .steps(let count) = steps.length { stepCount = count }

    optimizer = OptimizerSettings(method: steps.optimizer)
    optimizer.firstMomentum = steps.firstMomentum
    optimizer.secondMomentum = steps.secondMomentum
    optimizer.weightDecay = steps.weightDecay ?? 0.1
    optimizer.largestNorm = steps.largestNorm > 0 ? steps.largestNorm : nil
    optimizer.referenceWidth = Self.referenceWidth
    optimizer.embeddingShare = steps.embeddingShare
    let rate = steps.rate ?? Self.rate(steps.optimizer, tokensPerStep: tokensPerStep)
    schedule = LearningRateSchedule(
      shape: steps.schedule, peak: rate, finalShare: steps.finalShare,
      warmupSteps: steps.warmup ?? max(1, min(200, stepCount / 20)), stepCount: stepCount,
      decayShare: steps.decayShare)
    gradients = GradientSettings()
    gradients.lanes = steps.lanes
    gradients.microBatch = steps.microBatch
    gradients.recomputes = steps.recomputes
    gradients.penalty = steps.penalty
    averaging = steps.averaging
    precision = steps.precision
    seed = steps.seed
    watch = recipe.watch
    evaluationInterval = recipe.watch.evaluationInterval ?? max(1, stepCount / 20)
    checkpointInterval = recipe.watch.checkpointInterval ?? 2 * evaluationInterval
  }

  /// How many tokens a sequence has on average, as the first ones of the corpus have it.
  private static func meanTokens(_ corpus: TokenCorpus, length: Int, seed: UInt64) -> Double {
    var sampler = CorpusSampler(corpus, length: length, seed: seed)
    return Double((0..<256).reduce(0) { sum, _ in sum + sampler.next().tokens.count }) / 256
  }

  /// Larger steps for longer runs: the best size grows with the power 0.4 or so of the number of tokens (Bergsma et al., 2025).
  /// Of short runs on storyworld those with steps of about 1,500 tokens were best.
  private static func sequences(tokens: Double, perSequence: Double, lanes: Int) -> Int {
    let best = 2_048 * power(tokens / 10e6, 0.4)
    return max(1, Int((best / perSequence / Double(lanes)).rounded())) * lanes
  }

  /// The rate that was best for steps of 8,192 tokens; it grows with the square root of a step's size (Malladi et al., 2022).
  private static func rate(_ method: OptimizerSettings.Method, tokensPerStep: Double) -> Double {
    let best = method == .muon ? 0.007 : 0.004
    return best * (tokensPerStep / 8_192).squareRoot()
  }

  /// How many floating-point operations a step takes.
  public var operationsPerStep: Double { tokensPerStep * design.operationsPerToken(length: length) }

  /// What decides the weights that come out: two runs with the same plan and corpus end with the same bits.
  public var json: JSONObject {
    [
      "model": .object(design.configuration),
      "length": .integer(length), "sequences": .integer(sequences), "steps": .integer(stepCount),
      "lanes": .integer(gradients.lanes), "optimizer": .string(optimizer.method.rawValue),
      "first_momentum": .number(optimizer.firstMomentum), "second_momentum": .number(optimizer.secondMomentum),
      "weight_decay": .number(optimizer.weightDecay), "largest_norm": .number(optimizer.largestNorm ?? 0),
      "embedding_share": .number(optimizer.embeddingShare),
      "rate": .number(schedule.peak), "schedule": .string(schedule.shape.rawValue),
      "final_share": .number(schedule.finalShare), "warmup": .integer(schedule.warmupSteps),
      "decay_share": .number(schedule.decayShare), "z_loss": .number(gradients.penalty),
      "averaging": .number(averaging), "precision": .string(precision.rawValue), "seed": .integer(Int(seed)),
    ]
  }
}
