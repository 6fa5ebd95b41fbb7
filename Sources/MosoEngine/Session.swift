import MosoConversation
public import MosoInference
import MosoModel
public import MosoTensor
import MosoTokenizers

/// How a session keeps its sequence and does its work.
public struct SessionOptions: Sendable {
  /// The longest sequence in tokens; `nil` for what the model was made for.
  public var contextLength: Int?
  /// How keys and values are kept: F32, F16, BF16 or Q8_0.
  public var cacheType: ElementType = .nativeCache
  /// How many threads work; `nil` for as many as this process can keep busy.
  public var threads: Int?
  /// How many tokens of a prompt are read at once. It changes the speed and how fast a session stops, not the result.
  public var prefillChunk: Int = 512

  /// The whole context that the model was made for, and as many threads as this process can keep busy.
  public init() {}
}

/// One sequence of tokens on a model: it reads prompts, answers, and keeps what it has read.
///
/// A prompt that begins like the one before is read from where it differs. Everything runs on a thread of the session's
/// own; a session does one thing at a time.
public actor Session {
  /// The model that reads and answers.
  public nonisolated let model: LanguageModel
  /// The longest sequence in tokens, prompt and answer together; at most what the model was made for.
  public nonisolated let contextLength: Int
  private nonisolated let executor = EngineExecutor()
  private let context: InferenceContext
  private let prefillChunk: Int
  /// The tokens whose keys and values are in the cache.
  private var tokens: [Int32] = []

  /// Runs the session's work in order and away from the threads that tasks share.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Begins an empty sequence on a model, with memory for keys and values and threads of its own.
  ///
  /// - Throws: When the memory for the context cannot be had.
  public init(_ model: LanguageModel, options: SessionOptions = .init()) throws(KeyValueCache.Failure) {
    self.model = model
    contextLength = max(1, min(options.contextLength ?? .max, model.architecture.contextLength))
    prefillChunk = max(1, options.prefillChunk)
    context = try InferenceContext(
      model.transformer, contextLength: contextLength, cacheType: options.cacheType,
      pool: ThreadPool(threads: options.threads ?? ThreadPool.usableThreads))
  }

  /// Answers `prompt`: a stream of tokens that ends with a summary. Dropping the stream stops the answer within a step.
  public nonisolated func generate(
    _ prompt: [Int32], options: GenerationOptions = .init()
  ) -> AsyncThrowingStream<GenerationStep, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await self.answer(prompt, options) { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// How many tokens were read and are in the cache.
  package var length: Int { tokens.count }

  /// Forgets everything that was read.
  public func reset() {
    context.truncate(0, to: 0)
    tokens = []
  }

  // MARK: Answering

  /// Answers `prompt` within the task that calls it, and hands each step to `emit`.
  ///
  /// A cancelled task ends the answer within a token or a chunk of the prompt; the last step still comes and says so.
  package func answer(_ prompt: [Int32], _ options: GenerationOptions, _ emit: (GenerationStep) -> Void) throws {
    try options.sampling.validate()
    if let most = options.maximumTokens, most < 1 { throw GenerationError.nothingToGenerate(maximumTokens: most) }
    let start = ContinuousClock.now
    var answer = Answer(model.tokenizer, options, prompt: prompt)
    let cached = try beginPrompt(prompt)
    guard var logits = try read(prompt[cached...], all: false) else {
      emit(.finished(answer.summary(.cancelled, prompt.count, cached, start: start), lastText: ""))
      return
    }
    answer.decodeStart = .now
    while true {
      let token = try logits.withRow(logits.count - 1) { row in try answer.next(from: row) }
      emit(.token(token))
      var reason = answer.stopReason
      if reason == nil && tokens.count >= contextLength { reason = .contextFull }
      if reason == nil && Task.isCancelled { reason = .cancelled }
      if let reason {
        let text = answer.finish()
        emit(.finished(answer.summary(reason, prompt.count, cached, start: start), lastText: text))
        return
      }
      guard let next = try read([token.sampled.token], all: false) else { continue }
      logits = next
    }
  }

  /// Checks the prompt and forgets what it does not begin with; returns how many of its tokens are read already.
  private func beginPrompt(_ prompt: [Int32]) throws(GenerationError) -> Int {
    guard !prompt.isEmpty else { throw .emptyPrompt }
    guard prompt.count < contextLength else {
      throw .promptTooLong(tokens: prompt.count, contextLength: contextLength)
    }
    let size = model.architecture.vocabularySize
    if let token = prompt.first(where: { $0 < 0 || $0 >= size }) {
      throw .tokenOutOfRange(token: token, vocabularySize: size)
    }
    // The last token is read again in any case: its scores are what the answer begins with.
    let shared = zip(tokens, prompt.dropLast()).prefix { $0 == $1 }.count
    context.truncate(0, to: shared)
    tokens.removeSubrange(shared...)
    return shared
  }

  /// Reads tokens after those in the cache; `nil` when cancelled on the way.
  ///
  /// - Returns: The logits of the last chunk: of every row, or of the last one only.
  private func read(_ new: some Collection<Int32>, all: Bool) throws -> Rows? {
    var rest = new[...]
    var logits: Rows?
    while !rest.isEmpty {
      if Task.isCancelled && new.count > 1 { return nil }
      let chunk = rest.prefix(prefillChunk)
      rest = rest.dropFirst(prefillChunk)
      var batch = Batch()
      let wanted = all ? Array(0..<chunk.count) : rest.isEmpty ? [chunk.count - 1] : []
      batch.append(chunk, to: 0, at: tokens.count, outputs: wanted)
      logits = try context.logits(batch)
      tokens += chunk
    }
    return logits
  }

  // MARK: Looking inside

  /// The scores over the vocabulary after each of `prompt`'s tokens, chunk by chunk.
  ///
  /// - Throws: `CancellationError` when the task was cancelled before the last chunk, besides what `body` throws.
  public func scores(of prompt: [Int32], _ body: (Rows) throws -> Void) throws {
    reset()
    _ = try beginPrompt(prompt)
    for start in stride(from: 0, to: prompt.count, by: prefillChunk) {
      try Task.checkCancellation()
      let chunk = prompt[start..<min(start + prefillChunk, prompt.count)]
      guard let rows = try read(chunk, all: true) else { throw CancellationError() }
      try body(rows)
    }
  }

  /// A text's place in the model's space: the mean of its tokens' last hidden states, of length 1.
  ///
  /// - Throws: `CancellationError` when the task was cancelled before the last chunk.
  public func embedding(of prompt: [Int32]) throws -> [Float] {
    reset()
    _ = try beginPrompt(prompt)
    var sum = [Double](repeating: 0, count: model.architecture.width)
    for start in stride(from: 0, to: prompt.count, by: prefillChunk) {
      try Task.checkCancellation()
      let chunk = prompt[start..<min(start + prefillChunk, prompt.count)]
      var batch = Batch()
      batch.append(chunk, to: 0, at: start, outputs: [])
      let hidden = try context.hiddenStates(batch)
      for row in 0..<hidden.count {
        hidden.withRow(row) { values in for index in values.indices { sum[index] += Double(values[index]) } }
      }
    }
    reset()
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { Float(length > 0 ? $0 / length : 0) }
  }
}
