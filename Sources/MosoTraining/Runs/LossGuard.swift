/// Notices when a run has gone wrong.
struct LossGuard {
  private var mean: Double?
  private var least = Double.infinity
  private var worse = 0

  /// How far the mean loss may rise above the least it ever was, in nats, and for how many steps.
  private static let rise = 1.5
  private static let patience = 20

  /// What is wrong after a step's loss and norm, if anything is.
  mutating func problem(loss: Double, norm: Double) -> String? {
    guard loss.isFinite else { return "its loss is \(loss)" }
    guard norm.isFinite else { return "the norm of its gradient is \(norm)" }
    let mean = mean.map { 0.9 * $0 + 0.1 * loss } ?? loss
    self.mean = mean
    least = min(least, mean)
    worse = mean > least + Self.rise ? worse + 1 : 0
    guard worse >= Self.patience else { return nil }
    return "the loss rose to \(Self.rounded(mean)) after it had been \(Self.rounded(least))"
  }

  private static func rounded(_ number: Double) -> Double { (number * 1_000).rounded() / 1_000 }
}
