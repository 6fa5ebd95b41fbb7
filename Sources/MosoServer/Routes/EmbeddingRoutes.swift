import Hummingbird
import MosoConversation
import MosoEngine
import MosoFormats
import MosoModel
import MosoTokenizers

/// OpenAI's embeddings.
struct EmbeddingRoutes: Sendable {
  let service: AnswerService

  /// How many inputs of one request are with the engine at a time: as many as it computes together, and as many behind them.
  private static let ahead = 32

  func add(to table: inout RouteTable) {
    table.add(.post, "/v1/embeddings", .openAI) { try await answer($0) }
  }

  private func answer(_ exchange: Exchange) async throws -> Response {
    let codec = OpenAICodec()
    let request = try codec.decodeEmbeddingRequest(try await exchange.body())
    let (name, model) = try await service.shelf.model(named: request.model)
    exchange.record.model = name
    let width = model.model.architecture.width
    if let dimensions = request.dimensions, dimensions > width {
      throw RequestError(
        .invalidRequest, "dimensions is \(dimensions), but this model's vectors have \(width)", field: "dimensions")
    }
    let prompts = try request.inputs.enumerated().map { try tokens(of: $0.element, at: $0.offset, model) }
    let tickets = Tickets()
    let vectors = try await service.guarded(exchange, cancel: tickets.cancel) {
      func part(_ index: Int) -> ServingRequest {
        ServingRequest(prompt: prompts[index], owner: exchange.owner, goal: .embedding)
      }
      // Whether there is room at all is found out before anything is waited for.
      var handedIn = [try tickets.take(part(0), by: model.engine)]
      var vectors: [[Float]] = []
      while vectors.count < prompts.count {
        // Short texts take as long alone as together, so more are handed in than are computed at a time.
        while handedIn.count < min(prompts.count, vectors.count + Self.ahead) {
          handedIn.append(try await tickets.takeWhenPossible(part(handedIn.count), by: model.engine))
        }
        let number = vectors.count
        for try await case .embedding(let vector) in handedIn[number].events {
          vectors.append(request.dimensions.map { shortened(vector, to: $0) } ?? vector)
        }
        guard vectors.count == number + 1 else { throw CancellationError() }
      }
      return vectors
    }
    return Response(
      json: codec.encodeEmbeddings(
        vectors, model: request.model, promptTokens: prompts.reduce(0) { $0 + $1.count }, encoding: request.encoding),
      headers: exchange.headers(ignored: request.unknownFields))
  }

  private func tokens(
    of input: CompletionRequest.Prompt, at index: Int, _ model: AnsweringModel
  ) throws(RequestError) -> [Int32] {
    let tokenizer = model.model.tokenizer
    let tokens =
      switch input {
      case .text(let text): tokenizer.encode(text, addBeginning: tokenizer.addsBeginningOfSequence)
      case .tokens(let tokens): tokens
      }
    guard !tokens.isEmpty else {
      throw RequestError(.invalidRequest, "input \(index) has no tokens; give at least one character", field: "input")
    }
    guard tokens.count <= model.engine.contextLength else {
      throw .promptTooLong(tokens: tokens.count, maximum: model.engine.contextLength)
    }
    return tokens
  }

  /// The first numbers of a vector, made to have length 1 again.
  private func shortened(_ vector: [Float], to dimensions: Int) -> [Float] {
    let kept = vector.prefix(dimensions)
    let length = kept.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return kept.map { length > 0 ? $0 / length : 0 }
  }
}
