package import MosoFormats
public import MosoScaling

/// What a law says of a run before it is made.
public struct LossPrediction: Sendable, Hashable {
  /// How large the run is.
  public var size: RunSize
  /// Its loss, in nats a token.
  public var loss: Double
  /// Where it lies with a probability of nine in ten.
  public var interval: Interval

  /// The loss that a fitted law gives a run.
  public init(_ size: RunSize, by fit: ScalingFit) {
    self.size = size
    loss = fit.law.loss(of: size)
    interval = fit.interval(ofLossAt: size)
  }

  /// What `moso scale predict` says.
  package var json: JSONObject {
    [
      "parameters": .number(size.parameters), "tokens": .number(size.tokens), "loss": .number(loss),
      "interval": .array([.number(interval.lower), .number(interval.upper)]),
    ]
  }

  /// How far a measured loss is from it, as a share of the measured one.
  public func error(of measured: Double) -> Double { loss / measured - 1 }
}
