/// What a fit makes small: the sum over runs of Huber's function of the difference of logarithms between the law's loss and the
/// measured one, so that a run is worth the same at any loss and one that went wrong pulls with a bounded force.
///
/// Hoffmann et al. (2022), equation 3, with their threshold of 0.001.
struct LogLossObjective<Law: ScalingLaw> {
  /// The sizes of the runs.
  let sizes: [RunSize]
  /// The logarithms of their losses.
  let logLosses: [Double]
  /// How often each run counts.
  let weights: [Double]
  /// The largest difference whose square counts.
  let threshold: Double

  init(runs: [MeasuredRun], weights: [Double]? = nil, threshold: Double) {
    sizes = runs.map(\.size)
    logLosses = runs.map { logarithm($0.loss) }
    self.weights = weights ?? Array(repeating: 1, count: runs.count)
    self.threshold = threshold
  }

  /// The sum of Huber's function; infinity where the law has no value.
  func value(at coordinates: [Double]) -> Double {
    let law = Law(coordinates: coordinates)
    var sum = 0.0
    for index in sizes.indices where weights[index] > 0 {
      sum += weights[index] * huber(law.logLoss(of: sizes[index]) - logLosses[index])
    }
    return sum.isFinite ? sum : .infinity
  }

  /// The derivatives of `value` by the coordinates.
  func gradient(at coordinates: [Double]) -> [Double] {
    let law = Law(coordinates: coordinates)
    var sum = Array(repeating: 0.0, count: coordinates.count)
    var ofRun = sum
    for index in sizes.indices where weights[index] > 0 {
      let difference = law.logLoss(of: sizes[index], gradient: &ofRun) - logLosses[index]
      let pull = weights[index] * min(max(difference, -threshold), threshold)
      for place in sum.indices { sum[place] += pull * ofRun[place] }
    }
    return sum
  }

  private func huber(_ difference: Double) -> Double {
    let size = abs(difference)
    return size <= threshold ? difference * difference / 2 : threshold * (size - threshold / 2)
  }
}
