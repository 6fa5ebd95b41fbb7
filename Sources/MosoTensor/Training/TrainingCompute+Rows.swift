import CMosoKernels

/// Operations on rows and their derivatives, side by side.
extension TrainingCompute {
  // MARK: Embedding

  /// The rows of `table` for `tokens`, times `scale`.
  package func embed(_ tokens: [Int32], table: Matrix, scale: Double) -> Matrix {
    let outputs = matrix(rows: tokens.count, columns: table.columns)
    let bytes = table.columns * numberBytes
    let kernels = unsafe self.kernels.pointee
    pool.forRanges(tokens.count, grain: grain(table.columns)) { range, _ in
      for row in range {
        let to = unsafe outputs.pointer(row: row)
        unsafe to.copyMemory(from: table.pointer(row: Int(tokens[row])), byteCount: bytes)
        if scale != 1 { unsafe kernels.scale(scale, table.columns, to) }
      }
    }
    return outputs
  }

  /// Adds the slopes of rows to those of the table's rows they came from, in the order of the rows.
  package func embedBack(_ tokens: [Int32], slopes: Matrix, scale: Double, tableSlopes: Matrix) {
    let columns = slopes.columns, bytes = numberBytes
    let kernels = unsafe self.kernels.pointee
    // Threads share the columns: two tokens may be the same.
    pool.forRanges(columns, grain: 64) { range, _ in
      for (row, token) in tokens.enumerated() {
        let offset = range.lowerBound * bytes
        unsafe kernels.add_scaled(
          slopes.pointer(row: row) + offset, scale, range.count, tableSlopes.pointer(row: Int(token)) + offset)
      }
    }
  }

  // MARK: Norms

  /// Each group of as many numbers as `gain` has, over its root mean square, times `gain`.
  package func normalizeRootMeanSquare(_ x: Matrix, gain: Matrix, epsilon: Double) -> Matrix {
    let size = gain.count
    precondition(x.columns % size == 0, "groups of \(size) in rows of \(x.columns)")
    let outputs = matrix(rows: x.rows, columns: x.columns)
    let kernels = unsafe self.kernels.pointee
    pool.forRanges(x.rows, grain: grain(x.columns)) { range, _ in
      for group in groups(range, of: x, size: size) {
        unsafe kernels.normalize_rms(x.base + group, gain.base, epsilon, size, outputs.base + group)
      }
    }
    return outputs
  }

  /// The slopes of what was normalised, written or added; and, added, those of the gain.
  package func normalizeRootMeanSquareBack(
    _ x: Matrix, gain: Matrix, epsilon: Double, slopes: Matrix, pieces: RowPieces, inputSlopes: Matrix, adds: Bool,
    gainSlopes: Matrix
  ) {
    let size = gain.count
    let kernels = unsafe self.kernels.pointee
    sumPieces(pieces, rows: x.rows, into: [gainSlopes]) { rows, sums in
      for group in groups(rows, of: x, size: size) {
        unsafe kernels.normalize_rms_back(
          x.base + group, gain.base, slopes.base + group, epsilon, size, adds, inputSlopes.base + group, sums.base)
      }
    }
  }

  /// Each row less its mean over its standard deviation, times `gain`, plus `bias`.
  package func normalizeLayer(_ x: Matrix, gain: Matrix, bias: Matrix?, epsilon: Double) -> Matrix {
    precondition(gain.count == x.columns && (bias?.count ?? x.columns) == x.columns, "the norm's size")
    let outputs = matrix(rows: x.rows, columns: x.columns)
    let kernels = unsafe self.kernels.pointee
    pool.forRanges(x.rows, grain: grain(x.columns)) { range, _ in
      for row in range {
        unsafe kernels.normalize_layer(
          x.pointer(row: row), gain.base, bias?.base, epsilon, x.columns, outputs.pointer(row: row))
      }
    }
    return outputs
  }

  package func normalizeLayerBack(
    _ x: Matrix, gain: Matrix, epsilon: Double, slopes: Matrix, pieces: RowPieces, inputSlopes: Matrix, adds: Bool,
    gainSlopes: Matrix, biasSlopes: Matrix?
  ) {
    let width = x.columns, bytes = numberBytes
    let kernels = unsafe self.kernels.pointee
    sumPieces(pieces, rows: x.rows, into: [gainSlopes] + (biasSlopes.map { [$0] } ?? [])) { rows, sums in
      for row in rows {
        unsafe kernels.normalize_layer_back(
          x.pointer(row: row), gain.base, slopes.pointer(row: row), epsilon, width, adds,
          inputSlopes.pointer(row: row), sums.base, biasSlopes == nil ? nil : sums.base + width * bytes)
      }
    }
  }

  // MARK: Biases

  /// Each row of `x` becomes `bias`.
  package func fill(_ x: Matrix, with bias: Matrix) {
    precondition(bias.count == x.columns, "one number for each column")
    let bytes = x.columns * numberBytes
    pool.forRanges(x.rows, grain: grain(x.columns)) { range, _ in
      for row in range { unsafe x.pointer(row: row).copyMemory(from: bias.base, byteCount: bytes) }
    }
  }

  /// Adds the sum of all rows of `slopes` to `biasSlopes`.
  package func sumRows(_ slopes: Matrix, pieces: RowPieces, into biasSlopes: Matrix) {
    let kernels = unsafe self.kernels.pointee
    sumPieces(pieces, rows: slopes.rows, into: [biasSlopes]) { rows, sums in
      for row in rows { unsafe kernels.add(slopes.pointer(row: row), sums.base, slopes.columns, sums.base) }
    }
  }

  // MARK: Element by element

  package func add(_ x: Matrix, _ y: Matrix) -> Matrix {
    let outputs = matrix(rows: x.rows, columns: x.columns)
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: x, and: [y, outputs]) { offset, count in
      unsafe kernels.add(x.base + offset, y.base + offset, count, outputs.base + offset)
    }
    return outputs
  }

  /// `target += factor · x`
  package func add(_ x: Matrix, times factor: Double = 1, to target: Matrix) {
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: x, and: [target]) { offset, count in
      unsafe kernels.add_scaled(x.base + offset, factor, count, target.base + offset)
    }
  }

  package func scale(_ x: Matrix, by factor: Double) {
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: x, and: []) { offset, count in unsafe kernels.scale(factor, count, x.base + offset) }
  }

  package func multiplyElements(_ x: Matrix, _ y: Matrix) -> Matrix {
    let outputs = matrix(rows: x.rows, columns: x.columns)
    multiplyElements(x, y, into: outputs, adds: false)
    return outputs
  }

  /// `outputs (+)= x · y`, element by element.
  package func multiplyElements(_ x: Matrix, _ y: Matrix, into outputs: Matrix, adds: Bool) {
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: x, and: [y, outputs]) { offset, count in
      unsafe kernels.multiply_elements(x.base + offset, y.base + offset, count, adds, outputs.base + offset)
    }
  }

  package func activate(_ x: Matrix, _ function: ActivationFunction) -> Matrix {
    let outputs = matrix(rows: x.rows, columns: x.columns)
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: x, and: [outputs]) { offset, count in
      unsafe kernels.activate(function.rawValue, x.base + offset, count, outputs.base + offset)
    }
    return outputs
  }

  package func activateBack(
    _ x: Matrix, _ function: ActivationFunction, slopes: Matrix, inputSlopes: Matrix, adds: Bool
  ) {
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: x, and: [slopes, inputSlopes]) { offset, count in
      unsafe kernels.activate_back(
        function.rawValue, x.base + offset, slopes.base + offset, count, adds, inputSlopes.base + offset)
    }
  }

  /// `f(gate) · up`
  package func gate(_ gate: Matrix, _ up: Matrix, _ function: ActivationFunction) -> Matrix {
    let outputs = matrix(rows: gate.rows, columns: gate.columns)
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: gate, and: [up, outputs]) { offset, count in
      unsafe kernels.gate(function.rawValue, gate.base + offset, up.base + offset, count, outputs.base + offset)
    }
    return outputs
  }

  /// `gate` and `up` become their own slopes.
  package func gateBack(_ gate: Matrix, _ up: Matrix, _ function: ActivationFunction, slopes: Matrix) {
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: gate, and: [up, slopes]) { offset, count in
      let gate = unsafe gate.base + offset, up = unsafe up.base + offset
      unsafe kernels.gate_back(function.rawValue, gate, up, slopes.base + offset, count, gate, up)
    }
  }

  /// `cap · tanh(x / cap)`, in place.
  package func softcap(_ x: Matrix, at cap: Double) {
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: x, and: []) { offset, count in unsafe kernels.softcap(cap, count, x.base + offset) }
  }

  /// Makes the slopes of `outputs`, which a softcap made, into those of what it was applied to.
  package func softcapBack(_ outputs: Matrix, at cap: Double, slopes: Matrix) {
    let kernels = unsafe self.kernels.pointee
    unsafe forNumbers(of: outputs, and: [slopes]) { offset, count in
      unsafe kernels.softcap_back(cap, outputs.base + offset, count, slopes.base + offset)
    }
  }

  // MARK: Softmax

  /// Softmax of each row, in place.
  package func softmax(_ x: Matrix) {
    let kernels = unsafe self.kernels.pointee
    for row in 0..<x.rows { _ = unsafe kernels.softmax(x.columns, x.pointer(row: row)) }
  }

  /// Makes the slopes of `outputs`, which softmax made, into those of what it was applied to.
  package func softmaxBack(_ outputs: Matrix, slopes: Matrix) {
    let kernels = unsafe self.kernels.pointee
    for row in 0..<outputs.rows {
      let mean = unsafe kernels.dot(outputs.pointer(row: row), slopes.pointer(row: row), outputs.columns)
      unsafe kernels.add_to_all(-mean, outputs.columns, slopes.pointer(row: row))
      unsafe kernels.multiply_elements(
        outputs.pointer(row: row), slopes.pointer(row: row), outputs.columns, false, slopes.pointer(row: row))
    }
  }

  // MARK: Single rows and columns

  package func transposed(_ x: Matrix) -> Matrix {
    let outputs = matrix(rows: x.columns, columns: x.rows)
    let bytes = numberBytes, columns = x.columns, rows = x.rows
    // In squares, so that lines of the cache are used whole.
    pool.forRanges((columns + 15) / 16, grain: 4) { range, _ in
      for first in stride(from: 0, to: rows, by: 16) {
        for column in range.lowerBound * 16..<min(range.upperBound * 16, columns) {
          for row in first..<min(first + 16, rows) {
            let from = unsafe x.base + (row * columns + column) * bytes
            unsafe (outputs.base + (column * rows + row) * bytes).copyMemory(from: from, byteCount: bytes)
          }
        }
      }
    }
    return outputs
  }

  /// The rows of `x` at `indices`.
  package func gather(_ x: Matrix, _ indices: [Int]) -> Matrix {
    let outputs = matrix(rows: indices.count, columns: x.columns)
    for (row, index) in indices.enumerated() {
      unsafe outputs.pointer(row: row).copyMemory(from: x.pointer(row: index), byteCount: x.columns * numberBytes)
    }
    return outputs
  }

  /// `target[to] += factor · x[from]`
  package func add(_ x: Matrix, row from: Int, times factor: Double, to target: Matrix, row to: Int) {
    precondition(x.columns == target.columns, "rows of one width")
    unsafe kernels.pointee.add_scaled(x.pointer(row: from), factor, x.columns, target.pointer(row: to))
  }

  /// `Σ x[i] · y[j]`
  package func dot(_ x: Matrix, row: Int, _ y: Matrix, row other: Int) -> Double {
    precondition(x.columns == y.columns, "rows of one width")
    return unsafe kernels.pointee.dot(x.pointer(row: row), y.pointer(row: other), x.columns)
  }

  // MARK: Rotation

  /// Rotates heads in place; `cosines` and `sines` have one row per row of `x`. Sines with the other sign turn them back.
  package func rotate(_ x: Matrix, headSize: Int, cosines: Matrix, sines: Matrix, adjacent: Bool) {
    precondition(x.rows == cosines.rows && x.columns % headSize == 0, "one row of angles for each row")
    precondition(2 * cosines.columns <= headSize, "at most a whole head is rotated")
    let kernels = unsafe self.kernels.pointee
    pool.forRanges(x.rows, grain: grain(x.columns)) { range, _ in
      for row in range {
        unsafe kernels.rotate(
          x.pointer(row: row), x.columns / headSize, headSize, cosines.columns, cosines.pointer(row: row),
          sines.pointer(row: row), adjacent)
      }
    }
  }

  // MARK: Shared

  /// The offsets in bytes of all groups of `size` numbers in some rows.
  private func groups(_ rows: Range<Int>, of x: Matrix, size: Int) -> StrideTo<Int> {
    let row = x.columns * numberBytes
    return stride(from: rows.lowerBound * row, to: rows.upperBound * row, by: size * numberBytes)
  }

  /// Calls `body` with the offset in bytes and the count of some of the numbers.
  @unsafe
  private func forNumbers(of x: Matrix, and others: [Matrix], _ body: (_ offset: Int, _ count: Int) -> Void) {
    precondition(others.allSatisfy { $0.rows == x.rows && $0.columns == x.columns }, "matrices of one shape")
    // Whole lines of the cache for each thread.
    let lines = (x.count + 15) / 16
    pool.forRanges(lines, grain: 512) { range, _ in
      let first = range.lowerBound * 16
      body(first * numberBytes, min(range.upperBound * 16, x.count) - first)
    }
  }

  /// Sums over rows: `body` adds those of a piece to `sums`, which begins with zeros and is one row for all `targets`.
  ///
  /// The pieces' sums are added to the targets in the order of the pieces, whoever made them.
  private func sumPieces(
    _ pieces: RowPieces, rows: Int, into targets: [Matrix], _ body: (_ rows: Range<Int>, _ sums: Matrix) -> Void
  ) {
    precondition(pieces.rowCount == rows, "pieces of \(pieces.rowCount) rows for \(rows)")
    let width = targets.reduce(0) { $0 + $1.count }
    let sums = zeros(rows: pieces.short.count, columns: width)
    pool.forRanges(pieces.short.count, grain: 1) { range, _ in
      for piece in range { body(pieces.short[piece], sums.rows(piece..<piece + 1)) }
    }
    let kernels = unsafe self.kernels.pointee
    for piece in pieces.short.indices {
      var offset = 0
      for target in targets {
        unsafe kernels.add(target.base, sums.pointer(row: piece) + offset, target.count, target.base)
        offset += target.count * numberBytes
      }
    }
  }
}
