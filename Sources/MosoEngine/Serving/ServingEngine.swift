import MosoConversation
public import MosoInference
public import MosoModel
public import MosoTensor
import Synchronization

/// Serves many requests on one model at once.
///
/// Requests share each step of the model's arithmetic and the pages of what they have in common; what each gets is the same
/// bits as if it were alone. A stream that is dropped gives back its memory within a step.
///
/// ```swift
/// let engine = try ServingEngine(model)
/// for try await event in try engine.submit(ServingRequest(prompt: tokens)).events { … }
/// ```
public final class ServingEngine: Sendable {
  /// The model that reads and answers.
  public let model: LanguageModel
  /// The longest sequence in tokens, prompt and answer together; at most what the model was made for.
  public let contextLength: Int
  /// The bytes that keys and values take at most.
  public let cacheBytes: Int
  private let loop: ServingLoop
  private let desk: ServingDesk

  /// Prepares to serve requests on the threads of `pool`.
  ///
  /// - Parameter observer: Is told how long things took.
  /// - Throws: When the memory for keys and values cannot be had.
  public init(
    _ model: LanguageModel, options: ServingOptions = .init(), pool: ThreadPool = ThreadPool(),
    observer: (any ServingObserver)? = nil
  ) throws(KeyValueCache.Failure) {
    self.model = model
    let pageLength = KeyValueMemory.pageLength
    let (contextLength, pages, pageBytes) = Self.memory(for: model.architecture, options)
    self.contextLength = contextLength
    cacheBytes = pages * pageBytes
    let context = try InferenceContext(
      model.transformer, contextLength: contextLength, capacity: pages * pageLength, cacheType: options.cacheType,
      pool: pool)
    desk = ServingDesk(
      limits: SchedulerLimits(
        pages: pages, pageLength: pageLength, running: options.running, waiting: options.waiting,
        promptTokens: options.promptTokens, promptTokensBesideAnswers: options.promptTokensBesideAnswers))
    loop = ServingLoop(
      context, pool: pool, model: model, contextLength: contextLength, desk: desk, observer: observer)
  }

  /// The memory for keys and values that an engine would have for a model, in bytes.
  public static func cacheBytes(for architecture: Architecture, options: ServingOptions) -> Int {
    let (_, pages, pageBytes) = memory(for: architecture, options)
    return pages * pageBytes
  }

  private static func memory(
    for architecture: Architecture, _ options: ServingOptions
  ) -> (contextLength: Int, pages: Int, pageBytes: Int) {
    let contextLength = max(1, min(options.contextLength ?? .max, architecture.contextLength))
    let pageBytes = KeyValueMemory.pageBytes(
      options.cacheType, layerCount: architecture.layers.count, headCount: architecture.attention.keyValueHeadCount,
      headSize: architecture.attention.headSize)
    // Beside one full context, each running request may have begun a page.
    let least = contextLength / KeyValueMemory.pageLength + 1 + options.running
    let usual = min(4 * least, max(least, 2_000_000_000 / pageBytes))
    return (contextLength, max(options.cacheBytes.map { $0 / pageBytes } ?? usual, least), pageBytes)
  }

  /// Takes a request; its events come in the stream, which ends after `finished` or with an error.
  ///
  /// Dropping the stream ends the request.
  ///
  /// - Throws: `SamplingParameterError`, `GenerationError` or `EngineOverloaded`, before anything is computed.
  public func submit(_ request: ServingRequest) throws -> ServingTicket {
    try check(request)
    let (stream, continuation) = AsyncThrowingStream<ServingEvent, any Error>.makeStream()
    let (id, mustStart) = try desk.take(request, continuation)
    continuation.onTermination = { [desk] _ in desk.cancel(id) }
    if mustStart { Task { [loop] in await loop.run() } }
    return ServingTicket(events: stream, continuation: continuation)
  }

  /// How many requests run and wait, and who has the pages.
  public var load: ServingLoad { desk.load }

  private func check(_ request: ServingRequest) throws {
    try request.options.sampling.validate()
    if let most = request.options.maximumTokens, most < 0 {
      throw GenerationError.nothingToGenerate(maximumTokens: most)
    }
    guard !request.prompt.isEmpty else { throw GenerationError.emptyPrompt }
    // An embedding and a prompt that is only read leave no room for an answer.
    let room = request.goal == .embedding || request.options.maximumTokens == 0 ? 0 : 1
    guard request.prompt.count + room <= contextLength else {
      throw GenerationError.promptTooLong(tokens: request.prompt.count, contextLength: contextLength)
    }
    let size = model.architecture.vocabularySize
    if let token = request.prompt.first(where: { $0 < 0 || $0 >= size }) {
      throw GenerationError.tokenOutOfRange(token: token, vocabularySize: size)
    }
  }
}

/// A request that an engine has taken.
public struct ServingTicket: Sendable {
  /// What the engine says about it; dropping the stream ends the request.
  public let events: AsyncThrowingStream<ServingEvent, any Error>
  fileprivate let continuation: AsyncThrowingStream<ServingEvent, any Error>.Continuation

  /// Ends the request from outside of whoever reads the events; for them the stream ends with `reason`.
  public func cancel(_ reason: any Error = CancellationError()) { continuation.finish(throwing: reason) }
}

/// How busy an engine is.
public struct ServingLoad: Sendable, Hashable {
  /// Requests that are being read or answered.
  public var running: Int
  /// Requests that wait for their turn.
  public var waiting: Int
  /// Pages of keys and values in all.
  public var pages: Int
  /// Pages that hold something of running requests.
  public var usedPages: Int
  /// Pages kept in case their tokens come again.
  public var keptPages: Int
  /// Pages that belong to nobody: always 0, or some were lost.
  public var lostPages: Int
  /// Positions in a page.
  public var pageLength: Int
  /// Tokens of prompts read since the engine began, those found in the cache not counted.
  public var promptTokens: Int
  /// Tokens of prompts found in the cache.
  public var reusedTokens: Int
  /// Tokens written.
  public var generatedTokens: Int
  /// Steps computed.
  public var steps: Int
}
