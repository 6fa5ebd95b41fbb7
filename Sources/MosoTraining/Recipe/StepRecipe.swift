/// How a model is trained, as far as a recipe says; what it leaves out follows from the model and the number of tokens.
public struct StepRecipe: Sendable, Hashable {
  /// How long a run is.
  public enum Length: Sendable, Hashable {
    /// So many tokens.
    case tokens(Int)
    /// So many steps.
    case steps(Int)
    /// So many times all training tokens.
    case epochs(Double)
  }

  /// How long the run is; without it, as long as the model's size asks for.
  public var length: Length?
  /// How many sequences a step has.
  public var sequences: Int?
  /// The method for the matrices of layers.
  public var optimizer = OptimizerSettings.Method.muon
  /// The highest learning rate.
  public var rate: Double?
  /// What embeddings, gains and biases have of the rate.
  public var embeddingShare = 1.0
  /// How the rate falls.
  public var schedule = LearningRateSchedule.Shape.linear
  /// The last rate, as a share of the highest.
  public var finalShare = 0.0
  /// How many steps the rate rises.
  public var warmup: Int?
  /// The share of all steps in which a schedule with a stable phase falls.
  public var decayShare = 0.2
  /// What matrices lose of themselves in a step, times the learning rate.
  public var weightDecay: Double?
  /// AdamW's momentum of gradients.
  public var firstMomentum = 0.9
  /// AdamW's momentum of squared gradients.
  public var secondMomentum = 0.95
  /// The largest norm of all gradients together; 0 for no bound.
  public var largestNorm = 1.0
  /// The share of the mean of weights that stays in a step; 0 keeps no mean.
  public var averaging = 0.0
  /// The factor of the z-loss.
  public var penalty = 0.0
  /// How numbers are multiplied.
  public var precision = Precision.single
  /// Whether layers keep only their inputs for the way back.
  public var recomputes = false
  /// In how many equal parts the sequences of a step are summed.
  public var lanes = 4
  /// How many sequences go through the model at a time.
  public var microBatch: Int?
  /// Where random numbers come from.
  public var seed: UInt64 = 1

  /// How numbers are multiplied.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floats.
    case single = "f32"
    /// Products of 16-bit floats, added up in 32 bits; weights are kept in 32 bits.
    case mixed = "bf16"
  }

  /// The usual training.
  public init() {}
}

/// What is looked at and kept during a run.
public struct WatchRecipe: Sendable, Hashable {
  /// After how many steps the validation loss is computed; without it, about twenty times in a run.
  public var evaluationInterval: Int?
  /// How many documents of validation are read for it.
  public var evaluationDocuments = 200
  /// About how many stories of an unseen world questions are asked, where the corpus has stories; 0 for none.
  public var questionStories = 40
  /// After how many steps the run is saved; without it, with each second evaluation.
  public var checkpointInterval: Int?
  /// How many of the last checkpoints are kept.
  public var keptCheckpoints = 2
  /// How many samples are taken with each checkpoint.
  public var samples = 2

  /// The usual.
  public init() {}
}
