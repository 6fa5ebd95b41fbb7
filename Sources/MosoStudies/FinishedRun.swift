public import MosoScaling

/// A run that has ended, as a row of a table of runs.
public struct FinishedRun: Sendable, Hashable {
  /// What it is called.
  public var name: String
  /// How large it was, what it cost and what came of it.
  public var measured: MeasuredRun
  /// The least loss that is possible on the same documents, in nats a token, where it is known.
  public var leastLoss: Double?
  /// How many seconds it took, where it is known.
  public var seconds: Double?
  /// Whether laws are checked against it instead of fitted to it.
  public var isHeldOut: Bool

  /// A run that has ended.
  public init(
    name: String, measured: MeasuredRun, leastLoss: Double? = nil, seconds: Double? = nil, isHeldOut: Bool = false
  ) {
    self.name = name
    self.measured = measured
    self.leastLoss = leastLoss
    self.seconds = seconds
    self.isHeldOut = isHeldOut
  }
}
