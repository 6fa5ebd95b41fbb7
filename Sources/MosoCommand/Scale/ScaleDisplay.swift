import MosoCorpora
import MosoReports
import MosoScaling
import MosoStudies
import MosoTerminal
import MosoTraining

/// Shows how far a study is: the picture of the run that goes on, and a line for each that is done.
final class ScaleDisplay {
  private var training = TrainDisplay()
  private var count = 0

  func show(_ event: StudyEvent) {
    switch event {
    case .measuring: StandardError.writeLine("Measuring how fast this machine trains.")
    case .planned(let plan):
      count = plan.runs.count
      StandardError.write(ScaleTables.plan(plan).rendered(for: .standardError))
      StandardError.writeLine(ScaleTables.summary(plan))
    case .began(let run, let number):
      training = TrainDisplay()
      StandardError.writeLine("Run \(number) of \(count): \(run.name)")
    case .training(let event):
      if case .prepared = event, count > 0 { break }
      training.show(event)
    case .finished(let run):
      training.end()
      let seconds = run.seconds.map { " after \(QuantityFormat.duration(seconds: $0))" } ?? ""
      StandardError.writeLine(
        "\(run.name): loss \(NumberFormat.significant(run.measured.loss, digits: 4, notation: .ascii))\(seconds)")
    case .predicted(let prediction): StandardError.writeLine(ScaleTables.prediction(prediction))
    }
  }
}
