import HTTPTypes
import Hummingbird
import MosoConversation
import MosoEngine
import MosoFormats

/// The Messages API.
struct MessagesRoutes: Sendable {
  let service: AnswerService

  func add(to table: inout RouteTable) {
    table.add(.post, "/v1/messages", .messages) { try await answer($0) }
    table.add(.post, "/v1/messages/count_tokens", .messages) { try await countTokens($0) }
  }

  private func codec(_ exchange: Exchange) throws(RequestError) -> MessagesCodec {
    MessagesCodec(version: try MessagesVersion(header: exchange.header(.anthropicVersion)))
  }

  private func countTokens(_ exchange: Exchange) async throws -> Response {
    let codec = try codec(exchange)
    var request = try codec.decodeCountRequest(try await exchange.body())
    service.setThinking(&request)
    let (name, model) = try await service.shelf.model(named: request.model)
    exchange.record.model = name
    return Response(
      json: codec.encodeCount(inputTokens: try model.countTokens(request)),
      headers: exchange.headers(ignored: AnswerService.ignored(request)))
  }

  private func answer(_ exchange: Exchange) async throws -> Response {
    let codec = try codec(exchange)
    let request = try codec.decodeRequest(try await exchange.body())
    let asked = try await service.begin(request, exchange, prefix: "msg_")
    if request.isStreamed == true {
      return asked.stream(MessagesStreamEncoder(requestID: exchange.id))
    }
    let answers = try await asked.whole()
    return Response(json: codec.encode(answers[0]), headers: asked.headers)
  }
}
