import Hummingbird
import MosoConversation
import MosoEngine
import MosoFormats
import MosoPrompting
import MosoTemplates
import MosoTokenizers

/// The tokenizer of a model, in the shapes of vLLM's server, which evaluation tools know.
struct TokenizerRoutes: Sendable {
  let shelf: ModelShelf

  func add(to table: inout RouteTable) {
    table.add(.post, "/tokenize", .openAI) { try await tokenize($0) }
    table.add(.post, "/detokenize", .openAI) { try await detokenize($0) }
    table.add(.get, "/tokenizer_info", .openAI) { try await information($0) }
  }

  private func tokenize(_ exchange: Exchange) async throws -> Response {
    let body = try object(try await exchange.body())
    let model = try await model(body)
    let tokenizer = model.model.tokenizer
    let special = try flag(body, "add_special_tokens") ?? true
    let tokens: [Int32]
    if let messages = body["messages"], messages != .null {
      guard body["prompt"] == nil || body["prompt"] == .null else {
        throw RequestError(
          .invalidRequest, "prompt and messages are both given, but only one of them may be", field: "prompt")
      }
      // As for an answer to them; what the codec of chats checks, it checks here too.
      let request = try OpenAICodec().decodeChatRequest(["model": "-", "messages": messages])
      tokens = try model.prepare(request).tokens
    } else {
      guard let text = body["prompt"]?.stringValue else {
        throw RequestError(
          .invalidRequest, "prompt is missing or no string, and there are no messages; send one of them",
          field: "prompt")
      }
      // As for a completion: evaluation tools look up control tokens by their names.
      tokens = tokenizer.encode(
        [TextSegment(text, mayContainControlTokens: true)], addBeginning: special && tokenizer.addsBeginningOfSequence)
    }
    var reply: JSONObject = [
      "count": .integer(tokens.count), "max_model_len": .integer(model.engine.contextLength),
      "tokens": .array(tokens.map { .integer(Int($0)) }),
    ]
    if try flag(body, "return_token_strs") == true {
      reply["token_strs"] = .array(tokens.map { .string(tokenizer.piece(of: $0) ?? "") })
    }
    return Response(json: .object(reply))
  }

  private func detokenize(_ exchange: Exchange) async throws -> Response {
    let body = try object(try await exchange.body())
    let model = try await model(body)
    let size = model.model.tokenizer.vocabularySize
    guard let list = body["tokens"]?.arrayValue else {
      throw RequestError(.invalidRequest, "tokens is missing or no array; send token ids", field: "tokens")
    }
    var tokens: [Int32] = []
    for (index, value) in list.enumerated() {
      guard let token = value.integerValue, (0..<size).contains(token) else {
        throw RequestError(
          .invalidRequest, "tokens.\(index) is no token id; the vocabulary has those from 0 to \(size - 1)",
          field: "tokens.\(index)")
      }
      tokens.append(Int32(token))
    }
    return Response(json: ["prompt": .string(model.model.tokenizer.decode(tokens, skipControlTokens: false))])
  }

  private func information(_ exchange: Exchange) async throws -> Response {
    let (_, model) = try await shelf.model(named: exchange.request.uri.queryParameters["model"].map(String.init))
    let tokenizer = model.model.tokenizer
    func piece(_ token: Int32?) -> JSONValue { token.flatMap { tokenizer.piece(of: $0) }.map { .string($0) } ?? .null }
    return Response(json: [
      "tokenizer_class": "MosoTokenizer", "vocab_size": .integer(tokenizer.vocabularySize),
      "bos_token": piece(tokenizer.beginningOfSequence), "eos_token": piece(tokenizer.endOfSequence),
      "pad_token": piece(tokenizer.padding), "unk_token": piece(tokenizer.unknown),
      "add_bos_token": .bool(tokenizer.addsBeginningOfSequence), "add_eos_token": .bool(tokenizer.addsEndOfSequence),
      "chat_template": .string(model.builder.template.sourceText),
      "model_max_length": .integer(model.engine.contextLength),
    ])
  }

  // MARK: Fields

  private func object(_ value: JSONValue) throws(RequestError) -> JSONObject {
    guard let object = value.objectValue else {
      throw RequestError(.invalidRequest, "the body is \(value.kind), but has to be an object")
    }
    return object
  }

  private func model(_ body: JSONObject) async throws -> AnsweringModel {
    if let value = body["model"], value != .null {
      guard let name = value.stringValue else {
        throw RequestError(.invalidRequest, "model is \(value.kind), but has to be a string", field: "model")
      }
      return try await shelf.model(named: name).model
    }
    return try await shelf.model(named: nil).model
  }

  private func flag(_ body: JSONObject, _ name: String) throws(RequestError) -> Bool? {
    guard let value = body[name], value != .null else { return nil }
    guard let flag = value.boolValue else {
      throw RequestError(.invalidRequest, "\(name) is \(value.kind), but has to be true or false", field: name)
    }
    return flag
  }
}
