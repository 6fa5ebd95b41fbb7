import CMosoKernels

/// The attention that training differentiates: whole sequences, every token with those before it.
package struct SequenceAttention: Sendable, Hashable {
  /// The rows of each sequence, one after another.
  package var sequences: [Range<Int>]
  package var headCount: Int
  package var keyValueHeadCount: Int
  package var headSize: Int
  package var scale: Double
  package var softcap: Double?
  /// How many of the latest positions, its own included, a token attends to; `nil` for all.
  package var window: Int?

  package init(
    sequences: [Range<Int>], headCount: Int, keyValueHeadCount: Int, headSize: Int, scale: Double,
    softcap: Double? = nil, window: Int? = nil
  ) {
    self.sequences = sequences
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headSize = headSize
    self.scale = scale
    self.softcap = softcap
    self.window = window
  }

  func kernel(_ sequence: Int) -> mk_sequence_attention {
    mk_sequence_attention(
      length: sequences[sequence].count, heads: headCount, key_heads: keyValueHeadCount, head_size: headSize,
      window: window ?? Int.max, scale: scale, softcap: softcap ?? 0)
  }
}

extension TrainingCompute {
  /// Causal attention: the outputs and, for the way back, one number for each head and row.
  ///
  /// Memory grows with the longest sequence, never with its square.
  package func attend(
    query: Matrix, key: Matrix, value: Matrix, _ attention: SequenceAttention
  ) -> (outputs: Matrix, logSums: Matrix) {
    check(query, key, value, attention)
    let outputs = matrix(rows: query.rows, columns: query.columns)
    let logSums = matrix(rows: query.rows, columns: attention.headCount)
    let kernels = unsafe self.kernels.pointee
    unsafe forHeads(attention) { call, head, rows, scratch in
      let logSums = unsafe logSums.pointer(row: rows.lowerBound)
      unsafe kernels.attend(
        call, head, query.pointer(row: rows.lowerBound), key.pointer(row: rows.lowerBound),
        value.pointer(row: rows.lowerBound), outputs.pointer(row: rows.lowerBound), logSums, scratch)
    }
    return (outputs, logSums)
  }

  /// The slopes of queries, keys and values from those of the outputs.
  package func attendBack(
    query: Matrix, key: Matrix, value: Matrix, outputs: Matrix, logSums: Matrix, slopes: Matrix,
    _ attention: SequenceAttention
  ) -> (query: Matrix, key: Matrix, value: Matrix) {
    check(query, key, value, attention)
    let querySlopes = matrix(rows: query.rows, columns: query.columns)
    let keySlopes = matrix(rows: key.rows, columns: key.columns)
    let valueSlopes = matrix(rows: value.rows, columns: value.columns)
    let kernels = unsafe self.kernels.pointee
    unsafe forHeads(attention) { call, head, rows, scratch in
      let first = rows.lowerBound
      unsafe kernels.attend_back(
        call, head, query.pointer(row: first), key.pointer(row: first), value.pointer(row: first),
        outputs.pointer(row: first), logSums.pointer(row: first), slopes.pointer(row: first),
        querySlopes.pointer(row: first), keySlopes.pointer(row: first), valueSlopes.pointer(row: first), scratch)
    }
    return (querySlopes, keySlopes, valueSlopes)
  }

  private func check(_ query: Matrix, _ key: Matrix, _ value: Matrix, _ attention: SequenceAttention) {
    let width = attention.keyValueHeadCount * attention.headSize
    precondition(query.columns == attention.headCount * attention.headSize, "the width of queries")
    precondition(key.columns == width && value.columns == width, "the width of keys and values")
    precondition(attention.sequences.last?.upperBound == query.rows, "sequences cover all rows")
  }

  /// Calls `body` for each sequence and head of keys, the longest sequences first, so that threads end together.
  @unsafe
  private func forHeads(
    _ attention: SequenceAttention,
    _ body: (UnsafePointer<mk_sequence_attention>, _ head: Int, _ rows: Range<Int>, UnsafeMutableRawPointer) -> Void
  ) {
    let heads = attention.keyValueHeadCount, sequences = attention.sequences
    let order = sequences.indices.sorted { sequences[$0].count > sequences[$1].count }
    let kernels = unsafe self.kernels.pointee
    var longest = attention.kernel(order[0])
    unsafe scratch.reserve(kernels.attention_scratch(&longest))
    pool.run(order.count * heads) { task, thread in
      let sequence = order[task / heads]
      var call = attention.kernel(sequence)
      unsafe body(&call, task % heads, sequences[sequence], scratch.bases[thread])
    }
  }
}
