import CMosoKernels

/// What this machine can do at best, measured: the ceilings that a benchmark's results are shares of.
public struct MachineLimits: Sendable, Hashable {
  /// Bytes that all threads together read per second, of as many as the model has: where a cache holds them all, from there.
  public var memoryBytesPerSecond: Double
  /// Operations (a multiplication and an addition are two) per second on 32-bit floats in registers.
  public var floatOperationsPerSecond: Double
  /// Operations per second on 8-bit integers in registers.
  public var byteOperationsPerSecond: Double
  /// Operations per second on matrices of bfloat16 in registers, where the processor has instructions for them.
  public var matrixOperationsPerSecond: Double?

  /// How many bytes are read at least and at most.
  private static let buffer = 64 << 20...512 << 20

  /// Measures for about a second, on the threads of `pool`.
  ///
  /// - Parameter bytes: How many bytes the model's weights have.
  public init(measuredOn pool: ThreadPool, reading bytes: Int) {
    let threads = pool.threadCount
    let share = min(max(bytes, Self.buffer.lowerBound), Self.buffer.upperBound) / threads & ~255
    let memory = PageMemory(byteCount: share * threads)
    if let memory {
      pool.run(threads) { task, _ in
        unsafe memory.base.advanced(by: task * share).initializeMemory(as: UInt8.self, repeating: 1, count: share)
      }
    }
    memoryBytesPerSecond = Self.best(Double(share * threads), on: pool) { task in
      guard let memory else { return 0 }
      return Int(unsafe mk_read_memory(memory.base + task * share, share))
    }
    let rounds = 2_000_000
    floatOperationsPerSecond = Self.best(Double(threads * rounds * 12 * 16 * 2), on: pool) { _ in
      mk_spin_multiply_add(rounds) > 0 ? 1 : 0
    }
    byteOperationsPerSecond = Self.best(Double(threads * rounds * 12 * 64 * 2), on: pool) { _ in
      Int(mk_spin_dot(rounds))
    }
    if mk_isa_has_matrix_instructions() {
      let rounds = 200_000
      matrixOperationsPerSecond = Self.best(Double(threads * rounds * 4 * 16 * 16 * 32 * 2), on: pool) { _ in
        mk_spin_matrix(rounds)
        return 0
      }
    }
  }

  /// The best of five runs of `work` on every thread, as `amount` per second.
  private static func best(_ amount: Double, on pool: ThreadPool, _ work: (Int) -> Int) -> Double {
    let results = (0..<5).map { _ in
      let start = ContinuousClock.now
      pool.run(pool.threadCount) { task, _ in
        // The result has to be used, or there is nothing to compute.
        if work(task) == .min { preconditionFailure("impossible") }
      }
      return amount / ((ContinuousClock.now - start) / .seconds(1))
    }
    return results.max() ?? 0
  }
}
