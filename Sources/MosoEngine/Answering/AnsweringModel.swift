public import MosoConversation
import MosoFormats
public import MosoPrompting
import MosoTemplates
import MosoTokenizers

/// A model that answers requests: it turns them into prompts, has them served, and reads the answers.
///
/// ```swift
/// let model = try AnsweringModel(engine)
/// let answer = try model.prepare(request)
/// for try await event in try model.events(for: answer, owner: "ada") { … }
/// ```
public final class AnsweringModel: Sendable {
  /// How thoughts are signed, so that they can be trusted when they come back.
  public struct Signature: Sendable {
    /// Makes the signature of a text.
    public var sign: @Sendable (String) -> String
    /// Whether a signature belongs to a text.
    public var verify: @Sendable (_ text: String, _ signature: String) -> Bool

    /// A way to sign and verify.
    public init(
      sign: @escaping @Sendable (String) -> String, verify: @escaping @Sendable (String, String) -> Bool
    ) {
      self.sign = sign
      self.verify = verify
    }
  }

  /// What serves the requests.
  public let engine: ServingEngine
  /// Turns requests into prompts.
  public let builder: PromptBuilder
  private let signature: Signature?
  /// Control tokens by their text: the same letters in text are just letters.
  private let controlTokens: [String: Int32]
  private let constraints: ConstraintStore

  /// The model behind the engine.
  public var model: LanguageModel { engine.model }

  /// Prepares to answer with a model.
  ///
  /// - Throws: `TemplateError` when the model's own chat template cannot be read.
  public init(_ engine: ServingEngine, signature: Signature? = nil) throws {
    self.engine = engine
    self.signature = signature
    let model = engine.model
    if let error = model.templateError { throw error }
    builder = try PromptBuilder(
      template: model.chatTemplate, tokens: model.templateTokens,
      isUnchanged: { thoughts in signature?.verify(thoughts.text, thoughts.signature) ?? false })
    let tokenizer = model.tokenizer
    constraints = ConstraintStore(tokenizer)
    var controlTokens: [String: Int32] = [:]
    for token in 0..<Int32(tokenizer.vocabularySize) where tokenizer.isControl(token) {
      if let piece = tokenizer.piece(of: token) { controlTokens[piece] = token }
    }
    self.controlTokens = controlTokens
  }

  /// What clients may expect of the model.
  public var capabilities: Set<ModelInfo.Capability> {
    builder.traits.canSwitchThinking ? [.structuredOutputs, .thinking] : [.structuredOutputs]
  }

  // MARK: Preparing

  /// Makes a request's prompt and checks that it can be answered.
  ///
  /// - Throws: `RequestError`; nothing has been computed then.
  public func prepare(_ request: GenerationRequest) throws(RequestError) -> PreparedAnswer {
    let prompt = try self.prompt(for: request)
    let tokens = model.tokens(of: prompt.segments)
    let room = engine.contextLength - tokens.count
    guard room > 0 || (room == 0 && request.maximumTokens == 0) else {
      throw .promptTooLong(tokens: tokens.count, maximum: engine.contextLength)
    }
    let counts = prompt.tokenCounts(in: tokens) { self.model.tokens(of: $0) }
    var options = try options(for: request)
    options.constraint = try constraints.constraint(
      for: request, prompt, paths: request.wire == .openAI ? .chatCompletions : .messages
    ) { controlTokens[$0] }
    if case .enabled(let most) = request.thinking?.mode { options.thoughtBudget = budget(most, prompt) }
    return PreparedAnswer(
      request: request, prompt: prompt, tokens: tokens,
      breakpoints: zip(counts, prompt.breakpoints).map { count, place in
        PreparedAnswer.Breakpoint(tokens: count, isForAnHour: place.control.timeToLive == "1h")
      },
      options: options)
  }

  /// The prompt of a request whose content and tools the model can take.
  private func prompt(for request: GenerationRequest) throws(RequestError) -> Prompt {
    if let content = request.unsupportedContent.first {
      throw RequestError(
        .invalidRequest,
        "\(content.field) is of the type \(content.type), which this model cannot read; send its content as text",
        field: content.field)
    }
    if let (index, tool) = (request.tools ?? []).enumerated().first(where: { $0.element.isRunByServers }) {
      throw RequestError(
        .invalidRequest,
        "tools.\(index) is of the type \(tool.type ?? ""), which runs on a server of its maker; name a tool of your own",
        field: "tools.\(index).type")
    }
    if let index = (request.tools ?? []).firstIndex(where: \.name.isEmpty) {
      throw RequestError(
        .invalidRequest, "tools.\(index) has no name, so the model could not call it; give it one",
        field: "tools.\(index).name")
    }
    do throws(TemplateError) { return try builder.prompt(for: request) } catch {
      throw RequestError(
        .invalidRequest, "the model's chat template refuses the conversation: \(error)", field: "messages")
    }
  }

  private func budget(_ most: Int, _ prompt: Prompt) -> ThoughtBudget {
    let format = prompt.thinkingFormat
    let closing = TextSegment("\n\(format.closing)\n\n", mayContainControlTokens: true)
    return ThoughtBudget(
      most: most, opening: format.opening, closing: format.closing, closingTokens: model.tokenizer.encode([closing]),
      isOpen: prompt.answerStart == .thinking)
  }

  /// How many tokens a request's prompt has.
  public func countTokens(_ request: GenerationRequest) throws(RequestError) -> Int {
    model.tokens(of: try prompt(for: request).segments).count
  }

  private func options(for request: GenerationRequest) throws(RequestError) -> GenerationOptions {
    let sampling = try request.sampling.parameters(over: model.recommendedSampling)
    return GenerationOptions(
      sampling: sampling, maximumTokens: request.maximumTokens, stopStrings: request.stopSequences ?? [],
      reportedAlternatives: request.logProbabilities.map { $0.alternatives ?? 0 })
  }

  // MARK: Answering

  /// Begins to answer; the events come as they are computed. Dropping them ends the request.
  ///
  /// - Parameters:
  ///   - owner: Whose request it is; see `ServingRequest.owner`.
  ///   - id: Names the answer.
  ///   - name: The model's name in the answer; `nil` for the one that the request called it by.
  /// - Throws: `RequestError` when the engine takes no more requests.
  public func events(
    for answer: PreparedAnswer, owner: String, id: String, name: String? = nil
  ) throws(RequestError) -> AnswerEvents {
    var options = AnswerReader.Options()
    options.controlTokens = Set(controlTokens.keys)
    options.callsAreCertain = answer.options.constraint != nil
    options.sign = signature?.sign
    let request = ServingRequest(prompt: answer.tokens, owner: owner, options: answer.options)
    return AnswerEvents(
      try engine.take(request), answer: answer, reader: AnswerReader(prompt: answer.prompt, options: options),
      tokenizer: model.tokenizer, id: id, name: name ?? answer.request.model)
  }
}

extension Tool {
  /// Whether the tool is one that a server of the Messages API's maker runs by itself.
  fileprivate var isRunByServers: Bool {
    let kinds = ["web_search_", "web_fetch_", "code_execution_", "tool_search_tool_"]
    return kinds.contains { type?.hasPrefix($0) == true }
  }
}

extension ServingEngine {
  /// Takes a request, and says in a client's words why not.
  public func take(
    _ request: ServingRequest
  ) throws(RequestError) -> ServingTicket {
    do {
      return try submit(request)
    } catch let error as EngineOverloaded {
      throw RequestError(.overloaded, "\(error)", retryAfter: 2)
    } catch GenerationError.promptTooLong(let tokens, let length) {
      throw .promptTooLong(tokens: tokens, maximum: length)
    } catch {
      throw RequestError(.invalidRequest, "\(error)")
    }
  }
}
