import CMosoKernels

/// One step of AdamW (Loshchilov and Hutter, 2019), in numbers.
package struct AdamWStep: Sendable, Hashable {
  /// The learning rate.
  package var rate: Double
  /// What parameters lose of themselves, times the rate.
  package var weightDecay: Double
  package var firstMomentum: Double
  package var secondMomentum: Double
  package var epsilon: Double
  /// The step's number, from 1.
  package var step: Int
  /// What gradients are multiplied by first, for clipping.
  package var gradientScale: Double

  package init(
    rate: Double, weightDecay: Double, firstMomentum: Double, secondMomentum: Double, epsilon: Double, step: Int,
    gradientScale: Double = 1
  ) {
    self.rate = rate
    self.weightDecay = weightDecay
    self.firstMomentum = firstMomentum
    self.secondMomentum = secondMomentum
    self.epsilon = epsilon
    self.step = step
    self.gradientScale = gradientScale
  }
}

extension TrainingCompute {
  /// One step of AdamW on `parameters`, with its two running means.
  package func adamW(_ step: AdamWStep, gradients: Matrix, parameters: Matrix, first: Matrix, second: Matrix) {
    precondition([parameters, first, second].allSatisfy { $0.count == gradients.count }, "matrices of one size")
    var call = mk_adamw(
      rate: step.rate, decay: 1 - step.rate * step.weightDecay, first_momentum: step.firstMomentum,
      second_momentum: step.secondMomentum, first_correction: 1 - power(step.firstMomentum, step.step),
      second_correction: 1 - power(step.secondMomentum, step.step), epsilon: step.epsilon,
      gradient_scale: step.gradientScale)
    let kernels = unsafe self.kernels.pointee
    unsafe withUnsafePointer(to: &call) { call in
      pool.forRanges((gradients.count + 15) / 16, grain: 1_024) { range, _ in
        let firstNumber = range.lowerBound * 16
        let offset = firstNumber * numberBytes, count = min(range.upperBound * 16, gradients.count) - firstNumber
        unsafe kernels.adamw(
          call, count, gradients.base + offset, parameters.base + offset, first.base + offset, second.base + offset)
      }
    }
  }

  /// `Σ x²`, in double precision and in an order that depends on nothing but the size.
  package func sumOfSquares(_ x: Matrix) -> Double {
    let chunk = 1 << 14, chunks = (x.count + chunk - 1) / chunk
    var sums = [Double](repeating: 0, count: chunks)
    let kernels = unsafe self.kernels.pointee
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      pool.forRanges(chunks, grain: 1) { range, _ in
        for index in range {
          let count = min(chunk, x.count - index * chunk)
          unsafe sums[index] = kernels.sum_of_squares(x.base + index * chunk * numberBytes, count)
        }
      }
    }
    return sums.reduce(0, +)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
