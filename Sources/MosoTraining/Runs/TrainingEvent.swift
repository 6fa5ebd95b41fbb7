public import MosoCorpora

/// What a run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// The corpus is being prepared.
  case preparing(CorpusBuilder.Progress)
  /// The corpus is there.
  case prepared(CorpusManifest)
  /// Training begins, at a step that is 0 unless the run goes on from a checkpoint.
  case started(TrainingPlan, step: Int)
  /// A step has been taken.
  case step(StepReport)
  /// Documents of validation have been read after a step.
  case evaluated(Evaluation, step: Int)
  /// The model has written documents after a step.
  case wrote([String], step: Int)
  /// The run was saved: a folder that can be opened as a model.
  case saved(path: String, step: Int)
}

/// What came of a step.
public struct StepReport: Sendable, Hashable {
  /// Its number, counted from 1.
  public var step: Int
  /// How many tokens have been learned from so far.
  public var tokens: Int
  /// The mean loss of its tokens, in nats, before it was taken.
  public var loss: Double
  /// The learning rate.
  public var rate: Double
  /// The norm of the gradient before it was shortened.
  public var norm: Double
  /// How many seconds it took.
  public var seconds: Double
  /// How many tokens it had.
  public var stepTokens: Int
}
