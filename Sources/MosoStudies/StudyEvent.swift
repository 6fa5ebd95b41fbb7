public import MosoTraining

/// What a study tells while it goes on.
public enum StudyEvent: Sendable {
  /// The speed of this machine is being measured.
  case measuring
  /// These runs will be made.
  case planned(StudyPlan)
  /// A run begins, or goes on; it is the `number`-th, counted from 1.
  case began(PlannedRun, number: Int)
  /// What a run tells.
  case training(TrainingEvent)
  /// A run has ended, now or some time before.
  case finished(FinishedRun)
  /// The law of the runs before it says what the large run will come to.
  case predicted(LossPrediction)
}
