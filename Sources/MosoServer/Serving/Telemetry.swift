import HTTPTypes
import Hummingbird
import Logging
import MosoConversation
public import MosoEngine
import NIOCore
import Tracing

/// Counts, spans and log lines about requests.
struct Telemetry: Sendable {
  let metrics: ServerMetrics
  let logger: Logger

  /// A span around one request; it continues the client's trace where the client sends one.
  func begin(_ request: Request) -> any Span {
    var context = ServiceContext.topLevel
    InstrumentationSystem.instrument.extract(request.headers, into: &context, using: HeaderExtractor())
    return InstrumentationSystem.tracer.startSpan(
      "\(request.method.rawValue.prefix(20)) \(request.uri.path.prefix(100))", context: context, ofKind: .server)
  }

  /// Takes note of a reply when all of it is written.
  func end(_ response: inout Response, _ exchange: Exchange, api: String, _ span: any Span) {
    let status = response.status.code
    guard response.body.contentLength == nil, exchange.request.method != .head else {
      note(exchange, api: api, status: status, isComplete: true, span)
      return
    }
    let body = response.body
    response.body = ResponseBody { writer in
      do {
        try await body.write(writer)
      } catch {
        note(exchange, api: api, status: status, isComplete: false, span)
        throw error
      }
      note(exchange, api: api, status: status, isComplete: true, span)
    }
  }

  /// A request was refused.
  func refused(_ error: RequestError) { metrics.refused.cell("\(error.kind)").increment() }

  private func note(_ exchange: Exchange, api: String, status: Int, isComplete: Bool, _ span: any Span) {
    let model = exchange.record.model
    metrics.requests.cell(api, model, "\(status)").increment()
    if !isComplete || status == 499 { metrics.disconnects.increment() }
    span.attributes["http.response.status_code"] = status
    span.attributes["gen_ai.request.model"] = model
    span.attributes["moso.request"] = exchange.id
    if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
    span.end()
    let duration = ContinuousClock.now - exchange.arrival
    var metadata: Logger.Metadata = [
      "request": "\(exchange.id)", "method": "\(exchange.request.method.rawValue.prefix(20))",
      "path": "\(exchange.request.uri.path.prefix(200))", "status": .stringConvertible(status),
      "milliseconds": .stringConvertible(Int(duration / .milliseconds(1))),
    ]
    if !exchange.owner.isEmpty { metadata["owner"] = "\(exchange.owner)" }
    if !model.isEmpty { metadata["model"] = "\(model)" }
    if !isComplete { metadata["complete"] = .stringConvertible(false) }
    logger.info("request", metadata: metadata)
  }
}

/// Finds a trace's fields among the headers.
private struct HeaderExtractor: Extractor {
  func extract(key: String, from headers: HTTPFields) -> String? { HTTPField.Name(key).flatMap { headers[$0] } }
}

/// Puts what an engine is asked to tell into a model's series.
public struct ModelRecorder: ServingObserver {
  private let metrics: ModelMetrics

  /// A recorder for one model's series.
  public init(_ metrics: ModelMetrics) { self.metrics = metrics }

  public func firstToken(after duration: Duration) { metrics.timeToFirstToken.observe(duration / .seconds(1)) }

  public func nextToken(after duration: Duration) { metrics.interToken.observe(duration / .seconds(1)) }

  public func mask(took duration: Duration) { metrics.constrainedMask.observe(duration / .seconds(1)) }

  public func finished(_ summary: GenerationSummary) {
    metrics.promptTokens.increment(by: summary.promptTokens)
    metrics.cachedTokens.increment(by: summary.cachedTokens)
    metrics.generatedTokens.increment(by: summary.generatedTokens)
    metrics.queue.observe(summary.waitTime / .seconds(1))
    metrics.prefill.observe(summary.prefillTime / .seconds(1))
    metrics.decode.observe(summary.decodeTime / .seconds(1))
    metrics.endToEnd.observe((summary.waitTime + summary.prefillTime + summary.decodeTime) / .seconds(1))
    metrics.requestPromptTokens.observe(Double(summary.promptTokens))
    metrics.requestGeneratedTokens.observe(Double(summary.generatedTokens))
  }
}
