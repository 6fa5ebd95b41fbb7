import CMosoKernels

/// What the scores of a batch are compared with.
package struct LossTargets: Sendable {
  /// The token that each row should predict; negative where nothing is.
  package var tokens: [Int32]
  /// What each row's loss is multiplied by.
  package var weight: Double
  /// The factor of the squared logarithm of what softmax divides by (z-loss).
  package var penalty: Double
  /// The bound `c` of `c · tanh(x / c)` on the scores, if the model has one.
  package var softcap: Double?

  package init(tokens: [Int32], weight: Double, penalty: Double = 0, softcap: Double? = nil) {
    self.tokens = tokens
    self.weight = weight
    self.penalty = penalty
    self.softcap = softcap
  }
}

extension TrainingCompute {
  /// The loss of hidden states under a head and the slopes of both, some rows at a time: never rows × vocabulary.
  ///
  /// - Parameters:
  ///   - hidden: Rows × width.
  ///   - head: Vocabulary × width.
  ///   - pieces: Where sequences end; rows are never taken together across such an end.
  ///   - headSlopes: What the head's slopes are added to; `nil` if only losses are wanted, for an evaluation.
  /// - Returns: Each row's loss in nats, not weighted, 0 where there is no target; and the slopes of `hidden`.
  package func crossEntropy(
    _ hidden: Matrix, head: Matrix, bias: Matrix?, targets: LossTargets, pieces: RowPieces, headSlopes: Matrix?,
    biasSlopes: Matrix?
  ) -> (losses: [Double], hiddenSlopes: Matrix?) {
    precondition(targets.tokens.count == hidden.rows && pieces.rowCount == hidden.rows, "one target for each row")
    var losses = [Double](repeating: 0, count: hidden.rows)
    let hiddenSlopes = headSlopes.map { _ in matrix(rows: hidden.rows, columns: hidden.columns) }
    var first = 0
    for end in pieces.ends {
      while first < end {
        let rows = first..<min(end, first + lossRows(vocabulary: head.rows))
        let inputs = hidden.rows(rows), scores = matrix(rows: rows.count, columns: head.rows)
        if let bias { fill(scores, with: bias) }
        multiply(inputs, head, into: scores, adds: bias != nil)
        let capped = targets.softcap.map { cap in
          softcap(scores, at: cap)
          return copy(scores)
        }
        takeLosses(scores, targets, rows: rows, into: &losses)
        if let headSlopes, let hiddenSlopes {
          if let capped, let cap = targets.softcap { softcapBack(capped, at: cap, slopes: scores) }
          multiplyBack(scores, head, into: hiddenSlopes.rows(rows))
          multiplyAcross(scores, inputs, ends: [rows.count], into: headSlopes)
          if let biasSlopes { sumRows(scores, pieces: RowPieces(ends: [rows.count]), into: biasSlopes) }
        }
        first = rows.upperBound
      }
    }
    return (losses, hiddenSlopes)
  }

  /// How many rows of scores are held at a time: some megabytes, and always the same for a vocabulary.
  private func lossRows(vocabulary: Int) -> Int { max(64, min(256, (4 << 20) / vocabulary / 16 * 16)) }

  /// Makes rows of scores into slopes and notes their losses.
  private func takeLosses(_ scores: Matrix, _ targets: LossTargets, rows: Range<Int>, into losses: inout [Double]) {
    let kernels = unsafe self.kernels.pointee
    unsafe losses.withUnsafeMutableBufferPointer { losses in
      pool.forRanges(scores.rows, grain: grain(scores.columns)) { range, _ in
        for row in range {
          let target = Int(targets.tokens[rows.lowerBound + row])
          precondition(target < scores.columns, "target \(target) in a vocabulary of \(scores.columns)")
          if target < 0 {
            unsafe scores.pointer(row: row)
              .initializeMemory(as: UInt8.self, repeating: 0, count: scores.columns * numberBytes)
          } else {
            unsafe losses[rows.lowerBound + row] = kernels.cross_entropy(
              scores.pointer(row: row), scores.columns, target, targets.weight, targets.penalty)
          }
        }
      }
    }
  }
}
