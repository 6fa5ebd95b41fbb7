public import MosoConversation
public import MosoEngine

/// A conversation with a model.
///
/// ```swift
/// let chat = try Chat(with: await LanguageModel.open("smollm2"))
/// for try await text in chat.respond(to: "Why is the sky blue?") { print(text, terminator: "") }
/// ```
///
/// What the model has read stays in its cache, so each answer costs only what is new.
public actor Chat {
  public nonisolated let model: LanguageModel
  public nonisolated let session: Session
  /// What was said so far.
  public private(set) var conversation: Conversation
  /// How answers are generated.
  public var options: GenerationOptions
  /// How the last answer ended and what it took.
  public private(set) var lastSummary: GenerationSummary?

  /// - Throws: When the memory for the context cannot be had.
  public init(
    with model: LanguageModel, system: String? = nil, options: GenerationOptions? = nil,
    session: SessionOptions = .init()
  ) throws {
    self.model = model
    self.session = try Session(model, options: session)
    self.options = options ?? GenerationOptions(sampling: model.recommendedSampling)
    conversation = Conversation(system.map { [Message(.system, $0)] } ?? [])
  }

  /// Says `text` and streams the answer; both become part of the conversation.
  ///
  /// Dropping the stream stops the answer; what was said of it is kept.
  public nonisolated func respond(to text: String) -> AsyncThrowingStream<String, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await self.run(text) { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func run(_ text: String, _ emit: (String) -> Void) async throws {
    var next = conversation
    next.messages.append(Message(.user, text))
    let prompt = model.tokens(of: try model.prompt(for: next))
    var answer = ""
    for try await step in session.generate(prompt, options: options) {
      switch step {
      case .token(let token):
        answer += token.text
        if !token.text.isEmpty { emit(token.text) }
      case .finished(let summary, let lastText):
        answer += lastText
        if !lastText.isEmpty { emit(lastText) }
        lastSummary = summary
      }
    }
    next.messages.append(Message(.assistant, answer))
    conversation = next
  }

  /// Replaces what was said so far.
  public func restore(_ conversation: Conversation) { self.conversation = conversation }

  /// Replaces the system prompt; `nil` removes it.
  public func setSystem(_ text: String?) {
    conversation.messages.removeAll { $0.role == .system }
    if let text { conversation.messages.insert(Message(.system, text), at: 0) }
  }

  /// Forgets everything but the system prompt.
  public func reset() { conversation.messages.removeAll { $0.role != .system } }

  /// Changes how answers are generated.
  public func setOptions(_ options: GenerationOptions) { self.options = options }
}
