import MosoFormats
import MosoTraining

/// What `moso train --json` says at the end of a run.
enum TrainReport {
  static func json(_ run: TrainingRun, model: String) throws -> JSONValue {
    let history = try run.history()
    let look = history.looks.last
    return [
      "model": .string(model), "run": .string(run.folder), "parameters": .integer(run.plan.design.parameterCount),
      "multiplied_parameters": .integer(run.plan.design.multipliedCount), "steps": .integer(run.step),
      "tokens": .integer(history.steps.last?.tokens ?? 0), "seconds": .number(history.seconds),
      "validation_loss": look.map { .number($0.loss) } ?? .null,
      "bits_per_byte": look.map { .number($0.bitsPerByte) } ?? .null,
      "question_accuracy": look?.questions.map { .number($0.accuracy) } ?? .null,
      "least_loss": look?.leastLoss.map { .number($0) } ?? .null,
    ]
  }
}
