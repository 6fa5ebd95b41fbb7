/// A scale and an offset for codes from zero on, found by weighted least squares.
///
/// Plain rounding spreads the codes from the least value to the largest. Here a few other spreads are tried as well;
/// for the codes of each, the scale and the offset that suit them best are the solution of two linear equations.
struct AffineFit {
  /// What a code is multiplied by; never negative.
  var scale: Float = 0
  /// What is added to the product.
  var offset: Float
  private var error = Float.infinity
  /// The least value, from which offsets are counted while they are searched.
  private let base: Float

  /// Fits codes up to `most`.
  ///
  /// - Parameter isBelowZero: Whether the offset may not be above zero.
  @inline(__always)
  init<Lanes: FloatLanes>(_ values: Lanes, weights: Lanes, codesTo most: Int32, isBelowZero: Bool) {
    let least = isBelowZero ? min(values.least, 0) : values.least
    let range = values.greatest - least
    base = least
    offset = least
    guard range > 0x1p-30 else { return }
    // Counted from the least value, so that sums do not cancel where all values are far from zero.
    let shifted = values - least
    let sums = Sums(shifted, weights, limit: isBelowZero ? -least : .infinity)
    for step in -10...5 {
      // How many steps the values are spread over; more than there are codes cuts the largest off.
      let steps = Float(most) + 0.2 * Float(step)
      improve(inverse: steps / range, start: 0, shifted, weights, sums, most)
    }
    for _ in 0..<3 {
      let before = error
      improve(inverse: 1 / scale, start: offset - least, shifted, weights, sums, most)
      if error == before { break }
    }
  }

  /// What does not depend on the codes.
  private struct Sums {
    var weight: Float
    var value: Float
    var square: Float
    /// The highest that the offset from the least value may be.
    var limit: Float

    @inline(__always)
    init<Lanes: FloatLanes>(_ values: Lanes, _ weights: Lanes, limit: Float) {
      let weighted = weights * values
      weight = weights.total
      value = weighted.total
      square = (weighted * values).total
      self.limit = limit
    }
  }

  @inline(__always)
  private mutating func improve<Lanes: FloatLanes>(
    inverse: Float, start: Float, _ values: Lanes, _ weights: Lanes, _ sums: Sums, _ most: Int32
  ) {
    let codes = ((values - start) * inverse).codes(from: 0, to: most)
    let weighted = weights * codes
    let code = weighted.total
    let square = (weighted * codes).total
    let product = (weighted * values).total
    guard square > 0 else { return }
    let determinant = sums.weight * square - code * code
    var start: Float = 0
    // Where all codes are the same, the equations say the same too, and what is left of the difference is rounding.
    if determinant > 1e-5 * sums.weight * square {
      start = min((square * sums.value - code * product) / determinant, sums.limit)
    }
    let slope = (product - start * code) / square
    let mixed = slope * start * code - slope * product - start * sums.value
    let found = sums.square + slope * slope * square + start * start * sums.weight + 2 * mixed
    if slope > 0, found < error {
      (error, scale, offset) = (found, slope, base + start)
    }
  }
}
