/// Finds where a fit of the Chinchilla law should start: for given exponents the law is linear in its other three constants,
/// which a small system of equations gives, so that only two dimensions are left to be searched.
///
/// Golub and Pereyra (1973); used for scaling laws by Open-Athena's vpnls (2026). Instead of thousands of starts in five
/// dimensions a grid in two is looked at, and its hollows are the starts.
struct VariableProjection {
  let runs: [MeasuredRun]
  let weights: [Double]
  /// The exponents that are tried for both sides.
  static let exponents = stride(from: 0.02, through: 1.5, by: 0.02)

  /// The best law for each hollow of the grid, the deepest first, at most `count`.
  func starts(count: Int) -> [ChinchillaLaw] {
    let grid = Array(Self.exponents)
    // Powers are looked up and not computed again for each pair of exponents.
    let ofParameters = grid.map { exponent in powers(of: \.parameters, exponent) }
    let ofTokens = grid.map { exponent in powers(of: \.tokens, exponent) }
    let solutions = grid.indices.map { row in
      grid.indices.map { column in solve(ofParameters[row], ofTokens[column]) }
    }
    var hollows: [(error: Double, law: ChinchillaLaw)] = []
    for row in grid.indices {
      for column in grid.indices {
        let here = solutions[row][column]
        let isHollow = (-1...1).allSatisfy { down in
          (-1...1).allSatisfy { right in
            guard grid.indices.contains(row + down), grid.indices.contains(column + right) else { return true }
            return here.error <= solutions[row + down][column + right].error
          }
        }
        guard isHollow else { continue }
        let (irreducible, parameterScale, tokenScale) = here.constants
        // The fit goes on with logarithms, which nothing has none of.
        let least = 1e-3
        hollows.append(
          (
            here.error,
            ChinchillaLaw(
              irreducible: max(irreducible, least), parameterScale: max(parameterScale, least),
              parameterExponent: grid[row], tokenScale: max(tokenScale, least), tokenExponent: grid[column])
          ))
      }
    }
    return hollows.sorted { $0.error < $1.error }.prefix(count).map(\.law)
  }

  private func powers(of amount: KeyPath<RunSize, Double>, _ exponent: Double) -> [Double] {
    runs.map { exponential(-exponent * logarithm($0.size[keyPath: amount])) }
  }

  /// The three constants, none of them negative, with the least sum of squared relative errors, which near the minimum are the
  /// differences of logarithms.
  private func solve(
    _ ofParameters: [Double], _ ofTokens: [Double]
  ) -> (error: Double, constants: (Double, Double, Double)) {
    var matrix = Array(repeating: Array(repeating: 0.0, count: 3), count: 3)
    var right = [0.0, 0.0, 0.0]
    var total = 0.0
    for index in runs.indices where weights[index] > 0 {
      let scale = 1 / runs[index].loss
      let row = [scale, ofParameters[index] * scale, ofTokens[index] * scale]
      for line in 0..<3 {
        for column in 0..<3 { matrix[line][column] += weights[index] * row[line] * row[column] }
        right[line] += weights[index] * row[line]
      }
      total += weights[index]
    }
    var best = (error: Double.infinity, constants: [0.0, 0.0, 0.0])
    // Which of the three are not nothing: with so few, all seven choices are tried.
    for choice in 1..<8 {
      let chosen = (0..<3).filter { choice & (1 << $0) != 0 }
      let part = chosen.map { line in chosen.map { matrix[line][$0] } }
      guard let solution = SymmetricSolver.solve(part, chosen.map { right[$0] }), solution.allSatisfy({ $0 >= 0 })
      else { continue }
      let error = total - zip(chosen, solution).reduce(0) { $0 + right[$1.0] * $1.1 }
      if error < best.error {
        var constants = [0.0, 0.0, 0.0]
        for (line, value) in zip(chosen, solution) { constants[line] = value }
        best = (error, constants)
      }
    }
    return (best.error, (best.constants[0], best.constants[1], best.constants[2]))
  }
}
