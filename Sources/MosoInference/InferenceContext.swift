public import MosoModel
public import MosoTensor

/// A transformer ready to run: its weights, a key-value cache and the threads that do the work.
///
/// Used by one thread at a time.
public final class InferenceContext {
  /// The weights, and what they compute.
  public let transformer: Transformer<EagerWeight>
  /// The longest sequence, in tokens.
  public let contextLength: Int
  /// The keys and values of everything that was read.
  public private(set) var cache: KeyValueCache
  private let compute: Compute
  private let frequencies: [[Float]]

  /// A transformer with an empty cache, run by the threads of `pool`.
  ///
  /// - Parameters:
  ///   - contextLength: The longest sequence; at most what the model was made for.
  ///   - capacity: How many positions all sequences together may take; by default one full sequence.
  ///   - cacheType: How keys and values are kept: F32, F16, BF16 or Q8_0.
  public init(
    _ transformer: Transformer<EagerWeight>, contextLength: Int, capacity: Int? = nil, cacheType: ElementType = .f16,
    pool: ThreadPool
  ) throws(KeyValueCache.Failure) {
    let architecture = transformer.architecture
    self.transformer = transformer
    self.contextLength = contextLength
    compute = Compute(pool: pool)
    frequencies = architecture.rotaries.map { $0.frequencies(forContextLength: contextLength) }
    cache = try KeyValueCache(
      elementType: cacheType, layerCount: architecture.layers.count,
      headCount: architecture.attention.keyValueHeadCount, headSize: architecture.attention.headSize,
      capacity: capacity ?? contextLength)
  }

  /// The scores over the vocabulary for the rows `batch` asks for.
  ///
  /// - Precondition: Each run continues its sequence or overwrites a part of it, within `contextLength`.
  public func logits(_ batch: Batch) throws(KeyValueCache.Failure) -> Rows {
    var ops = try ops(for: batch)
    return transformer.logits(on: &ops)
  }

  /// The scores over the vocabulary for the rows `batch` asks for, with keys and values in pages that the caller chose.
  ///
  /// - Parameter pages: For each run, the pages of its sequence, those of the run's own positions included. No two
  ///   sequences write to one page.
  package func logits(_ batch: Batch, pages: [[Int32]]) -> Rows {
    var ops = ops(for: batch, pages: pages)
    return transformer.logits(on: &ops)
  }

  /// Writes the keys and values in page `from` to page `to`.
  package func copy(page from: Int32, to: Int32) { cache.memory.copy(page: Int(from), to: Int(to)) }

  /// The final hidden state of every row of `batch`, with keys and values in pages that the caller chose.
  package func hiddenStates(_ batch: Batch, pages: [[Int32]]) -> Rows {
    var ops = ops(for: batch, pages: pages)
    return transformer.hiddenStates(on: &ops, everyRow: true)
  }

  /// The final hidden state of every row of `batch`.
  public func hiddenStates(_ batch: Batch) throws(KeyValueCache.Failure) -> Rows {
    var ops = try ops(for: batch)
    return transformer.hiddenStates(on: &ops, everyRow: true)
  }

  /// The interpreter for one forward pass of `batch`, for those who wrap it before it runs.
  package func ops(for batch: Batch) throws(KeyValueCache.Failure) -> EagerOps {
    for run in batch.runs {
      precondition(run.firstPosition + run.count <= contextLength, "a sequence past the context's end")
      try cache.reserve(run.firstPosition + run.count, for: run.sequence)
    }
    return ops(for: batch, pages: batch.runs.map { cache.table(of: $0.sequence) })
  }

  private func ops(for batch: Batch, pages: [[Int32]]) -> EagerOps {
    EagerOps(
      batch: batch, architecture: transformer.architecture, cache: cache.memory, pages: pages,
      frequencies: frequencies, on: compute)
  }

  /// Forgets the positions of `sequence` from `count` on.
  public func truncate(_ sequence: Int, to count: Int) { cache.truncate(sequence, to: count) }

  /// Forgets `sequence`.
  public func remove(_ sequence: Int) { cache.remove(sequence) }
}
