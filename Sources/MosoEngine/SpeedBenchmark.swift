public import MosoInference
import MosoModel
public import MosoTensor

/// Measures how fast a model reads and writes on this machine.
public struct SpeedBenchmark {
  /// What is measured.
  public enum Test: String, Sendable {
    /// Reading many tokens at once.
    case prefill
    /// Writing one token after another.
    case decode
  }

  /// One kind of run and what came of it.
  public struct Result: Sendable {
    /// What was measured.
    public var test: Test
    /// How many tokens each repetition read or wrote.
    public var tokens: Int
    /// How many tokens were in the sequence before.
    public var depth: Int
    /// One value for each repetition.
    public var tokensPerSecond: [Double]
    /// What memory (for decode) or arithmetic (for prefill) would allow.
    public var limit: Double

    /// The middle one of the rates, in tokens per second; the higher of two.
    public var median: Double { tokensPerSecond.sorted()[tokensPerSecond.count / 2] }
  }

  /// The model that is measured.
  public let model: LanguageModel
  /// What this machine can do at best.
  public let limits: MachineLimits
  private let context: InferenceContext
  private let chunk: Int

  /// Prepares to measure a model on the threads of `pool`, in sequences of up to `positions` tokens.
  ///
  /// - Throws: When the memory for a sequence of `positions` tokens cannot be had.
  public init(
    _ model: LanguageModel, limits: MachineLimits, positions: Int, options: SessionOptions, pool: ThreadPool
  ) throws(KeyValueCache.Failure) {
    self.model = model
    self.limits = limits
    chunk = options.prefillChunk
    context = try InferenceContext(
      model.transformer, contextLength: positions, cacheType: options.cacheType, pool: pool)
  }

  /// Runs one test after `depth` tokens, `repetitions` times.
  public func run(_ test: Test, tokens: Int, depth: Int, repetitions: Int) throws -> Result {
    context.truncate(0, to: 0)
    try prefill(depth, at: 0)
    // Once unmeasured: memory is touched for the first time.
    try once(test, test == .decode ? min(tokens, 4) : tokens, depth)
    let rates = try (0..<max(1, repetitions)).map { _ in
      context.truncate(0, to: depth)
      let start = ContinuousClock.now
      try once(test, tokens, depth)
      return Double(tokens) / ((ContinuousClock.now - start) / .seconds(1))
    }
    return Result(
      test: test, tokens: tokens, depth: depth, tokensPerSecond: rates, limit: limit(test, tokens, depth))
  }

  private func once(_ test: Test, _ tokens: Int, _ depth: Int) throws {
    switch test {
    case .prefill: try prefill(tokens, at: depth)
    case .decode:
      for index in 0..<tokens {
        var batch = Batch()
        batch.append(CollectionOfOne(token(depth + index)), to: 0, at: depth + index, outputs: [0])
        _ = try context.logits(batch)
      }
    }
  }

  private func prefill(_ count: Int, at position: Int) throws {
    for start in stride(from: 0, to: count, by: chunk) {
      let size = min(chunk, count - start)
      var batch = Batch()
      batch.append(
        (0..<size).map { token(position + start + $0) }, to: 0, at: position + start,
        outputs: start + size == count ? [size - 1] : [])
      _ = try context.logits(batch)
    }
  }

  /// Any token: which one does not change the work, except that a mixture routes it.
  private func token(_ position: Int) -> Int32 {
    Int32(truncatingIfNeeded: position &* 7_919 % model.architecture.vocabularySize)
  }

  /// The rate at which the machine would do nothing but the unavoidable.
  private func limit(_ test: Test, _ tokens: Int, _ depth: Int) -> Double {
    let work = ModelWork(model.transformer)
    let position = Double(depth) + Double(tokens) / 2
    switch test {
    case .decode:
      let bytes = Double(work.weightBytesPerToken) + position * Double(context.cache.bytesPerPosition)
      return limits.memoryBytesPerSecond / bytes
    case .prefill:
      let products =
        Double(work.quantizedOperationsPerToken) / limits.byteOperationsPerSecond
        + Double(work.floatOperationsPerToken) / limits.floatOperationsPerSecond
      let matrices = context.cache.elementType == .bf16 ? limits.matrixOperationsPerSecond : nil
      let attention =
        position * Double(work.attentionOperationsPerPosition) / (matrices ?? limits.floatOperationsPerSecond)
      return 1 / (products + attention)
    }
  }
}
