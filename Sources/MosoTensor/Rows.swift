import Synchronization

/// A matrix of floats, one row per token, whose memory is used again when it is let go.
///
/// `@unchecked Sendable`: rows are written by the operations of one `Compute`, which is used by one thread at a time, and
/// only read once it has handed them out.
@safe
public final class Rows: @unchecked Sendable {
  public let count: Int
  public let width: Int
  package let base: UnsafeMutablePointer<Float>
  private let memory: FloatMemory
  private let recycler: RowsRecycler

  init(count: Int, width: Int, memory: FloatMemory, recycler: RowsRecycler) {
    self.count = count
    self.width = width
    self.memory = memory
    self.recycler = recycler
    unsafe base = memory.base
  }

  deinit { recycler.put(memory) }

  package func pointer(row: Int) -> UnsafeMutablePointer<Float> {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    return unsafe base + row * width
  }

  /// Calls `body` with the floats of one row.
  public func withRow<Result>(_ row: Int, _ body: (Span<Float>) throws -> Result) rethrows -> Result {
    try unsafe body(Span(_unsafeStart: pointer(row: row), count: width))
  }

  /// A copy of one row.
  public func array(row: Int) -> [Float] {
    unsafe Array(UnsafeBufferPointer(start: pointer(row: row), count: width))
  }
}

/// Aligned floats, freed at the end. `@unchecked Sendable`: one `Rows` at a time has it.
@safe
final class FloatMemory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let capacity: Int

  init(capacity: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
    unsafe base = bytes.bindMemory(to: Float.self, capacity: capacity)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }
}

/// Keeps the memory of rows that were let go, by size: a forward pass asks for the same few sizes over and over.
package final class RowsRecycler: Sendable {
  /// At `n`, memory for two to the `n` floats.
  private let free = Mutex<[[FloatMemory]]>(Array(repeating: [], count: Int.bitWidth))

  package init() {}

  /// Rows with undefined contents.
  package func rows(count: Int, width: Int) -> Rows {
    let needed = max(count * width, 16)
    let size = Int.bitWidth - (needed - 1).leadingZeroBitCount
    let reused = free.withLock { $0[size].popLast() }
    return Rows(count: count, width: width, memory: reused ?? FloatMemory(capacity: 1 << size), recycler: self)
  }

  func put(_ memory: FloatMemory) {
    free.withLock { $0[memory.capacity.trailingZeroBitCount].append(memory) }
  }
}
