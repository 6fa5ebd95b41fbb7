import CMosoKernels

/// The operations on rows and packed matrices, shared out over a pool's threads.
///
/// A `Compute` is used by one thread at a time: it owns the scratch memory. Results do not depend on how many threads
/// the pool has.
@safe
package final class Compute {
  package let pool: ThreadPool
  package let recycler = RowsRecycler()
  private var scratch: [ScratchMemory]
  /// The inputs of the current product, once for quantised matrices and once for the others.
  private var prepared = [ScratchMemory(), ScratchMemory()]

  package init(pool: ThreadPool) {
    self.pool = pool
    scratch = (0..<pool.threadCount).map { _ in ScratchMemory() }
  }

  package func rows(_ count: Int, width: Int) -> Rows { recycler.rows(count: count, width: width) }

  /// Scratch of at least `bytes` bytes for each thread.
  func threadScratch(_ bytes: Int) -> [ScratchMemory] {
    for memory in scratch { memory.reserve(bytes) }
    return scratch
  }

  /// Calls `body` for ranges that cover `0..<count`, in parallel where there is enough to share.
  func forRanges(_ count: Int, grain: Int, _ body: (Range<Int>, _ thread: Int) -> Void) {
    let size = max(grain, (count + pool.threadCount * 4 - 1) / (pool.threadCount * 4))
    pool.run((count + size - 1) / size) { task, thread in
      body(task * size..<min((task + 1) * size, count), thread)
    }
  }
}

/// Memory that grows and is not kept between uses.
@safe
final class ScratchMemory {
  private(set) var base = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
  private var byteCount = 64

  deinit { unsafe base.deallocate() }

  func reserve(_ bytes: Int) {
    guard bytes > byteCount else { return }
    unsafe base.deallocate()
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    byteCount = bytes
  }

  var floats: UnsafeMutablePointer<Float> { unsafe base.assumingMemoryBound(to: Float.self) }
}

// MARK: - Products

/// One product among those that share their inputs: `output = W x + bias + residual`.
package struct Product {
  package var matrix: PackedMatrix
  package var bias: PackedVector?
  package var residual: Rows?
  package var output: Rows

  package init(matrix: PackedMatrix, bias: PackedVector? = nil, residual: Rows? = nil, output: Rows) {
    self.matrix = matrix
    self.bias = bias
    self.residual = residual
    self.output = output
  }
}

extension Compute {
  /// Prepares `x` for products with `matrices`, and returns where the inputs for each lie.
  private func prepare(_ x: Rows, for matrices: [PackedMatrix]) -> [UnsafeMutableRawPointer] {
    var done = [false, false]
    for matrix in matrices {
      precondition(matrix.columns == x.width, "a product of \(matrix.rows) × \(matrix.columns) with \(x.width) inputs")
      let type = matrix.elementType
      let kind = type.isQuantized ? 0 : 1
      if done[kind] { continue }
      done[kind] = true
      prepared[kind].reserve(mk_prepared_bytes(type.rawValue, x.width, x.count))
      let target = unsafe prepared[kind].base
      let group = Int(MK_PREPARED_GROUP)
      forRanges((x.count + group - 1) / group, grain: 1) { groups, _ in
        unsafe mk_prepare(
          type.rawValue, x.base, x.width, x.width, x.count, groups.lowerBound * group,
          min(groups.upperBound * group, x.count), target)
      }
    }
    return unsafe matrices.map { unsafe prepared[$0.elementType.isQuantized ? 0 : 1].base }
  }

  /// How many panels one task takes: enough to be worth handing out, few enough to share evenly.
  ///
  /// Kernels take up to four panels at once, so a task is whole fours where there are enough.
  private func grain(panels: Int, panelBytes: Int, columns: Int) -> Int {
    let worthwhile = max(4, 24_576 / max(panelBytes * columns, 1) / 4 * 4)
    return max(1, min(worthwhile, panels / (pool.threadCount * 4)))
  }

  private func scratchBytes(_ matrices: [PackedMatrix]) -> Int {
    matrices.map { mk_multiply_scratch_bytes($0.elementType.rawValue, $0.columns) }.max() ?? 0
  }

  /// Does all products of `x` as one piece of work.
  package func multiply(_ x: Rows, _ products: [Product]) {
    let matrices = products.map(\.matrix)
    let inputs = unsafe prepare(x, for: matrices)
    let scratch = threadScratch(scratchBytes(matrices))
    var tasks: [(product: Int, panels: Range<Int>)] = []
    for (index, product) in products.enumerated() {
      precondition(product.output.width == product.matrix.rows && product.output.count == x.count, "output shape")
      let panels = product.matrix.panelCount
      let size = grain(panels: panels, panelBytes: product.matrix.panelBytes, columns: x.count)
      for start in stride(from: 0, to: panels, by: size) {
        tasks.append((index, start..<min(start + size, panels)))
      }
    }
    pool.run(tasks.count) { task, thread in
      let (index, panels) = tasks[task]
      let product = products[index]
      var matrix = unsafe product.matrix.matrix
      unsafe mk_multiply(
        &matrix, inputs[index], x.count, panels.lowerBound, panels.upperBound, product.bias?.base,
        product.residual?.base, product.output.base, product.output.width, scratch[thread].base)
    }
  }

  /// `output = f(gate(x)) · up(x)`, panel by panel, so that the gate's values never leave the cache.
  package func multiplyGated(_ x: Rows, gate: Product, up: Product, function: ActivationFunction) {
    let matrices = [gate.matrix, up.matrix]
    precondition(gate.matrix.rows == up.matrix.rows, "gate and up of one size")
    let inputs = unsafe prepare(x, for: matrices)
    let scratch = threadScratch(scratchBytes(matrices))
    let panels = gate.matrix.panelCount
    let width = gate.output.width
    let size = grain(panels: panels, panelBytes: gate.matrix.panelBytes * 2, columns: x.count)
    pool.run((panels + size - 1) / size) { task, thread in
      let range = task * size..<min((task + 1) * size, panels)
      for (index, product) in [gate, up].enumerated() {
        var matrix = unsafe product.matrix.matrix
        unsafe mk_multiply(
          &matrix, inputs[index], x.count, range.lowerBound, range.upperBound, product.bias?.base, nil,
          product.output.base, width, scratch[thread].base)
      }
      let first = range.lowerBound * 16
      let count = min(range.upperBound * 16, width) - first
      for row in 0..<x.count {
        let at = row * width + first
        unsafe mk_gate(
          function.rawValue, gate.output.base + at, up.output.base + at, count, up.output.base + at)
      }
    }
  }
}

/// The functions `mk_activate` and `mk_gate` know, with their numbers.
package enum ActivationFunction: UInt32, Sendable {
  case silu = 0
  case geluTanh = 1
  case gelu = 2
}

extension ElementType {
  /// Whether values share scales in blocks.
  public var isQuantized: Bool { elementsPerBlock > 1 }
}
