/// Finds the nearest minimum of a smooth function of a few numbers: Newton's steps, shortened until they descend.
///
/// The second derivatives are differences of gradients. Where they are not those of a bowl, a multiple of the identity is
/// added (Levenberg and Marquardt), which turns the step towards steepest descent.
struct NewtonMinimizer {
  let value: ([Double]) -> Double
  let gradient: ([Double]) -> [Double]
  /// The most steps that are taken.
  var steps = 500
  /// A descent by a smaller share of the value than this is none.
  var precision = 1e-15

  /// The minimum that is reached from `start`, and its value.
  func minimum(from start: [Double]) -> (place: [Double], value: Double) {
    var place = start
    var best = value(place)
    var damping = 1e-3
    var calm = 0
    for _ in 0..<steps {
      let slope = gradient(place)
      guard best.isFinite, slope.allSatisfy(\.isFinite) else { break }
      let curvature = curvature(at: place)
      let scale = max(curvature.indices.map { abs(curvature[$0][$0]) }.max() ?? 0, 1e-300)
      var moved = false
      while damping < 1e12 {
        var damped = curvature
        // Each coordinate is damped by its own curvature too, as their units differ.
        for index in damped.indices {
          damped[index][index] += damping * max(abs(curvature[index][index]), 1e-9 * scale)
        }
        if let step = SymmetricSolver.solve(damped, slope) {
          let next = zip(place, step).map { $0 - $1 }
          let found = value(next)
          if found < best {
            calm = best - found < precision * best ? calm + 1 : 0
            place = next
            best = found
            damping = max(damping / 10, 1e-12)
            moved = true
            break
          }
        }
        damping *= 10
      }
      if !moved || calm == 3 { break }
    }
    return (place, best)
  }

  private func curvature(at place: [Double]) -> [[Double]] {
    var rows = place.indices.map { index in
      let step = 1e-5 * max(1, abs(place[index]))
      var above = place
      var below = place
      above[index] += step
      below[index] -= step
      return zip(gradient(above), gradient(below)).map { ($0 - $1) / (2 * step) }
    }
    for row in rows.indices {
      for column in 0..<row {
        let mean = (rows[row][column] + rows[column][row]) / 2
        rows[row][column] = mean
        rows[column][row] = mean
      }
    }
    return rows
  }
}

/// Solves small systems of equations whose matrix is symmetric and positive.
enum SymmetricSolver {
  /// `x` with `matrix · x = right` by Cholesky's decomposition; `nil` where the matrix is not positive.
  static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    let count = right.count
    var lower = matrix
    for row in 0..<count {
      for column in 0...row {
        var sum = matrix[row][column]
        for inner in 0..<column { sum -= lower[row][inner] * lower[column][inner] }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          lower[row][row] = sum.squareRoot()
        } else {
          lower[row][column] = sum / lower[column][column]
        }
      }
    }
    var solution = right
    for row in 0..<count {
      for inner in 0..<row { solution[row] -= lower[row][inner] * solution[inner] }
      solution[row] /= lower[row][row]
    }
    for row in (0..<count).reversed() {
      for inner in (row + 1)..<count where inner < count { solution[row] -= lower[inner][row] * solution[inner] }
      solution[row] /= lower[row][row]
    }
    return solution
  }
}
