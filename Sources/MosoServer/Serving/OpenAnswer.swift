import HTTPTypes
import Hummingbird
import MosoConversation
import MosoEngine
import NIOCore

/// Writes the events of answers in the words of one API.
protocol StreamEncoder: Sendable {
  /// The bytes that say an event of one of the answers; none where the API has no word for it.
  mutating func frames(for event: GenerationEvent, choice: Int) -> [UInt8]
}

extension MessagesStreamEncoder: StreamEncoder {
  mutating func frames(for event: GenerationEvent, choice: Int) -> [UInt8] { frames(for: event) }
}

extension ChatStreamEncoder: StreamEncoder {}

/// Answers to one request that are on their way: one, or as many as it asked for.
struct OpenAnswer: Sendable {
  let choices: [AnswerEvents]
  /// What the reply says beside the answers.
  let headers: HTTPFields
  let exchange: Exchange
  let service: AnswerService

  /// The whole answers, once they are complete. A client that goes away ends them.
  func whole() async throws -> [GenerationResponse] {
    try await service.guarded(exchange, cancel: cancel) {
      // Each has been begun already; reading them one after another holds up none.
      var responses: [GenerationResponse] = []
      for events in choices {
        var assembler = AnswerAssembler()
        for try await event in events { try assembler.add(event) }
        guard let response = assembler.response else { throw CancellationError() }
        service.log(response, exchange)
        responses.append(response)
      }
      return responses
    }
  }

  /// The reply that carries the events as they come.
  func stream(_ encoder: some StreamEncoder) -> Response {
    .events(headers, on: exchange.context.channel.eventLoop) { writer in
      var encoder = encoder
      try await service.guarded(exchange, cancel: cancel) {
        do {
          var hasBegun = false
          var assemblers = service.logger == nil ? [] : choices.map { _ in AnswerAssembler() }
          for try await (choice, event) in MergedEvents(choices) {
            if !assemblers.isEmpty {
              try assemblers[choice].add(event)
              service.log(assemblers[choice].response, exchange)
            }
            var bytes = encoder.frames(for: event, choice: choice)
            // Nothing may come before the first event, except what clients pass over.
            if case .ping = event, !hasBegun { bytes = Array(": waiting\n\n".utf8) } else { hasBegun = true }
            if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
          }
        } catch let error as RequestError {
          try await writer.write(ByteBuffer(bytes: encoder.frames(for: .failed(error), choice: 0)))
        } catch let error as SamplingError {
          let failure = GenerationEvent.failed(RequestError(.server, "\(error)"))
          try await writer.write(ByteBuffer(bytes: encoder.frames(for: failure, choice: 0)))
        }
      }
    }
  }

  private func cancel(_ reason: any Error) { choices.forEach { $0.cancel(reason) } }
}

extension Response {
  /// A reply of server-sent events, which `write` writes on the connection's event loop.
  static func events(
    _ headers: HTTPFields, on loop: any EventLoop,
    _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
  ) -> Response {
    var headers = headers
    headers[.contentType] = "text/event-stream; charset=utf-8"
    headers[.cacheControl] = "no-cache"
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        try await withTaskExecutorPreference(LoopExecutor(loop)) { try await write(&writer) }
        try await writer.finish(nil)
      })
  }
}
