import CMosoKernels

/// Operations row by row.
extension Compute {
  /// The rows of `table` for `tokens`, times `scale`.
  package func embed(_ tokens: [Int32], table: PackedMatrix, scale: Float) -> Rows {
    let output = rows(tokens.count, width: table.columns)
    forRanges(tokens.count, grain: 16) { range, _ in
      for row in range {
        let target = unsafe output.pointer(row: row)
        unsafe table.unpack(row: Int(tokens[row]), to: target)
        if scale != 1 { unsafe mk_scale(scale, output.width, target) }
      }
    }
    return output
  }

  /// Each row over its root mean square, times `gain`.
  package func normalizeRootMeanSquare(_ x: Rows, gain: PackedVector, epsilon: Float) -> Rows {
    normalizeGroups(x, gain: gain, size: x.width, epsilon: epsilon)
  }

  /// Each group of `size` consecutive values of each row over its root mean square, times `gain`.
  package func normalizeGroups(_ x: Rows, gain: PackedVector, size: Int, epsilon: Float) -> Rows {
    precondition(gain.count == size && x.width % size == 0, "a gain of \(gain.count) for groups of \(size)")
    let output = rows(x.count, width: x.width)
    forRanges(x.count, grain: grain(x.width)) { range, _ in
      for row in range {
        let from = unsafe x.pointer(row: row)
        let to = unsafe output.pointer(row: row)
        for start in stride(from: 0, to: x.width, by: size) {
          unsafe mk_normalize_rms(from + start, gain.base, epsilon, size, to + start)
        }
      }
    }
    return output
  }

  /// Each row less its mean over its standard deviation, times `gain`, plus `bias`.
  package func normalizeLayer(_ x: Rows, gain: PackedVector, bias: PackedVector?, epsilon: Float) -> Rows {
    precondition(gain.count == x.width && (bias?.count ?? x.width) == x.width, "the norm's size")
    let output = rows(x.count, width: x.width)
    forRanges(x.count, grain: grain(x.width)) { range, _ in
      for row in range {
        unsafe mk_normalize_layer(
          x.pointer(row: row), gain.base, bias?.base, epsilon, x.width, output.pointer(row: row))
      }
    }
    return output
  }

  package func activate(_ x: Rows, _ function: ActivationFunction) -> Rows {
    unsafe elementwise(x) { from, count, to in unsafe mk_activate(function.rawValue, from, count, to) }
  }

  package func add(_ x: Rows, _ y: Rows) -> Rows {
    precondition(x.count == y.count && x.width == y.width, "rows of one shape")
    let offset = unsafe y.base - x.base
    return unsafe elementwise(x) { from, count, to in unsafe mk_add(from, from + offset, count, to) }
  }

  package func multiply(_ x: Rows, _ y: Rows) -> Rows {
    precondition(x.count == y.count && x.width == y.width, "rows of one shape")
    let offset = unsafe y.base - x.base
    return unsafe elementwise(x) { from, count, to in unsafe mk_multiply_elements(from, from + offset, count, to) }
  }

  /// `cap · tanh(x / cap)`, in place.
  package func softcap(_ x: Rows, at cap: Float) {
    forRanges(x.count, grain: grain(x.width)) { range, _ in
      for row in range { unsafe mk_softcap(cap, x.width, x.pointer(row: row)) }
    }
  }

  /// Softmax of each row, in place.
  package func softmax(_ x: Rows) {
    for row in 0..<x.count { unsafe mk_softmax(x.width, x.pointer(row: row)) }
  }

  /// `target[to] += factor · x[from]`
  package func addScaled(_ x: Rows, from: Int, factor: Float, to row: Int, of target: Rows) {
    precondition(x.width == target.width, "rows of one width")
    unsafe mk_add_scaled(x.pointer(row: from), factor, x.width, target.pointer(row: row))
  }

  /// Zeroes every row.
  package func clear(_ x: Rows) {
    unsafe x.base.update(repeating: 0, count: x.count * x.width)
  }

  /// The rows of `x` at `indices`.
  package func gather(_ x: Rows, _ indices: [Int]) -> Rows {
    let output = rows(indices.count, width: x.width)
    for (row, index) in indices.enumerated() {
      unsafe output.pointer(row: row).update(from: x.pointer(row: index), count: x.width)
    }
    return output
  }

  /// Rows from arrays of one width.
  package func rows(_ arrays: [[Float]]) -> Rows {
    let output = rows(arrays.count, width: arrays.first?.count ?? 0)
    for (row, values) in arrays.enumerated() {
      precondition(values.count == output.width, "rows of one width")
      for (column, value) in values.enumerated() { unsafe output.base[row * output.width + column] = value }
    }
    return output
  }

  /// Rotates heads in place; `cosines` and `sines` have one row per row of `x`.
  package func rotate(_ x: Rows, headSize: Int, cosines: Rows, sines: Rows, adjacent: Bool) {
    precondition(x.count == cosines.count && x.width % headSize == 0, "one angle row per row")
    precondition(2 * cosines.width <= headSize, "at most a whole head is rotated")
    forRanges(x.count, grain: grain(x.width)) { range, _ in
      for row in range {
        unsafe mk_rotate(
          x.pointer(row: row), x.width / headSize, headSize, cosines.width, cosines.pointer(row: row),
          sines.pointer(row: row), adjacent)
      }
    }
  }

  /// How many rows are worth handing to a thread.
  private func grain(_ width: Int) -> Int { max(1, 8_192 / max(width, 1)) }

  private func elementwise(
    _ x: Rows, _ body: (UnsafeMutablePointer<Float>, Int, UnsafeMutablePointer<Float>) -> Void
  ) -> Rows {
    let output = rows(x.count, width: x.width)
    forRanges(x.count, grain: grain(x.width)) { range, _ in
      let start = range.lowerBound * x.width
      unsafe body(x.base + start, range.count * x.width, output.base + start)
    }
    return output
  }
}
