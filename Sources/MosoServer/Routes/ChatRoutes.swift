import HTTPTypes
import Hummingbird
import MosoConversation
import MosoEngine
import MosoFormats

/// OpenAI's chat completions.
struct ChatRoutes: Sendable {
  let service: AnswerService

  func add(to table: inout RouteTable) {
    table.add(.post, "/v1/chat/completions", .openAI) { try await answer($0) }
  }

  private func answer(_ exchange: Exchange) async throws -> Response {
    let codec = OpenAICodec()
    let request = try codec.decodeChatRequest(try await exchange.body())
    let asked = try await service.begin(request, exchange, prefix: "chatcmpl-")
    let created = WallClock.seconds
    if request.isStreamed == true {
      return asked.stream(
        ChatStreamEncoder(
          created: created, includesUsage: request.streamIncludesUsage == true, choiceCount: request.count ?? 1))
    }
    return Response(json: codec.encodeChat(try await asked.whole(), created: created), headers: asked.headers)
  }
}
