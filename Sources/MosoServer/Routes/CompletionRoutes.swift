import HTTPTypes
import Hummingbird
import MosoConversation
import MosoEngine
import MosoFormats
import NIOCore

/// OpenAI's completions: texts continued or measured as they are, without a conversation around them.
struct CompletionRoutes: Sendable {
  let service: AnswerService

  func add(to table: inout RouteTable) {
    table.add(.post, "/v1/completions", .openAI) { try await answer($0) }
  }

  private func answer(_ exchange: Exchange) async throws -> Response {
    let codec = OpenAICodec()
    let request = try codec.decodeCompletionRequest(try await exchange.body())
    let (name, model) = try await service.shelf.model(named: request.model)
    exchange.record.model = name
    let seed = try exchange.seed() ?? request.sampling.seed ?? .random(in: 0...UInt64(Int64.max))
    let continuations = try Continuation.all(of: request, on: model, owner: exchange.owner, seed: seed)
    let headers = exchange.headers(seed: seed, ignored: request.unknownFields)
    let id = RandomName.make(prefix: "cmpl-", length: 24)
    let tickets = Tickets()
    if request.isStreamed {
      let newEncoder = CompletionStreamEncoder(
        created: WallClock.seconds, includesUsage: request.streamIncludesUsage, promptCount: request.prompts.count,
        countPerPrompt: request.count ?? 1)
      // The first is begun before the reply, so that a server that is full can say so.
      let first = try continuations[0].begin(tickets)
      return .events(headers, on: exchange.context.channel.eventLoop) { writer in
        var encoder = newEncoder
        try await service.guarded(exchange, cancel: tickets.cancel) {
          do {
            for (choice, continuation) in continuations.enumerated() {
              let ticket = choice == 0 ? first : try await continuation.beginWhenPossible(tickets)
              for try await step in ticket.events {
                let bytes = continuation.frames(for: step, choice: choice, id: id, request: request, &encoder)
                if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
              }
            }
          } catch let error as RequestError {
            try await writer.write(ByteBuffer(bytes: encoder.frames(for: .failed(error))))
          } catch let error as SamplingError {
            let failure = RequestError(.server, "\(error)")
            try await writer.write(ByteBuffer(bytes: encoder.frames(for: .failed(failure))))
          }
        }
      }
    }
    let response = try await service.guarded(exchange, cancel: tickets.cancel) {
      try await Continuation.whole(continuations, request, id: id, tickets)
    }
    return Response(json: codec.encode(response, created: WallClock.seconds), headers: headers)
  }
}
