import CMosoKernels
import Synchronization

/// Threads for short pieces of work: fork, join, microseconds apart.
///
/// Callers wait for each other: a pool may be shared by models, whose work then takes turns. `@unchecked Sendable` holds
/// because `turn` is held wherever the pool's one job is set up and waited for.
@safe
public final class ThreadPool: @unchecked Sendable {
  private let handle: OpaquePointer
  private let turn = Mutex(())
  /// How many threads work, the caller's included.
  public let threadCount: Int

  /// - Parameter threads: How many; by default as many as this process can keep busy. At least 1.
  public init(threads: Int = ThreadPool.usableThreads) {
    let count = max(threads, 1)
    if let pool = unsafe mk_pool_create(count) {
      unsafe handle = pool
      threadCount = count
    } else if let pool = unsafe mk_pool_create(1) {
      // The system refused more threads; one always works, more slowly.
      unsafe handle = pool
      threadCount = 1
    } else {
      preconditionFailure("no memory for a thread pool")
    }
  }

  deinit { unsafe mk_pool_destroy(handle) }

  /// The least of this process's CPU affinity, its control group's quota and the machine's cores.
  public static var usableThreads: Int { mk_usable_threads() }

  /// The name of the instruction set the kernels use, as in `avx512-vnni`.
  public static var instructionSet: String { unsafe String(cString: mk_isa_name()) }

  /// Calls `body(task, thread)` for each task below `tasks` and returns when all have returned.
  ///
  /// - Precondition: `body` does not use the pool.
  package func run(_ tasks: Int, _ body: (_ task: Int, _ thread: Int) -> Void) {
    if tasks == 1 { return body(0, 0) }
    typealias Body = (Int, Int) -> Void
    withoutActuallyEscaping(body) { escapable in
      var box: Body = escapable
      unsafe withUnsafeMutablePointer(to: &box) { pointer in
        turn.withLock { _ in
          unsafe mk_pool_run(handle, tasks, pointer) { context, task, thread in
            unsafe context?.assumingMemoryBound(to: Body.self).pointee(task, thread)
          }
        }
      }
    }
  }

  /// Calls `body` for ranges that cover `0..<count`, in parallel where there is enough to share.
  ///
  /// - Precondition: `body` does not use the pool.
  func forRanges(_ count: Int, grain: Int, _ body: (Range<Int>, _ thread: Int) -> Void) {
    let size = max(grain, (count + threadCount * 4 - 1) / (threadCount * 4))
    if count <= size { return body(0..<count, 0) }
    run((count + size - 1) / size) { task, thread in
      body(task * size..<min((task + 1) * size, count), thread)
    }
  }

  /// Calls `body` with each of `elements` and its index on one of the threads.
  ///
  /// - Returns: What `body` returned, in the order of the elements.
  /// - Precondition: `body` does not use the pool.
  package func map<Element: Sendable, Result: Sendable>(
    _ elements: inout [Element], _ body: @Sendable (_ index: Int, _ element: inout Element) -> Result
  ) -> [Result] {
    unsafe elements.withUnsafeMutableBufferPointer { elements in
      unsafe Array(unsafeUninitializedCapacity: elements.count) { results, count in
        run(elements.count) { index, _ in
          unsafe results.initializeElement(at: index, to: body(index, &elements[index]))
        }
        count = elements.count
      }
    }
  }

  /// Calls a function for each task that finds all it needs in `context`, so that nothing is retained and released for each
  /// task: threads that count references in one and the same place wait for each other.
  func run<Context: BitwiseCopyable>(
    _ tasks: Int, on context: inout Context,
    _ body: @convention(c) @Sendable (_ context: UnsafeMutableRawPointer?, _ task: Int, _ thread: Int) -> Void
  ) {
    unsafe withUnsafeMutablePointer(to: &context) { context in
      turn.withLock { _ in unsafe mk_pool_run(handle, tasks, context, body) }
    }
  }

  /// Tells which memory the next tasks will read; threads that wait for work ask for it meanwhile.
  func announce(_ ranges: UnsafeBufferPointer<mk_ahead>) {
    guard let base = ranges.baseAddress else { return }
    unsafe mk_pool_announce(handle, base, ranges.count)
  }
}
