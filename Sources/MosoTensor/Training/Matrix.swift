import Synchronization

/// Numbers in rows, floats or doubles, whose memory is used again when it is let go.
///
/// `@unchecked Sendable`: written by the operations of one `TrainingCompute`, which is used by one thread at a time.
@safe
package final class Matrix: @unchecked Sendable {
  package let rows: Int
  package let columns: Int
  package let precision: TrainingPrecision
  let base: UnsafeMutableRawPointer
  private let memory: AnyObject
  private let recycler: MatrixRecycler?

  /// Rows in memory that `memory` owns.
  init(
    rows: Int, columns: Int, precision: TrainingPrecision, base: UnsafeMutableRawPointer, memory: AnyObject,
    recycler: MatrixRecycler? = nil
  ) {
    self.rows = rows
    self.columns = columns
    self.precision = precision
    unsafe self.base = base
    self.memory = memory
    self.recycler = recycler
  }

  deinit {
    if let recycler, let memory = memory as? NumberMemory { recycler.put(memory) }
  }

  /// How many numbers there are.
  package var count: Int { rows * columns }
  package var byteCount: Int { count * precision.numberBytes }

  func pointer(row: Int) -> UnsafeMutableRawPointer {
    precondition(row >= 0 && row <= rows, "row \(row) of \(rows)")
    return unsafe base + row * columns * precision.numberBytes
  }

  /// The same numbers in rows of another width.
  package func reshaped(rows: Int, columns: Int) -> Matrix {
    precondition(rows * columns == count, "\(rows) rows of \(columns) for \(count) numbers")
    return unsafe Matrix(rows: rows, columns: columns, precision: precision, base: base, memory: self)
  }

  /// Some of the rows, in the same memory.
  package func rows(_ range: Range<Int>) -> Matrix {
    unsafe Matrix(
      rows: range.count, columns: columns, precision: precision, base: pointer(row: range.lowerBound), memory: self)
  }

  /// Consecutive numbers from the `offset`-th on, in the same memory.
  package func part(from offset: Int, rows: Int, columns: Int) -> Matrix {
    precondition(offset >= 0 && offset + rows * columns <= count, "\(rows) × \(columns) from \(offset) of \(count)")
    return unsafe Matrix(
      rows: rows, columns: columns, precision: precision, base: base + offset * precision.numberBytes, memory: self)
  }

  package subscript(row: Int, column: Int) -> Double {
    get {
      precondition(
        row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(rows) × \(columns)")
      let index = row * columns + column
      return precision == .double
        ? unsafe base.load(fromByteOffset: index * 8, as: Double.self)
        : Double(unsafe base.load(fromByteOffset: index * 4, as: Float.self))
    }
    set {
      precondition(
        row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(rows) × \(columns)")
      let index = row * columns + column
      if precision == .double {
        unsafe base.storeBytes(of: newValue, toByteOffset: index * 8, as: Double.self)
      } else {
        unsafe base.storeBytes(of: Float(newValue), toByteOffset: index * 4, as: Float.self)
      }
    }
  }

  /// The numbers, row by row.
  package var values: [Double] {
    get {
      if precision == .double {
        let numbers = unsafe base.assumingMemoryBound(to: Double.self)
        return unsafe Array(UnsafeBufferPointer(start: numbers, count: count))
      }
      let numbers = unsafe base.assumingMemoryBound(to: Float.self)
      return unsafe UnsafeBufferPointer(start: numbers, count: count).map(Double.init)
    }
    set {
      precondition(newValue.count == count, "\(newValue.count) values for \(count) numbers")
      if precision == .double {
        unsafe base.assumingMemoryBound(to: Double.self).update(from: newValue, count: count)
      } else {
        unsafe base.assumingMemoryBound(to: Float.self).update(from: newValue.map(Float.init), count: count)
      }
    }
  }

  /// Calls `body` with the bytes of the numbers.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  package func withMutableBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeMutableRawBufferPointer(start: base, count: byteCount))
  }
}

/// Aligned memory, freed at the end. `@unchecked Sendable`: one `Matrix` at a time has it.
@safe
final class NumberMemory: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    self.byteCount = byteCount
  }

  deinit { unsafe base.deallocate() }
}

/// Keeps the memory of matrices that were let go, by size: every step asks for the same few sizes over and over.
package final class MatrixRecycler: Sendable {
  private struct State {
    var free: [Int: [NumberMemory]] = [:]
    var allocated = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// All bytes that were asked from the system and not given back.
  package var allocatedBytes: Int { state.withLock { $0.allocated } }

  /// A matrix with undefined contents.
  package func matrix(rows: Int, columns: Int, precision: TrainingPrecision) -> Matrix {
    let size = Self.sizeClass(max(rows * columns * precision.numberBytes, 64))
    let memory = state.withLock { state in
      if let free = state.free[size]?.popLast() { return free }
      state.allocated += size
      return NumberMemory(byteCount: size)
    }
    return unsafe Matrix(
      rows: rows, columns: columns, precision: precision, base: memory.base, memory: memory, recycler: self)
  }

  func put(_ memory: NumberMemory) {
    state.withLock { $0.free[memory.byteCount, default: []].append(memory) }
  }

  /// Gives what is not in use back to the system.
  package func trim() {
    state.withLock { state in
      state.allocated -= state.free.reduce(0) { $0 + $1.key * $1.value.count }
      state.free = [:]
    }
  }

  /// Sizes are rounded up by at most an eighth, so that batches of about one size share memory.
  static func sizeClass(_ bytes: Int) -> Int {
    let step = max(64, 1 << max(0, Int.bitWidth - bytes.leadingZeroBitCount - 4))
    return (bytes + step - 1) / step * step
  }
}

extension Matrix {
  /// The numbers, row by row, in 32 bits.
  package var floats: [Float] {
    if precision == .double { return values.map(Float.init) }
    return unsafe Array(UnsafeBufferPointer(start: base.assumingMemoryBound(to: Float.self), count: count))
  }

  /// Takes as many 32-bit floats as there are numbers.
  package func set(toFloats bytes: RawSpan) {
    precondition(bytes.byteCount == 4 * count, "\(bytes.byteCount) bytes for \(count) numbers")
    unsafe bytes.withUnsafeBytes { bytes in
      for index in 0..<count {
        let number = unsafe bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
        if precision == .double {
          unsafe base.storeBytes(of: Double(number), toByteOffset: 8 * index, as: Double.self)
        } else {
          unsafe base.storeBytes(of: number, toByteOffset: 4 * index, as: Float.self)
        }
      }
    }
  }
}
