package import MosoTensor

/// Muon (Jordan et al., 2024): the step of a matrix is its momentum with all singular values made equal.
///
/// The matrix is made orthogonal by Newton–Schulz iterations, which are products of matrices and need no decomposition. The
/// numbers of the iteration and the sizes of steps follow the reference and PyTorch's `torch.optim.Muon`.
package struct Muon: Sendable, Hashable {
  /// How the learning rate depends on a matrix' shape.
  package enum RateRule: String, Sendable, Hashable, CaseIterable {
    /// √max(1, rows / columns), as the first Muon.
    case original
    /// 0.2 · √max(rows, columns): steps as large as AdamW's, so that both may share a learning rate (Liu et al., 2025).
    case likeAdamW = "match-adamw"
  }

  package var momentum: Double
  package var weightDecay: Double
  package var rateRule: RateRule
  package var iterations = 5

  package init(momentum: Double, weightDecay: Double, rateRule: RateRule) {
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.rateRule = rateRule
  }

  private static let coefficients = (a: 3.4445, b: -4.7750, c: 2.0315)
  private static let epsilon = 1e-7

  /// One step on a matrix.
  ///
  /// - Parameters:
  ///   - gradient: Its slopes, which are multiplied by `gradientScale` first; overwritten.
  ///   - mean: The running mean of gradients.
  package func step(
    rate: Double, gradientScale: Double, gradient: Matrix, parameter: Matrix, mean: Matrix, on compute: TrainingCompute
  ) {
    compute.scale(mean, by: momentum)
    compute.add(gradient, times: (1 - momentum) * gradientScale, to: mean)
    // Nesterov: the mean as it would be after another step with this gradient.
    compute.scale(gradient, by: (1 - momentum) * gradientScale)
    compute.add(mean, times: momentum, to: gradient)
    let direction = orthogonal(gradient, on: compute)
    compute.scale(parameter, by: 1 - rate * weightDecay)
    compute.add(direction, times: -rate * rateFactor(rows: parameter.rows, columns: parameter.columns), to: parameter)
  }

  private func rateFactor(rows: Int, columns: Int) -> Double {
    switch rateRule {
    case .original: max(1, Double(rows) / Double(columns)).squareRoot()
    case .likeAdamW: 0.2 * Double(max(rows, columns)).squareRoot()
    }
  }

  /// A matrix with the same singular vectors and singular values near 1.
  package func orthogonal(_ matrix: Matrix, on compute: TrainingCompute) -> Matrix {
    // The smaller side's products are the smaller ones.
    var x = matrix.rows > matrix.columns ? compute.transposed(matrix) : compute.copy(matrix)
    let norm = max(compute.sumOfSquares(x).squareRoot(), Self.epsilon)
    compute.scale(x, by: 1 / norm)
    let (a, b, c) = Self.coefficients
    let gram = compute.matrix(rows: x.rows, columns: x.rows), square = compute.matrix(rows: x.rows, columns: x.rows)
    for _ in 0..<iterations {
      compute.multiply(x, x, into: gram)
      // The product with itself as weights, which are taken transposed: the matrix is symmetric.
      compute.multiply(gram, gram, into: square)
      compute.scale(square, by: c)
      compute.add(gram, times: b, to: square)
      let next = compute.copy(x)
      compute.scale(next, by: a)
      compute.multiplyBack(square, x, into: next, adds: true)
      x = next
    }
    return matrix.rows > matrix.columns ? compute.transposed(x) : x
  }
}
