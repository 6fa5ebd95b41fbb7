import CMosoKernels

/// The operations on rows and packed matrices, shared out over a pool's threads.
///
/// A `Compute` is used by one thread at a time: it owns the scratch memory. Results do not depend on how many threads
/// the pool has.
@safe
package final class Compute {
  package let pool: ThreadPool
  package let recycler = RowsRecycler()
  private let scratch: ThreadScratch
  /// The inputs of the current product, as quantised matrices take them and as the others do.
  let quantizedInputs = ScratchMemory(), plainInputs = ScratchMemory()
  /// What rounding has left of quantised inputs.
  let remainderInputs = ScratchMemory()

  /// What was multiplied last, and what was multiplied after it the last time; see `announceFollower`.
  var lastMultiplied: ObjectIdentifier?
  var followers: [ObjectIdentifier: Follower] = [:]

  package init(pool: ThreadPool) {
    self.pool = pool
    scratch = ThreadScratch(threads: pool.threadCount)
  }

  package func rows(_ count: Int, width: Int) -> Rows { recycler.rows(count: count, width: width) }

  /// Calls `body` with scratch of at least `bytes` bytes for each thread.
  func withScratch(bytes: Int, _ body: (UnsafeBufferPointer<UnsafeMutableRawPointer>) -> Void) {
    scratch.reserve(bytes)
    unsafe body(UnsafeBufferPointer(scratch.bases))
  }

  func forRanges(_ count: Int, grain: Int, _ body: (Range<Int>, _ thread: Int) -> Void) {
    pool.forRanges(count, grain: grain, body)
  }
}

/// Memory that grows; its contents are not kept between uses.
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
}

/// The same for each thread, as memory alone, so that tasks may be handed it.
@safe
final class ThreadScratch {
  let bases: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private var byteCount = 64

  init(threads: Int) {
    unsafe bases = .allocate(capacity: threads)
    for thread in 0..<threads { unsafe bases.initializeElement(at: thread, to: Self.memory(byteCount)) }
  }

  deinit {
    for thread in unsafe bases.indices { unsafe bases[thread].deallocate() }
    unsafe bases.deallocate()
  }

  func reserve(_ bytes: Int) {
    guard bytes > byteCount else { return }
    byteCount = bytes
    for thread in unsafe bases.indices {
      unsafe bases[thread].deallocate()
      unsafe bases[thread] = Self.memory(bytes)
    }
  }

  private static func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
  }
}
