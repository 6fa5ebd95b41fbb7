/// How long steps take on this machine, and so how much of a prompt fits beside answers without a long gap in them.
struct StepPace: Sendable {
  /// The seconds that a token of a prompt takes, as measured lately; `nil` before the first.
  private var secondsPerToken: Double?

  /// The gap between two tokens of an answer that a reader does not mind: five tokens a second are faster than reading.
  private static let longestStep = 0.2
  /// Fewer tokens than this make no use of the weights that are read for them.
  private static let fewestTokens = 16

  /// Learns from a step that read enough of prompts to tell.
  mutating func learn(_ step: Step, _ duration: Duration) {
    let tokens = step.works.reduce(0) { $0 + $1.tokens.count }
    guard tokens >= Self.fewestTokens else { return }
    let seconds = duration / .seconds(1) / Double(tokens)
    secondsPerToken = secondsPerToken.map { 0.8 * $0 + 0.2 * seconds } ?? seconds
  }

  /// How many tokens of prompts a step may read beside answers.
  func promptTokens(most limits: SchedulerLimits) -> Int {
    guard let secondsPerToken, secondsPerToken > 0 else { return limits.promptTokensBesideAnswers }
    let fitting = Int(min(Self.longestStep / secondsPerToken, 1e6))
    return min(max(fitting, Self.fewestTokens), limits.promptTokensBesideAnswers)
  }
}
