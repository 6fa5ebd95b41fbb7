/// A scale for codes that stand for multiples of it, found by least squares.
///
/// Plain rounding maps the largest value to the last code. A slightly smaller or larger scale often fits the other
/// values better: for each of a few, the codes are worked out, and then the scale that suits these codes best, Σwxq /
/// Σwq². What is gained over all zeros is (Σwxq)² / Σwq², so that no error needs to be summed.
struct SymmetricFit {
  /// The scale; negative where the code furthest from zero stands for a positive value.
  var scale: Float = 0
  /// How much less the weighted squared error is than that of zeros.
  private var gain: Float = 0

  /// Fits codes from `least`, which is below zero, to `most`.
  @inline(__always)
  init<Lanes: FloatLanes>(_ values: Lanes, weights: Lanes, codes least: Int32, to most: Int32) {
    let (lowest, highest) = (values.least, values.greatest)
    let largest = -lowest > highest ? lowest : highest
    // What is below this would be rounded to a scale of zero, and its inverse might overflow.
    guard largest.magnitude > 0x1p-30 else { return }
    for step in -4...4 {
      // How far, in codes, the largest value lies from the last code.
      let offset = 0.3 * Float(step)
      improve(inverse: (Float(least) + offset) / largest, values, weights, least, most)
      improve(inverse: (Float(most) + offset) / largest, values, weights, least, most)
    }
    for _ in 0..<2 where scale != 0 { improve(inverse: 1 / scale, values, weights, least, most) }
  }

  @inline(__always)
  private mutating func improve<Lanes: FloatLanes>(
    inverse: Float, _ values: Lanes, _ weights: Lanes, _ least: Int32, _ most: Int32
  ) {
    let codes = (values * inverse).codes(from: least, to: most)
    let weighted = weights * codes
    let product = (weighted * values).total
    let square = (weighted * codes).total
    if square > 0, product * product > gain * square {
      gain = product * product / square
      scale = product / square
    }
  }
}
