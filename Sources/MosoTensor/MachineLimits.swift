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
    var share = min(max(bytes, Self.buffer.lowerBound), Self.buffer.upperBound) / threads & ~255
    var memory = PageMemory(byteCount: share * threads)
    while memory == nil, share >= 512 {
      share = share / 2 & ~255
      memory = PageMemory(byteCount: share * threads)
    }
    guard let memory else { preconditionFailure("no memory for \(share * threads) bytes") }
    pool.run(threads) { task, _ in
      unsafe memory.base.advanced(by: task * share).initializeMemory(as: UInt8.self, repeating: 1, count: share)
    }
    memoryBytesPerSecond = Self.best(Double(share * threads), on: pool) { task in
      Int(unsafe mk_read_memory(memory.base + task * share, share))
    }
    floatOperationsPerSecond = Self.operations(perRound: 12 * 16 * 2, on: pool) { mk_spin_multiply_add($0) > 0 ? 1 : 0 }
    byteOperationsPerSecond = Self.operations(perRound: 12 * 64 * 2, on: pool) { Int(mk_spin_dot($0)) }
    if mk_isa_has_matrix_instructions() {
      matrixOperationsPerSecond = Self.operations(perRound: 4 * 16 * 16 * 32 * 2, on: pool) {
        mk_spin_matrix($0)
        return 0
      }
    }
  }

  /// The operations of `spin` per second, on every thread; as many rounds as take a thirtieth of a second.
  private static func operations(perRound: Int, on pool: ThreadPool, _ spin: (_ rounds: Int) -> Int) -> Double {
    let trial = 10_000
    let rounds = max(trial, Int(best(Double(trial), of: 1, on: pool) { _ in spin(trial) } / 30))
    return best(Double(pool.threadCount * rounds * perRound), on: pool) { _ in spin(rounds) }
  }

  /// The best of some runs of `work` on every thread, as `amount` per second.
  private static func best(_ amount: Double, of runs: Int = 5, on pool: ThreadPool, _ work: (Int) -> Int) -> Double {
    let results = (0..<runs).map { _ in
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
