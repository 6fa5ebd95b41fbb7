import CMosoKernels

/// Products of matrices. Weights have one row for each output.
extension TrainingCompute {
  /// `outputs (+)= x · weightsᵀ`, then `+ addend` if there is one: rows × inputs becomes rows × outputs.
  package func multiply(
    _ x: Matrix, _ weights: Matrix, into outputs: Matrix, adds: Bool = false, addend: Matrix? = nil
  ) {
    precondition(addend.map { $0.rows == outputs.rows && $0.columns == outputs.columns } ?? true, "shapes fit")
    precondition(
      x.columns == weights.columns && outputs.columns == weights.rows && outputs.rows == x.rows, "shapes fit")
    run(
      left: x, leftRow: x.columns, leftInner: 1, right: weights, rightInner: 1, rightColumn: weights.columns,
      out: outputs, inner: x.columns, adds: adds, addend: addend)
  }

  /// `inputSlopes (+)= slopes · weights`: rows × outputs becomes rows × inputs.
  package func multiplyBack(_ slopes: Matrix, _ weights: Matrix, into inputSlopes: Matrix, adds: Bool = false) {
    precondition(
      slopes.columns == weights.rows && inputSlopes.columns == weights.columns && inputSlopes.rows == slopes.rows,
      "shapes fit")
    run(
      left: slopes, leftRow: slopes.columns, leftInner: 1, right: weights, rightInner: weights.columns, rightColumn: 1,
      out: inputSlopes, inner: slopes.columns, adds: adds)
  }

  /// `weightSlopes (+)= slopesᵀ · x`, summed over rows, sequence by sequence: outputs × inputs.
  package func multiplyAcross(
    _ slopes: Matrix, _ x: Matrix, ends: [Int], into weightSlopes: Matrix, adds: Bool = true
  ) {
    precondition(
      slopes.rows == x.rows && weightSlopes.rows == slopes.columns && weightSlopes.columns == x.columns, "shapes fit")
    precondition(ends.last == x.rows, "the last sequence ends with the rows")
    run(
      left: slopes, leftRow: 1, leftInner: slopes.columns, right: x, rightInner: x.columns, rightColumn: 1,
      out: weightSlopes, inner: x.rows, ends: ends, adds: adds)
  }

  private func run(
    left: Matrix, leftRow: Int, leftInner: Int, right: Matrix, rightInner: Int, rightColumn: Int, out: Matrix,
    inner: Int, ends: [Int]? = nil, adds: Bool, addend: Matrix? = nil
  ) {
    guard out.count > 0 else { return }
    guard inner > 0 else {
      if !adds { clear(out) }
      return
    }
    withExtendedLifetime((left, right, out, addend)) {
      unsafe (ends ?? [inner]).withUnsafeBufferPointer { ends in
        guard let first = ends.baseAddress else { return }
        let product = unsafe mk_product(
          left: left.base, left_row: leftRow, left_inner: leftInner, right: right.base, right_inner: rightInner,
          right_column: rightColumn, out: out.base, out_row: out.columns, rows: out.rows, columns: out.columns,
          inner: inner, ends: first, segments: ends.count, adds: adds, addend: addend?.base)
        unsafe run(product)
      }
    }
  }

  @unsafe
  private func run(_ product: mk_product) {
    let kernels = unsafe self.kernels.pointee
    let tile = kernels.tile_columns
    let panels = unsafe (product.columns + tile - 1) / tile
    unsafe rightCopy.reserve(kernels.right_bytes(product.columns, product.inner))
    let right = unsafe rightCopy.base
    unsafe withUnsafePointer(to: product) { product in
      let copyGrain = unsafe max(1, (1 << 14) / (tile * product.pointee.inner))
      pool.forRanges(panels, grain: copyGrain) { range, _ in
        unsafe kernels.copy_right(product, range.lowerBound, range.upperBound, right)
      }
      scratch.reserve(kernels.product_scratch())
      let cut = unsafe ProductCut(rows: product.pointee.rows, panels: panels, threads: pool.threadCount)
      pool.run(cut.taskCount) { task, thread in
        let rows = cut.rows(of: task), panels = cut.panels(of: task)
        unsafe kernels.multiply(
          product, right, rows.lowerBound, rows.upperBound, panels.lowerBound, panels.upperBound,
          scratch.bases[thread])
      }
    }
  }
}

/// How a product's outputs are shared out: blocks of rows and, where these are too few, of panels of columns.
struct ProductCut {
  private let rowCount: Int, panelCount: Int, rowsEach: Int, panelsEach: Int
  private let rowBlocks: Int, panelBlocks: Int

  /// Every tile's rows divide this.
  private static let rowStep = 12
  /// Below so many panels, copying the left matrix for them costs more than it saves.
  private static let fewPanels = 12

  init(rows: Int, panels: Int, threads: Int) {
    rowCount = rows
    panelCount = panels
    let wanted = threads * 4
    let most = Int(MK_PRODUCT_ROWS)
    let share = (rows + wanted - 1) / wanted
    rowsEach = min(most, max(2 * Self.rowStep, (share + Self.rowStep - 1) / Self.rowStep * Self.rowStep))
    rowBlocks = (rows + rowsEach - 1) / rowsEach
    let pieces = max(1, min((wanted + rowBlocks - 1) / rowBlocks, panels / Self.fewPanels))
    panelsEach = (panels + pieces - 1) / pieces
    panelBlocks = (panels + panelsEach - 1) / panelsEach
  }

  var taskCount: Int { rowBlocks * panelBlocks }

  func rows(of task: Int) -> Range<Int> {
    let first = task % rowBlocks * rowsEach
    return first..<min(first + rowsEach, rowCount)
  }

  func panels(of task: Int) -> Range<Int> {
    let first = task / rowBlocks * panelsEach
    return first..<min(first + panelsEach, panelCount)
  }
}
