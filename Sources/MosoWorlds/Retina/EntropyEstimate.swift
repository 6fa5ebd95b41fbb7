/// An entropy as it was found in some recordings.
///
/// A model that is measured on the same recordings is compared better with their own surprisals, token by token: what
/// makes one recording more surprising than another, makes it so for both.
public struct EntropyEstimate: Sendable, Hashable {
  /// The entropy of a token after those before it, in nats.
  public var mean: Double
  /// The standard deviation of `mean` among other recordings, as many.
  public var standardError: Double

  /// - Parameter recordings: The mean surprisal of a token in each of the recordings.
  init(recordings: [Double]) {
    precondition(recordings.count >= 2, "a standard error takes two recordings at least")
    let count = Double(recordings.count)
    let mean = recordings.reduce(0, +) / count
    self.mean = mean
    let variance = recordings.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    standardError = (variance / count).squareRoot()
  }
}
