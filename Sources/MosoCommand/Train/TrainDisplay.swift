import MosoCorpora
import MosoTerminal
import MosoTraining
import Synchronization

/// Shows how far a run is.
final class TrainDisplay: Sendable {
  private struct State {
    var plan: TrainingPlan?
    var seconds = 0.0
    var tokens = 0
    var line = 0
  }
  private let state = Mutex(State())

  func show(_ event: TrainingEvent) {
    state.withLock { state in
      switch event {
      case .preparing: break
      case .prepared(let manifest):
        let counts = manifest.counts(of: .training)
        StandardError.writeLine(
          "corpus: \(counts.documents) documents, \(counts.tokens) tokens, \(counts.bytes) bytes")
      case .started(let plan, let step):
        state.plan = plan
        StandardError.writeLine(
          "model: \(plan.design.parameterCount) parameters, \(plan.stepCount) steps of \(plan.sequences) sequences, from \(step); rate \(plan.schedule.peak)"
        )
      case .step(let report):
        state.seconds += report.seconds
        state.tokens += report.stepTokens
        if report.step % 20 == 0 || report.step == state.plan?.stepCount {
          StandardError.writeLine(
            "step \(report.step) loss \(QuantityFormat.fixed(report.loss, digits: 4)) norm \(QuantityFormat.fixed(report.norm, digits: 3)) rate \(QuantityFormat.fixed(report.rate, digits: 5)) \(Int(Double(state.tokens) / state.seconds)) tokens/s"
          )
        }
      case .evaluated(let evaluation, let step):
        StandardError.writeLine(
          "step \(step) validation \(QuantityFormat.fixed(evaluation.loss, digits: 4)) bits per byte \(QuantityFormat.fixed(evaluation.bitsPerByte, digits: 4)) least \(QuantityFormat.fixed(evaluation.leastLoss ?? .nan, digits: 4)) after \(QuantityFormat.fixed(state.seconds, digits: 1)) s"
        )
      case .saved(let path, _): StandardError.writeLine("saved \(path)")
      }
    }
  }

  func end() {}
}
