import CMosoKernels

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
  /// Does all products of `x` as one piece of work.
  package func multiply(_ x: Rows, _ products: [Product]) {
    var inputs = PreparedInputs()
    unsafe withUnsafeTemporaryAllocation(of: ProductCall.self, capacity: products.count) { calls in
      // With few columns each task does a part of every product, so that a thread reads what was announced to it; with
      // many it does a part of one, whose inputs then stay in the cache.
      let isNarrow = x.count <= Self.fewColumns
      var tasks = 0, bytes = 0
      for (index, product) in products.enumerated() {
        let cut = cut(product.matrix, columns: x.count)
        let call = unsafe ProductCall(product, inputs: prepare(x, for: product.matrix, &inputs), x.count, cut)
        unsafe calls.initializeElement(at: index, to: call)
        tasks = isNarrow ? max(tasks, cut.taskCount) : tasks + cut.taskCount
        bytes = max(bytes, scratchBytes(product.matrix))
      }
      if isNarrow {
        for index in products.indices { unsafe calls[index].cut.panelTasks = tasks }
        announceFollower(of: products)
      }
      unsafe withScratch(bytes: bytes) { scratch in
        var work = unsafe PanelWork(
          calls: UnsafeBufferPointer(calls), taskDoesAll: isNarrow, scratch: scratch)
        unsafe pool.run(tasks, on: &work) { work, task, thread in
          unsafe work?.assumingMemoryBound(to: PanelWork.self).pointee.run(task, thread)
        }
      }
    }
    withExtendedLifetime((x, products)) {}
  }

  /// The same with inputs rounded to about 16 bits instead of 8: what rounding leaves of them is multiplied too.
  ///
  /// It is worth its time where errors show at once, as in logits: the inputs of SmolLM2's head, rounded to 8 bits, make
  /// a fifth of the whole divergence.
  package func multiplyFinely(_ x: Rows, _ product: Product) {
    guard product.matrix.elementType.isQuantized else { return multiply(x, [product]) }
    precondition(product.residual == nil, "a head adds nothing to its inputs")
    let count = x.count, width = product.output.width
    // Few rows and their remainders read the weights together; many take turns, which needs no further outputs.
    let together = count <= 2
    let inputs = rows(together ? 2 * count : count, width: x.width)
    let remainders = unsafe inputs.base + (together ? count * x.width : 0)
    if together { unsafe inputs.base.update(from: x.base, count: count * x.width) }
    forRanges(count, grain: 8) { range, _ in
      for row in range {
        unsafe mk_rounding_remainder(x.pointer(row: row), x.width, remainders + row * x.width)
      }
    }
    if together {
      let sums = rows(2 * count, width: width)
      multiply(inputs, [Product(matrix: product.matrix, output: sums)])
      forRanges(count * width, grain: 4_096) { range, _ in
        let first = unsafe sums.base + range.lowerBound
        unsafe mk_add(first, first + count * width, range.count, product.output.base + range.lowerBound)
      }
    } else {
      multiplyInTurn(x, inputs, product)
    }
    guard let bias = product.bias else { return }
    for row in 0..<count {
      let output = unsafe product.output.pointer(row: row)
      unsafe mk_add(output, bias.base, width, output)
    }
  }

  /// `output = W x + W y`, panel by panel, so that the weights are read from memory once.
  private func multiplyInTurn(_ x: Rows, _ y: Rows, _ product: Product) {
    let matrix = product.matrix, count = x.count
    var first = PreparedInputs(), second = PreparedInputs()
    let cut = cut(matrix, columns: count)
    unsafe withUnsafeTemporaryAllocation(of: ProductCall.self, capacity: 2) { calls in
      let one = Product(matrix: matrix, output: product.output)
      let other = Product(matrix: matrix, residual: product.output, output: product.output)
      unsafe calls.initializeElement(
        at: 0, to: ProductCall(one, inputs: prepare(x, for: matrix, &first), count, cut))
      unsafe calls.initializeElement(
        at: 1, to: ProductCall(other, inputs: prepare(y, for: matrix, &second, in: remainderInputs), count, cut))
      unsafe withScratch(bytes: scratchBytes(matrix)) { scratch in
        var work = unsafe PanelWork(calls: UnsafeBufferPointer(calls), taskDoesAll: true, scratch: scratch)
        unsafe pool.run(cut.taskCount, on: &work) { work, task, thread in
          unsafe work?.assumingMemoryBound(to: PanelWork.self).pointee.run(task, thread)
        }
      }
    }
    withExtendedLifetime((x, y, product)) {}
  }

  /// `output = f(gate(x)) · up(x)`, panel by panel, so that the gate's values never leave the cache.
  package func multiplyGated(_ x: Rows, gate: Product, up: Product, function: ActivationFunction) {
    precondition(gate.matrix.rows == up.matrix.rows, "gate and up of one size")
    var inputs = PreparedInputs()
    let cut = cut(gate.matrix, columns: x.count, matrices: 2)
    let gateCall = unsafe ProductCall(gate, inputs: prepare(x, for: gate.matrix, &inputs), x.count, cut)
    let upCall = unsafe ProductCall(up, inputs: prepare(x, for: up.matrix, &inputs), x.count, cut)
    if x.count <= Self.fewColumns { announceFollower(of: [gate, up]) }
    unsafe withScratch(bytes: max(scratchBytes(gate.matrix), scratchBytes(up.matrix))) { scratch in
      var work = unsafe GatedWork(gate: gateCall, up: upCall, function: function.rawValue, scratch: scratch)
      unsafe pool.run(cut.taskCount, on: &work) { work, task, thread in
        unsafe work?.assumingMemoryBound(to: GatedWork.self).pointee.run(task, thread)
      }
    }
    withExtendedLifetime((x, gate, up)) {}
  }

  /// Announces the matrices that were multiplied after these the last time.
  ///
  /// A forward pass multiplies the same matrices in the same order every time. Between its products are steps of one
  /// thread, in which others would idle and memory with them.
  private func announceFollower(of products: [Product]) {
    guard let first = products.first?.matrix else { return }
    let key = ObjectIdentifier(first)
    if let before = lastMultiplied, before != key, followers[before]?.key != key {
      unsafe followers[before] = Follower(
        key: key, ranges: products.prefix(Int(MK_AHEAD_RANGES)).map { unsafe $0.matrix.memoryRange })
    }
    lastMultiplied = key
    guard let follower = followers[key] else { return }
    unsafe follower.ranges.withUnsafeBufferPointer { unsafe pool.announce($0) }
  }

  /// Prepares `x` for products with `matrix`, unless it already is, and returns where the inputs lie.
  ///
  /// - Parameter memory: Where to; `nil` for where inputs of its type usually lie.
  private func prepare(
    _ x: Rows, for matrix: PackedMatrix, _ done: inout PreparedInputs, in place: ScratchMemory? = nil
  ) -> UnsafeMutableRawPointer {
    precondition(matrix.columns == x.width, "a product of \(matrix.rows) × \(matrix.columns) with \(x.width) inputs")
    let type = matrix.elementType
    let memory = place ?? (type.isQuantized ? quantizedInputs : plainInputs)
    if type.isQuantized ? done.quantized : done.plain { return unsafe memory.base }
    if type.isQuantized { done.quantized = true } else { done.plain = true }
    memory.reserve(mk_prepared_bytes(type.rawValue, x.width, x.count))
    let group = Int(MK_PREPARED_GROUP)
    forRanges((x.count + group - 1) / group, grain: 1) { groups, _ in
      unsafe mk_prepare(
        type.rawValue, x.base, x.width, x.width, x.count, groups.lowerBound * group,
        min(groups.upperBound * group, x.count), memory.base)
    }
    return unsafe memory.base
  }

  /// How a product is cut into tasks: enough of them to share evenly, each worth handing out.
  ///
  /// A unit is what kernels take at once: four panels of floats, two of codes, one where columns are few.
  private func cut(_ matrix: PackedMatrix, columns: Int, matrices: Int = 1) -> PanelCut {
    let isNarrow = columns <= Self.fewColumns, isQuantized = matrix.elementType.isQuantized
    let unit = isQuantized ? (isNarrow ? 1 : 2) : 4
    var cut = PanelCut(panels: matrix.panelCount, unit: unit, columns: columns)
    let worthwhile = max(4, 24_576 / max(matrix.panelBytes * matrices * columns, 1))
    let rounds = max(4, matrix.panelCount / worthwhile / pool.threadCount)
    cut.panelTasks = min(cut.units, rounds * pool.threadCount)
    if !isQuantized, columns >= 4 * Int(MK_PREPARED_GROUP), cut.units < 16 * pool.threadCount {
      // Units of floats are large and often few: an odd one would keep one thread while the others wait.
      cut.panelTasks = cut.units
      cut.columnTasks = (1...4).first { cut.units * $0 % pool.threadCount == 0 } ?? 4
    }
    return cut
  }

  /// Up to so many columns a product waits for its weights rather than for arithmetic.
  private static let fewColumns = 4

  /// The scratch that products with `matrix` need, in bytes.
  private func scratchBytes(_ matrix: PackedMatrix) -> Int {
    mk_multiply_scratch_bytes(matrix.elementType.rawValue, matrix.columns)
  }
}

/// The matrices that are multiplied after others.
@safe
struct Follower {
  /// The first of them.
  let key: ObjectIdentifier
  let ranges: [mk_ahead]
}

/// Which forms of the inputs at hand are ready.
private struct PreparedInputs {
  var quantized = false
  var plain = false
}

/// A product, cut into nearly equal tasks at whole units; where there are fewer units than tasks, some are empty.
private struct PanelCut: BitwiseCopyable {
  let panels, unit, columns: Int
  /// Into how many parts the panels and the columns are cut.
  var panelTasks = 1, columnTasks = 1

  init(panels: Int, unit: Int, columns: Int) {
    self.panels = panels
    self.unit = unit
    self.columns = columns
  }

  var units: Int { (panels + unit - 1) / unit }
  var taskCount: Int { panelTasks * columnTasks }

  subscript(task: Int) -> mk_part {
    let (panelTask, columnTask) = (task / columnTasks, task % columnTasks)
    let group = Int(MK_PREPARED_GROUP)
    func columnBound(_ task: Int) -> Int {
      task == columnTasks ? columns : task * columns / columnTasks / group * group
    }
    return mk_part(
      first_panel: panelTask * units / panelTasks * unit,
      last_panel: min((panelTask + 1) * units / panelTasks * unit, panels),
      first_column: columnBound(columnTask), last_column: columnBound(columnTask + 1))
  }
}

/// A product as threads see it: numbers and memory, nothing that is counted.
@safe
private struct ProductCall: BitwiseCopyable {
  let matrix: mk_matrix
  let inputs: UnsafeMutableRawPointer
  let columns: Int
  let bias, residual: UnsafeMutablePointer<Float>?
  let output: UnsafeMutablePointer<Float>
  let width: Int
  var cut: PanelCut

  init(_ product: Product, inputs: UnsafeMutableRawPointer, _ columns: Int, _ cut: PanelCut) {
    let width = product.matrix.rows
    precondition(product.output.width == width && product.output.count == columns, "the shape of the outputs")
    precondition(product.bias?.count ?? width == width, "a bias for every output")
    precondition(
      product.residual.map { $0.width == width && $0.count >= columns } ?? true, "the shape of the residual")
    unsafe matrix = product.matrix.matrix
    unsafe self.inputs = inputs
    self.columns = columns
    unsafe bias = product.bias?.base
    unsafe residual = product.residual?.base
    unsafe output = product.output.base
    self.width = width
    self.cut = cut
  }

  func run(_ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let part = cut[task]
    if part.first_panel == part.last_panel { return }
    var matrix = unsafe matrix
    unsafe mk_multiply(&matrix, inputs, columns, part, bias, residual, output, width, scratch)
  }
}

/// Some products, shared out by panels.
@safe
private struct PanelWork: BitwiseCopyable {
  let calls: UnsafeBufferPointer<ProductCall>
  /// Whether a task does its part of every product, rather than a part of one.
  let taskDoesAll: Bool
  let scratch: UnsafeBufferPointer<UnsafeMutableRawPointer>

  func run(_ task: Int, _ thread: Int) {
    if taskDoesAll {
      for product in unsafe calls.indices { unsafe calls[product].run(task, scratch[thread]) }
      return
    }
    var task = task, product = 0
    while unsafe task >= calls[product].cut.taskCount {
      unsafe task -= calls[product].cut.taskCount
      product += 1
    }
    unsafe calls[product].run(task, scratch[thread])
  }
}

/// A gate and what it gates, shared out by panels.
@safe
private struct GatedWork: BitwiseCopyable {
  let gate, up: ProductCall
  let function: UInt32
  let scratch: UnsafeBufferPointer<UnsafeMutableRawPointer>

  func run(_ task: Int, _ thread: Int) {
    unsafe gate.run(task, scratch[thread])
    unsafe up.run(task, scratch[thread])
    let part = gate.cut[task]
    let first = part.first_panel * 16
    let count = min(part.last_panel * 16, gate.width) - first
    // A column of the product is a row of the inputs and of the outputs.
    for row in part.first_column..<part.last_column {
      let at = row * gate.width + first
      unsafe mk_gate(function, gate.output + at, up.output + at, count, up.output + at)
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
