import CMosoKernels

/// The operations of training on rows of numbers, forwards and backwards, shared out over a pool's threads.
///
/// A `TrainingCompute` is used by one thread at a time: it owns the scratch memory. Results do not depend on how many
/// threads the pool has. "Slopes" are derivatives of the loss by what they are named after.
@safe
package final class TrainingCompute {
  package let pool: ThreadPool
  package let precision: TrainingPrecision
  package let recycler = MatrixRecycler()
  let kernels: UnsafePointer<mk_training>
  let scratch: ThreadScratch
  /// The right matrix of the current product, as tiles read it.
  let rightCopy = ScratchMemory()

  package init(pool: ThreadPool, precision: TrainingPrecision) {
    self.pool = pool
    self.precision = precision
    unsafe kernels = mk_training_kernels(precision.kernel)
    scratch = ThreadScratch(threads: pool.threadCount)
  }

  var numberBytes: Int { precision.numberBytes }

  /// A matrix with undefined contents.
  package func matrix(rows: Int, columns: Int) -> Matrix {
    recycler.matrix(rows: rows, columns: columns, precision: precision)
  }

  /// A matrix of zeros.
  package func zeros(rows: Int, columns: Int) -> Matrix {
    let matrix = matrix(rows: rows, columns: columns)
    clear(matrix)
    return matrix
  }

  package func matrix(rows: Int, columns: Int, _ values: [Double]) -> Matrix {
    let matrix = matrix(rows: rows, columns: columns)
    matrix.values = values
    return matrix
  }

  package func clear(_ x: Matrix) {
    let size = x.byteCount
    pool.forRanges(size, grain: 1 << 20) { range, _ in
      unsafe (x.base + range.lowerBound).initializeMemory(as: UInt8.self, repeating: 0, count: range.count)
    }
  }

  package func copy(_ x: Matrix) -> Matrix {
    let copy = matrix(rows: x.rows, columns: x.columns)
    copy.set(to: x)
    return copy
  }

  /// How many rows of `columns` numbers are worth handing to a thread.
  func grain(_ columns: Int) -> Int { max(1, 8_192 / max(columns, 1)) }
}

extension Matrix {
  /// Copies the numbers of `other`, which has the same shape.
  package func set(to other: Matrix) {
    precondition(count == other.count && precision.numberBytes == other.precision.numberBytes, "matrices of one shape")
    unsafe base.copyMemory(from: other.base, byteCount: byteCount)
  }
}

/// Where the rows of a batch are cut, so that sums over rows do not depend on what else is in the batch.
///
/// Sums over all rows are made of sums over these pieces, one after another; a batch that holds the same sequences in
/// several parts adds the same pieces in the same order.
package struct RowPieces: Sendable, Hashable {
  /// Where each sequence's rows end, ascending.
  package let ends: [Int]
  /// Short pieces of sequences, for threads to share.
  package let short: [Range<Int>]

  /// How many rows a short piece has at most.
  static let shortCount = 64

  package init(ends: [Int]) {
    self.ends = ends
    var pieces: [Range<Int>] = []
    var first = 0
    for end in ends {
      while first < end {
        pieces.append(first..<min(first + Self.shortCount, end))
        first = pieces[pieces.count - 1].upperBound
      }
    }
    short = pieces
  }

  package var rowCount: Int { ends.last ?? 0 }

  /// The pieces of only some of the rows, ascending: cut between the same sequences.
  package func restricted(to rows: [Int]) -> RowPieces {
    var ends: [Int] = []
    var count = 0
    for end in self.ends {
      let start = count
      while count < rows.count && rows[count] < end { count += 1 }
      if count > start { ends.append(count) }
    }
    return RowPieces(ends: ends)
  }
}
