import CMosoKernels

/// A weight matrix of `rows` outputs by `columns` inputs, in the kernels' own layout.
///
/// Sixteen rows lie interleaved so that one vector lane is one output. The element type is the file's: nothing is
/// rounded again. `@unchecked Sendable` holds because nothing writes after `init`.
@safe
public final class PackedMatrix: @unchecked Sendable {
  /// How the elements are stored, which is how the file stores them.
  public let elementType: ElementType
  /// The number of outputs.
  public let rows: Int
  /// The number of inputs.
  public let columns: Int
  private let memory: WeightMemory.Part

  /// The bytes a matrix of this shape takes in memory.
  public static func byteCount(elementType: ElementType, rows: Int, columns: Int) -> Int {
    (rows + 15) / 16 * mk_panel_bytes(elementType.rawValue, columns)
  }

  /// Packs `rows` rows of file blocks, one after another in `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: `rows` times `columns` elements; `columns` is a multiple of the type's block.
  ///   - memory: Where the matrix lies, beside the others of its model; by default in memory of its own.
  ///   - pool: Shares the work.
  /// - Returns: `nil` when the system has not enough memory.
  public init?(
    packing bytes: RawSpan, elementType: ElementType, rows: Int, columns: Int, in memory: WeightMemory? = nil,
    on pool: ThreadPool
  ) {
    precondition(columns % elementType.elementsPerBlock == 0, "\(columns) columns of \(elementType)")
    let rowBytes = columns / elementType.elementsPerBlock * elementType.bytesPerBlock
    precondition(bytes.byteCount == rows * rowBytes, "the bytes of \(rows) × \(columns) \(elementType)")
    let total = Self.byteCount(elementType: elementType, rows: rows, columns: columns)
    let weights = memory ?? WeightMemory(chunkBytes: total)
    guard let memory = weights.part(byteCount: total) else { return nil }
    let panels = (rows + 15) / 16
    let grain = max(1, panels / (pool.threadCount * 4))
    unsafe bytes.withUnsafeBytes { source in
      guard let source = source.baseAddress else { return }
      pool.run((panels + grain - 1) / grain) { task, _ in
        unsafe mk_pack_panels(
          elementType.rawValue, source, rowBytes, rows, columns, task * grain, min((task + 1) * grain, panels),
          memory.base)
      }
    }
    self.elementType = elementType
    self.rows = rows
    self.columns = columns
    self.memory = memory
  }

  /// The bytes of memory the matrix takes.
  public var byteCount: Int { memory.byteCount }

  var panelCount: Int { (rows + 15) / 16 }
  var panelBytes: Int { mk_panel_bytes(elementType.rawValue, columns) }

  /// Where the matrix lies.
  var memoryRange: mk_ahead { unsafe mk_ahead(base: UnsafeRawPointer(memory.base), bytes: memory.byteCount) }

  var matrix: mk_matrix {
    unsafe mk_matrix(
      type: elementType.rawValue, rows: rows, inner: columns,
      panels: UnsafePointer(memory.base.assumingMemoryBound(to: UInt8.self)))
  }

  /// Writes the values of row `row` to `values`, which has room for `columns`.
  func unpack(row: Int, to values: UnsafeMutablePointer<Float>) {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    var matrix = unsafe matrix
    unsafe mk_unpack_row(&matrix, row, values)
  }

  /// The values of row `row`.
  public func values(row: Int) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: columns) { buffer, count in
      if let base = buffer.baseAddress { unsafe unpack(row: row, to: base) }
      count = columns
    }
  }
}

/// A vector of floats that kernels may read in place: a norm's gain, a bias.
@safe
public final class PackedVector: @unchecked Sendable {
  /// The number of floats.
  public let count: Int
  let base: UnsafeMutablePointer<Float>

  /// Copies `values` into memory of its own.
  public init(_ values: [Float]) {
    count = values.count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(values.count, 1) * 4, alignment: 64)
    unsafe base = bytes.bindMemory(to: Float.self, capacity: max(values.count, 1))
    for (index, value) in values.enumerated() { unsafe base[index] = value }
  }

  deinit { unsafe base.deallocate() }

  /// A copy of the floats.
  public var values: [Float] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }
}
