/// A straight line or a parabola through points, by least squares.
struct Polynomial {
  /// From the constant upwards.
  var coefficients: [Double]

  func callAsFunction(_ x: Double) -> Double { coefficients.reversed().reduce(0) { $0 * x + $1 } }

  /// The polynomial of a degree that is nearest to the points; `nil` where they do not determine it.
  static func fit(degree: Int, _ points: [(x: Double, y: Double)], weights: [Double]? = nil) -> Polynomial? {
    guard points.count > degree else { return nil }
    // About their middle, so that powers of large numbers do not swallow small ones.
    let middle = points.reduce(0) { $0 + $1.x } / Double(points.count)
    var matrix = Array(repeating: Array(repeating: 0.0, count: degree + 1), count: degree + 1)
    var right = Array(repeating: 0.0, count: degree + 1)
    for (index, point) in points.enumerated() {
      let weight = weights?[index] ?? 1
      var powers = [1.0]
      for _ in 0..<degree { powers.append(powers[powers.count - 1] * (point.x - middle)) }
      for row in 0...degree {
        for column in 0...degree { matrix[row][column] += weight * powers[row] * powers[column] }
        right[row] += weight * powers[row] * point.y
      }
    }
    guard let centred = SymmetricSolver.solve(matrix, right) else { return nil }
    return Polynomial(coefficients: centred).shifted(by: middle)
  }

  /// The polynomial whose value at `x` is this one's at `x - distance`.
  private func shifted(by distance: Double) -> Polynomial {
    var shifted = [0.0]
    for coefficient in coefficients.reversed() {
      var next = Array(repeating: 0.0, count: shifted.count + 1)
      for (power, value) in shifted.enumerated() {
        next[power + 1] += value
        next[power] -= value * distance
      }
      next[0] += coefficient
      shifted = next
    }
    return Polynomial(coefficients: Array(shifted.prefix(coefficients.count)))
  }
}
