import MosoCorpora
import MosoModel
import MosoReports
import MosoTerminal
import MosoTraining
import Synchronization

/// Shows how far a run is: a chart of the loss and a line with the rate and the time left, where standard error is a terminal;
/// elsewhere a line for each look at validation.
final class TrainDisplay: Sendable {
  private struct State {
    var plan: TrainingPlan?
    var history = RunHistory()
    var smooth: [Double] = []
    var bar: ProgressBar?
    /// The rows of the terminal that the last picture took.
    var rows = 0
    var lastDrawn = ContinuousClock.now
    var firstStep = 0
  }

  private let terminal: TerminalCapabilities
  private let state = Mutex(State())
  private static let interval = Duration.milliseconds(500)

  init(on terminal: TerminalCapabilities = .standardError) { self.terminal = terminal }

  func show(_ event: TrainingEvent) {
    state.withLock { state in
      switch event {
      case .preparing(let progress): show(progress, &state)
      case .prepared(let manifest):
        state.bar?.cancel()
        state.bar = nil
        StandardError.writeLine("Corpus: \(Self.summary(manifest))")
      case .started(let plan, let step):
        state.plan = plan
        state.firstStep = step
        StandardError.writeLine(Self.summary(plan, from: step))
      case .step(let report): add(report, &state)
      case .evaluated(let evaluation, let step):
        state.history.append(evaluation, step: step)
        if !terminal.movesCursor { StandardError.writeLine(line(evaluation, step: step, state)) }
      case .wrote, .saved: break
      }
    }
  }

  /// Leaves the last picture where it is.
  func end() { state.withLock { draw(&$0) } }

  // MARK: Preparing

  private func show(_ progress: CorpusBuilder.Progress, _ state: inout State) {
    guard terminal.movesCursor else { return }
    let (label, done, total, unit): (String, Int, Int?, ProgressUnit) =
      switch progress {
      case .counting(let bytes): ("counting words", bytes, nil, .bytes)
      case .merging(let tokens, let all): ("learning tokens", tokens, all, .items("tokens"))
      case .tokenizing(_, let bytes): ("cutting into tokens", bytes, nil, .bytes)
      }
    if done == 0 || state.bar == nil { state.bar = ProgressBar(label, total: total, unit: unit, output: terminal) }
    state.bar?.update(completed: done)
  }

  private static func summary(_ manifest: CorpusManifest) -> String {
    let training = manifest.counts(of: .training), validation = manifest.counts(of: .validation)
    return
      "\(QuantityFormat.count(training.documents)) documents of \(QuantityFormat.count(training.tokens)) tokens to learn "
      + "from, \(QuantityFormat.count(validation.documents)) for validation; \(manifest.vocabularySize) different tokens."
  }

  private static func summary(_ plan: TrainingPlan, from step: Int) -> String {
    let start = step > 0 ? " Goes on after step \(QuantityFormat.count(step))." : ""
    return "Model: \(QuantityFormat.count(plan.design.parameterCount)) parameters, "
      + "\(plan.design.architecture.layers.count) layers of \(plan.design.architecture.width); "
      + "\(QuantityFormat.count(plan.stepCount)) steps of about \(QuantityFormat.count(Int(plan.tokensPerStep))) tokens.\(start)"
  }

  // MARK: Steps

  private func add(_ report: StepReport, _ state: inout State) {
    state.history.append(report)
    state.smooth.append(state.smooth.last.map { 0.9 * $0 + 0.1 * report.loss } ?? report.loss)
    let now = ContinuousClock.now
    guard terminal.movesCursor, now - state.lastDrawn >= Self.interval else { return }
    state.lastDrawn = now
    draw(&state)
  }

  /// Replaces the picture by that of now.
  private func draw(_ state: inout State) {
    guard terminal.movesCursor, let plan = state.plan, !state.history.steps.isEmpty else { return }
    let size = terminal.size
    let steps = state.history.steps
    var series: [ChartSeries] = [.line("training", x: steps.map { Double($0.step) }, y: state.smooth)]
    let looks = state.history.looks
    if !looks.isEmpty { series.append(.line("validation", looks.map { ChartPoint(Double($0.step), $0.loss) })) }
    if let least = looks.last?.leastLoss { series.append(.horizontalRule("least possible", at: least)) }
    let chart = Chart(
      "Loss", x: ChartAxis("step", lower: Double(state.firstStep), upper: Double(plan.stepCount)),
      y: ChartAxis("loss", unit: "nats"), series: series)
    let picture = TerminalChart(
      chart, columns: max(20, size.columns - 1), rows: max(6, min(18, size.rows - 3)), isUTF8: terminal.isUTF8,
      allowsColour: terminal.allowsColour)
    let lines =
      picture.lines() + [status(state, plan).truncated(toWidth: max(1, size.columns - 1), isUTF8: terminal.isUTF8)]
    let up = state.rows > 0 ? "\u{1B}[\(state.rows)A" : ""
    StandardError.write(up + lines.map { "\r\u{1B}[2K\($0)\n" }.joined() + "\u{1B}[J")
    state.rows = lines.count
  }

  /// The rate, the arithmetic and the time left.
  private func status(_ state: State, _ plan: TrainingPlan) -> String {
    guard let last = state.history.steps.last else { return "" }
    let recent = state.history.steps.suffix(20)
    let seconds = recent.reduce(0) { $0 + $1.seconds }
    let tokens = last.tokens - (state.history.steps.dropLast(recent.count).last?.tokens ?? 0)
    let perStep = seconds / Double(recent.count)
    let rate = NumberFormat.significant(plan.operationsPerStep / perStep / 1e9)
    let left = QuantityFormat.duration(seconds: Double(plan.stepCount - last.step) * perStep)
    return "step \(QuantityFormat.count(last.step)) of \(QuantityFormat.count(plan.stepCount))  "
      + "loss \(QuantityFormat.fixed(state.smooth.last ?? last.loss, digits: 3))  "
      + "\(QuantityFormat.count(Int(Double(tokens) / seconds))) tokens/s  \(rate) GFLOP/s  \(left) left"
  }

  private func line(_ evaluation: Evaluation, step: Int, _ state: State) -> String {
    let steps = state.plan?.stepCount ?? step
    let least = evaluation.leastLoss.map { ", least possible \(QuantityFormat.fixed($0, digits: 4))" } ?? ""
    let answered =
      evaluation.questions.map {
        ", \(QuantityFormat.fixed(100 * $0.accuracy, digits: 0)) % of questions answered right"
      }
      ?? ""
    return "step \(step) of \(steps): training loss \(QuantityFormat.fixed(state.smooth.last ?? .nan, digits: 4)), "
      + "validation loss \(QuantityFormat.fixed(evaluation.loss, digits: 4))\(least)\(answered), after "
      + QuantityFormat.duration(seconds: state.history.seconds)
  }
}
