/// The least loss that any run had reached at each budget along its way: the first of three approaches.
///
/// Hoffmann et al. (2022), section 3.1. It needs the curves of the runs and not only their ends; where a learning rate falls until the
/// end of a run, losses before it are higher than those of a run that ends there, which this approach cannot know.
public enum LossEnvelope {
  /// A run's loss along its way.
  public struct Curve: Sendable {
    /// The parameters of the model.
    public var parameters: Double
    /// The tokens read, in ascending order, the loss then, and the operations spent.
    public var points: [(tokens: Double, loss: Double, compute: Double)]

    /// The curve of a model of so many parameters.
    public init(parameters: Double, points: [(tokens: Double, loss: Double, compute: Double)]) {
      self.parameters = parameters
      self.points = points
    }

    /// Tokens and loss when so many operations were spent, between neighbouring points; `nil` outside.
    func at(compute: Double) -> (tokens: Double, loss: Double)? {
      guard let next = points.firstIndex(where: { $0.compute >= compute }) else { return nil }
      if points[next].compute == compute { return (points[next].tokens, points[next].loss) }
      guard next > 0 else { return nil }
      let (before, after) = (points[next - 1], points[next])
      let share =
        (logarithm(compute) - logarithm(before.compute)) / (logarithm(after.compute) - logarithm(before.compute))
      return (
        exponential((1 - share) * logarithm(before.tokens) + share * logarithm(after.tokens)),
        exponential((1 - share) * logarithm(before.loss) + share * logarithm(after.loss))
      )
    }
  }

  /// The best of the curves at budgets that lie evenly between the logarithms of the least and the largest.
  ///
  /// A budget at which the smallest or the largest model is best says only that the best one lies beyond; it is left out.
  public static func best(
    of curves: [Curve], budgets count: Int = 200
  ) -> [(compute: Double, size: RunSize, loss: Double)] {
    let costs = curves.flatMap { $0.points.map(\.compute) }
    guard count > 1, let least = costs.min(), let most = costs.max(), least > 0 else { return [] }
    let sizes = curves.map(\.parameters)
    return (0..<count).compactMap { step in
      let share = Double(step) / Double(count - 1)
      let compute = exponential((1 - share) * logarithm(least) + share * logarithm(most))
      let reached = curves.compactMap { curve in curve.at(compute: compute).map { (curve, $0) } }
      guard reached.count >= 3, let best = reached.min(by: { $0.1.loss < $1.1.loss }),
        best.0.parameters != sizes.min(), best.0.parameters != sizes.max()
      else { return nil }
      return (compute, RunSize(parameters: best.0.parameters, tokens: best.1.tokens), best.1.loss)
    }
  }
}
