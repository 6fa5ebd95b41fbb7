/// What the server counts about itself.
///
/// Series of a model are had once, with `model(_:)`, and kept; the others are looked up when a request ends.
public struct ServerMetrics: Sendable {
  /// Where they are registered, and more may be.
  public let registry: MetricRegistry

  /// Requests answered, by `api` (such as `messages`), `model` and `status` (such as `200`).
  public let requests: MetricFamily<MetricCounter>
  /// Requests refused before they reached a model, by `reason`.
  public let refused: MetricFamily<MetricCounter>
  /// Answers whose reader went away.
  public let disconnects: MetricCounter
  /// Models in memory.
  public let modelsLoaded: MetricGauge
  /// Connections that are open.
  public let connectionsOpen: MetricGauge

  private let models: ModelFamilies

  /// Registers the server's metrics.
  public init(registry: MetricRegistry = MetricRegistry()) {
    self.registry = registry
    requests = registry.counter(
      "moso_requests_total", "Requests answered, by the status of the answer.", labels: ["api", "model", "status"])
    refused = registry.counter(
      "moso_refused_total", "Requests refused before they reached a model.", labels: ["reason"])
    disconnects = registry.counter("moso_disconnects_total", "Answers whose reader went away before the end.").cell()
    modelsLoaded = registry.gauge("moso_models_loaded", "Models in memory.").cell()
    connectionsOpen = registry.gauge("moso_connections_open", "Connections that are open.").cell()
    models = ModelFamilies(registry)
    // This one is named as every Prometheus client library names it, for dashboards know that name.
    let memory = registry.gauge(
      "process_resident_memory_bytes", "Memory of the process that is in the machine's memory, in bytes.")
    registry.onExposition {
      if let bytes = ProcessMemory.residentBytes { memory.cell().set(bytes) }
    }
  }

  /// The series of one model.
  public func model(_ name: String) -> ModelMetrics { ModelMetrics(models, name) }
}

/// What is counted for one model.
public struct ModelMetrics: Sendable {
  /// Tokens of prompts, those found in the cache included.
  public let promptTokens: MetricCounter
  /// Tokens of prompts that were found in the cache and not read again.
  public let cachedTokens: MetricCounter
  /// Tokens written.
  public let generatedTokens: MetricCounter

  /// Requests that are being read or answered.
  public let running: MetricGauge
  /// Requests that wait for their turn.
  public let waiting: MetricGauge
  /// Pages of keys and values that running requests hold.
  public let usedPages: MetricGauge
  /// Pages kept in case their tokens come again.
  public let keptPages: MetricGauge
  /// Pages in all.
  public let pages: MetricGauge
  /// Pages that belong to nobody: always 0, or some were lost.
  public let lostPages: MetricGauge

  /// Seconds from a request's arrival to the first token of its answer.
  public let timeToFirstToken: MetricHistogram
  /// Seconds between two tokens of an answer.
  public let interToken: MetricHistogram
  /// Seconds from a request's arrival to the end of its answer.
  public let endToEnd: MetricHistogram
  /// Seconds a request waited for its turn.
  public let queue: MetricHistogram
  /// Seconds from a request's turn to the first token of its answer.
  public let prefill: MetricHistogram
  /// Seconds from the first to the last token of an answer.
  public let decode: MetricHistogram
  /// Seconds it took to find out which tokens a grammar allows next.
  public let constrainedMask: MetricHistogram
  /// Tokens of one request's prompt.
  public let requestPromptTokens: MetricHistogram
  /// Tokens of one answer.
  public let requestGeneratedTokens: MetricHistogram

  fileprivate init(_ families: ModelFamilies, _ model: String) {
    promptTokens = families.promptTokens.cell(model)
    cachedTokens = families.cachedTokens.cell(model)
    generatedTokens = families.generatedTokens.cell(model)
    running = families.running.cell(model)
    waiting = families.waiting.cell(model)
    usedPages = families.usedPages.cell(model)
    keptPages = families.keptPages.cell(model)
    pages = families.pages.cell(model)
    lostPages = families.lostPages.cell(model)
    timeToFirstToken = families.timeToFirstToken.cell(model)
    interToken = families.interToken.cell(model)
    endToEnd = families.endToEnd.cell(model)
    queue = families.queue.cell(model)
    prefill = families.prefill.cell(model)
    decode = families.decode.cell(model)
    constrainedMask = families.constrainedMask.cell(model)
    requestPromptTokens = families.requestPromptTokens.cell(model)
    requestGeneratedTokens = families.requestGeneratedTokens.cell(model)
  }
}

/// The families that have a series for each model.
private struct ModelFamilies: Sendable {
  let promptTokens: MetricFamily<MetricCounter>
  let cachedTokens: MetricFamily<MetricCounter>
  let generatedTokens: MetricFamily<MetricCounter>
  let running: MetricFamily<MetricGauge>
  let waiting: MetricFamily<MetricGauge>
  let usedPages: MetricFamily<MetricGauge>
  let keptPages: MetricFamily<MetricGauge>
  let pages: MetricFamily<MetricGauge>
  let lostPages: MetricFamily<MetricGauge>
  let timeToFirstToken: MetricFamily<MetricHistogram>
  let interToken: MetricFamily<MetricHistogram>
  let endToEnd: MetricFamily<MetricHistogram>
  let queue: MetricFamily<MetricHistogram>
  let prefill: MetricFamily<MetricHistogram>
  let decode: MetricFamily<MetricHistogram>
  let constrainedMask: MetricFamily<MetricHistogram>
  let requestPromptTokens: MetricFamily<MetricHistogram>
  let requestGeneratedTokens: MetricFamily<MetricHistogram>

  /// From what a processor's cache answers to what a client waits for at most.
  private static let waits = MetricHistogram.Buckets(
    [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300, 600])
  /// Around the speeds at which processors write and people read.
  private static let gaps = MetricHistogram.Buckets(
    [0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2.5, 10])
  private static let masks = MetricHistogram.Buckets(
    [0.000_01, 0.000_025, 0.000_05, 0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 1])
  /// Powers of two up to the longest contexts.
  private static let tokens = MetricHistogram.Buckets((0...18).map { Double(1 << $0) })

  init(_ registry: MetricRegistry) {
    func counter(_ name: String, _ help: String) -> MetricFamily<MetricCounter> {
      registry.counter("moso_\(name)_total", help, labels: ["model"])
    }
    func gauge(_ name: String, _ help: String) -> MetricFamily<MetricGauge> {
      registry.gauge("moso_\(name)", help, labels: ["model"])
    }
    func histogram(
      _ name: String, _ help: String, _ buckets: MetricHistogram.Buckets
    ) -> MetricFamily<MetricHistogram> {
      registry.histogram("moso_\(name)", help, labels: ["model"], buckets: buckets)
    }
    promptTokens = counter("prompt_tokens", "Tokens of prompts, those found in the cache included.")
    cachedTokens = counter("cached_tokens", "Tokens of prompts that were found in the cache.")
    generatedTokens = counter("generated_tokens", "Tokens written.")
    running = gauge("requests_running", "Requests that are being read or answered.")
    waiting = gauge("requests_waiting", "Requests that wait for their turn.")
    usedPages = gauge("kv_pages_used", "Pages of keys and values that running requests hold.")
    keptPages = gauge("kv_pages_kept", "Pages of keys and values kept in case their tokens come again.")
    pages = gauge("kv_pages_capacity", "Pages of keys and values in all.")
    lostPages = gauge(
      "kv_pages_lost", "Pages of keys and values that belong to nobody; always 0 unless some were lost.")
    timeToFirstToken = histogram(
      "time_to_first_token_seconds", "Seconds from a request's arrival to the first token of its answer.", Self.waits)
    interToken = histogram("inter_token_seconds", "Seconds between two tokens of an answer.", Self.gaps)
    endToEnd = histogram(
      "end_to_end_seconds", "Seconds from a request's arrival to the end of its answer.", Self.waits)
    queue = histogram("queue_seconds", "Seconds a request waited for its turn.", Self.waits)
    prefill = histogram(
      "prefill_seconds", "Seconds from a request's turn to the first token of its answer.", Self.waits)
    decode = histogram("decode_seconds", "Seconds from the first to the last token of an answer.", Self.waits)
    constrainedMask = histogram(
      "constrained_mask_seconds", "Seconds it took to find out which tokens a grammar allows next.", Self.masks)
    requestPromptTokens = histogram("request_prompt_tokens", "Tokens of one request's prompt.", Self.tokens)
    requestGeneratedTokens = histogram("request_generated_tokens", "Tokens of one answer.", Self.tokens)
  }
}
