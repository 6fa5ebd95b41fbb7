/// How large a training run is: what a scaling law predicts the loss from.
public struct RunSize: Sendable, Hashable {
  /// Trained parameters.
  public var parameters: Double
  /// Tokens read in training, each as often as it was read.
  public var tokens: Double
  /// Different tokens among them; as many as `tokens` where nothing was read twice.
  public var uniqueTokens: Double

  /// A run of a model of so many parameters on so many tokens.
  public init(parameters: Double, tokens: Double, uniqueTokens: Double? = nil) {
    self.parameters = parameters
    self.tokens = tokens
    self.uniqueTokens = min(uniqueTokens ?? tokens, tokens)
  }

  /// What training costs by the usual estimate, in floating-point operations: six for each parameter and token.
  public var compute: Double { 6 * parameters * tokens }
}

/// A finished training run: how large it was, and what came of it.
public struct MeasuredRun: Sendable, Hashable {
  /// How large the run was.
  public var size: RunSize
  /// The loss on held-out text at its end, in nats a token.
  public var loss: Double
  /// What it cost, in floating-point operations.
  public var compute: Double

  /// A run that ended with a loss; its cost is six operations for each parameter and token unless another is given.
  public init(size: RunSize, loss: Double, compute: Double? = nil) {
    self.size = size
    self.loss = loss
    self.compute = compute ?? size.compute
  }
}
