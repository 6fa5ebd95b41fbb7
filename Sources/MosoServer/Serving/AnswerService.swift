import HTTPTypes
import Hummingbird
import Logging
import MosoConversation
import MosoEngine
import NIOCore
import Synchronization

/// What both APIs do to have a request answered.
struct AnswerService: Sendable {
  let shelf: ModelShelf
  let disconnects: Disconnects
  let settings: ServerSettings
  /// Where questions and answers are logged; `nil` unless somebody asked for it.
  let logger: Logger?

  /// Takes a request in; nothing of it is computed when this throws.
  ///
  /// - Parameter prefix: What the answer's name begins with.
  func begin(_ request: GenerationRequest, _ exchange: Exchange, prefix: String) async throws -> OpenAnswer {
    var request = request
    // Which numbers are drawn is told, so that any answer can be had again.
    let seed = try exchange.seed() ?? request.sampling.seed ?? .random(in: 0...UInt64(Int64.max))
    request.sampling.seed = seed
    if request.maximumTokens == nil { request.maximumTokens = settings.defaultMaxTokens }
    setThinking(&request)
    let (name, model) = try await shelf.model(named: request.model)
    exchange.record.model = name
    logger?.info(
      "question",
      metadata: [
        "request": "\(exchange.id)", "text": .conversation(request.messages.last { $0.role == .user }?.text ?? ""),
      ])
    var prepared = try model.prepare(request)
    let id = RandomName.make(prefix: prefix, length: 24)
    var events: [AnswerEvents] = []
    for choice in 0..<(request.count ?? 1) {
      prepared.options.sampling.seed = seed &+ UInt64(choice)
      do throws(RequestError) {
        events.append(try model.events(for: prepared, owner: exchange.owner, id: id))
      } catch {
        events.forEach { $0.cancel() }
        throw error
      }
    }
    return OpenAnswer(
      choices: events, headers: exchange.headers(seed: seed, ignored: Self.ignored(request)), exchange: exchange,
      service: self)
  }

  /// Has a request think that does not say whether it should, as the settings have it.
  func setThinking(_ request: inout GenerationRequest) {
    guard request.thinking == nil else { return }
    switch settings.thinking {
    case .auto: break
    case .on: request.thinking = ThinkingRequest(.adaptive)
    case .off: request.thinking = ThinkingRequest(.disabled)
    }
  }

  /// The fields that were passed over: those that nobody knows, but for what goes to the chat template as it is.
  static func ignored(_ request: GenerationRequest) -> [String] {
    request.unknownFields.filter { !$0.hasPrefix("chat_template_kwargs") }
  }

  /// Takes note of an answer, where somebody asked for it.
  func log(_ answer: GenerationResponse?, _ exchange: Exchange) {
    guard let logger, let answer else { return }
    let text = Message(.assistant, answer.content).text
    logger.info("answer", metadata: ["request": "\(exchange.id)", "text": .conversation(text)])
  }

  /// Runs `body`, and `cancel` if the client goes away or the time is over before it ends.
  func guarded<Result>(
    _ exchange: Exchange, cancel: @escaping @Sendable (any Error) -> Void, _ body: () async throws -> Result
  ) async throws -> Result {
    let timeout = settings.requestTimeout
    let timer =
      timeout > 0
      ? Task {
        try await Task.sleep(for: .seconds(timeout))
        cancel(RequestError(.timeout, "the request took longer than the \(Int(timeout)) seconds that are allowed here"))
      } : nil
    defer { timer?.cancel() }
    return try await disconnects.watch(exchange.context.channel, onDisconnect: cancel, body)
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

extension Exchange {
  /// What a reply says beside the answer: the seed, and the fields that were passed over.
  func headers(seed: UInt64? = nil, ignored: [String]) -> HTTPFields {
    var headers: HTTPFields = seed.map { [.seed: "\($0)"] } ?? [:]
    if !ignored.isEmpty {
      let list = ignored.prefix(32).joined(separator: ", ")
      headers[.ignoredFields] = String(
        decoding: list.utf8.prefix(1_000).map { 0x20...0x7E ~= $0 ? $0 : 0x3F }, as: UTF8.self)
    }
    return headers
  }
}
