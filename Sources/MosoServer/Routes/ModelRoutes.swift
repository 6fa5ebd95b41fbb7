import HTTPTypes
import Hummingbird
import MosoConversation

/// The models that can be had, in the shape of whichever API the client speaks.
struct ModelRoutes: Sendable {
  let shelf: ModelShelf

  func add(to table: inout RouteTable) {
    table.add(.get, "/v1/models") { try await list($0) }
    table.add(.get, "/v1/models/*") { try await one($0) }
  }

  private func list(_ exchange: Exchange) async throws -> Response {
    _ = try MessagesVersion(header: exchange.header(.anthropicVersion))
    let models = await shelf.models
    let query = exchange.request.uri.queryParameters
    let page = try ModelPage(
      limit: query["limit"].map(String.init), afterID: query["after_id"].map(String.init),
      beforeID: query["before_id"].map(String.init))
    guard exchange.header(.anthropicVersion) != nil else { return Response(json: OpenAICodec().encode(models)) }
    return Response(json: try MessagesCodec().encode(models, page: page))
  }

  private func one(_ exchange: Exchange) async throws -> Response {
    _ = try MessagesVersion(header: exchange.header(.anthropicVersion))
    guard let model = await shelf.models.first(where: { $0.id == exchange.parameter }) else {
      throw RequestError(.notFound, "there is no model \"\(exchange.parameter.prefix(200))\" here", field: "model")
    }
    return Response(
      json: exchange.header(.anthropicVersion) == nil ? OpenAICodec().encode(model) : MessagesCodec().encode(model))
  }
}
