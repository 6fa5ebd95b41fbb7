/// A formula that predicts the loss of a training run from its size, with constants that are fitted to finished runs.
///
/// A fit moves `coordinates`: numbers that may all be any real number, as those constants that have to be positive are
/// kept as their logarithms.
public protocol ScalingLaw: Sendable {
  /// What the constants are called, in the order of `constants`.
  static var constantNames: [String] { get }

  /// The constants themselves, as papers print them.
  var constants: [Double] { get }

  /// The constants as a fit moves them.
  var coordinates: [Double] { get }

  /// The law at a place where a fit looks.
  init(coordinates: [Double])

  /// The natural logarithm of the predicted loss.
  func logLoss(of size: RunSize) -> Double

  /// The natural logarithm of the predicted loss; its derivatives by the coordinates are put into `gradient`, which has as
  /// many places.
  func logLoss(of size: RunSize, gradient: inout [Double]) -> Double
}

extension ScalingLaw {
  /// The predicted loss, in nats a token.
  public func loss(of size: RunSize) -> Double { exponential(logLoss(of: size)) }

  /// Differences of neighbours on both sides, for laws whose derivatives would fill a page.
  public func logLoss(of size: RunSize, gradient: inout [Double]) -> Double {
    let here = coordinates
    for index in here.indices {
      let step = 1e-6 * max(1, abs(here[index]))
      var above = here
      var below = here
      above[index] += step
      below[index] -= step
      gradient[index] =
        (Self(coordinates: above).logLoss(of: size) - Self(coordinates: below).logLoss(of: size)) / (2 * step)
    }
    return logLoss(of: size)
  }
}
