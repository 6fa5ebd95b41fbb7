import HTTPTypes
import Hummingbird
import MosoConversation
import MosoEngine
import NIOCore
import Synchronization

/// What both APIs do to have a request answered.
struct Answering: Sendable {
  private let shelf: ModelShelf
  private let exchange: Exchange
  private let disconnects: Disconnects

  init(_ shelf: ModelShelf, _ exchange: Exchange, _ disconnects: Disconnects) {
    self.shelf = shelf
    self.exchange = exchange
    self.disconnects = disconnects
  }

  /// Takes a request in; nothing of it is computed when this throws.
  ///
  /// - Parameter prefix: What the answer's name begins with.
  func begin(_ request: GenerationRequest, prefix: String) async throws -> OpenAnswer {
    var request = request
    // Which numbers are drawn is told, so that any answer can be had again.
    let seed = try exchange.seed() ?? request.sampling.seed ?? .random(in: 0...UInt64(Int64.max))
    request.sampling.seed = seed
    let (_, model) = try await shelf.model(named: request.model)
    let prepared = try model.prepare(request)
    let events = try model.events(
      for: prepared, owner: exchange.owner, id: RandomName.make(prefix: prefix, length: 24))
    var headers: HTTPFields = [.seed: "\(seed)"]
    let unknown = request.unknownFields
    if !unknown.isEmpty { headers[.ignoredFields] = unknown.prefix(32).joined(separator: ", ") }
    return OpenAnswer(events: events, headers: headers, channel: exchange.context.channel, disconnects: disconnects)
  }
}

extension Exchange {
  /// The seed that a header asks for, in the dialects that have no field for it.
  func seed() throws(RequestError) -> UInt64? {
    guard let text = header(.seed) else { return nil }
    guard let seed = UInt64(text) else {
      throw RequestError(
        .invalidRequest, "moso-seed is \"\(text.prefix(40))\", but has to be a whole number from 0 on",
        field: "moso-seed")
    }
    return seed
  }
}

/// Writes the events of an answer in the words of one API.
protocol StreamEncoder: Sendable {
  /// The bytes that say an event; none where the API has no word for it.
  mutating func frames(for event: GenerationEvent) -> [UInt8]
}

extension MessagesStreamEncoder: StreamEncoder {}

/// An answer that is on its way.
struct OpenAnswer: Sendable {
  let events: AnswerEvents
  /// What the reply says beside the answer.
  let headers: HTTPFields
  let channel: any Channel
  let disconnects: Disconnects

  /// The whole answer, once it is complete. A client that goes away ends it.
  func whole() async throws -> GenerationResponse {
    try await disconnects.watch(channel, onDisconnect: events.cancel) {
      var assembler = AnswerAssembler()
      for try await event in events { try assembler.add(event) }
      guard let response = assembler.response else { throw CancellationError() }
      return response
    }
  }

  /// The reply that carries the events as they come.
  func stream(_ encoder: some StreamEncoder) -> Response {
    var headers = headers
    headers[.contentType] = "text/event-stream; charset=utf-8"
    headers[.cacheControl] = "no-cache"
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        try await disconnects.watch(channel, onDisconnect: events.cancel) { try await write(encoder, to: &writer) }
        try await writer.finish(nil)
      })
  }

  private func write(_ encoder: some StreamEncoder, to writer: inout any ResponseBodyWriter) async throws {
    var encoder = encoder
    var hasBegun = false
    do {
      for try await event in events {
        let bytes: [UInt8]
        if case .ping = event, !hasBegun {
          // Nothing may come before the first event, except what clients pass over.
          bytes = Array(": waiting\n\n".utf8)
        } else {
          bytes = encoder.frames(for: event)
          hasBegun = true
        }
        if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
      }
    } catch let error as RequestError {
      try await writer.write(ByteBuffer(bytes: encoder.frames(for: .failed(error))))
    }
  }
}
