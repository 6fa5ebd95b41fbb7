public import MosoConversation
public import MosoEngine
import Synchronization

/// A conversation with a model.
///
/// ```swift
/// let chat = try Chat(with: await LanguageModel.open("smollm2"))
/// for try await text in chat.respond(to: "Why is the sky blue?") { print(text, terminator: "") }
/// ```
///
/// What the model has read stays in its cache, so each answer costs only what is new. A chat may be used from any number
/// of tasks: answers come one after another in the order they were asked for, and changes hold at once.
public final class Chat: Sendable {
  /// The model that answers.
  public let model: LanguageModel
  /// Where the conversation is read and kept; nothing else should use it.
  public let session: Session
  private let state: Mutex<ChatState>

  /// Begins a conversation.
  ///
  /// - Parameters:
  ///   - model: The model that answers.
  ///   - system: What the model is told before the conversation.
  ///   - options: How answers are generated; by default as the model's makers recommend.
  ///   - session: The context's length, the threads, and how keys and values are kept.
  /// - Throws: When the memory for the context cannot be had.
  public init(
    with model: LanguageModel, system: String? = nil, options: GenerationOptions? = nil,
    session: SessionOptions = .init()
  ) throws {
    self.model = model
    self.session = try Session(model, options: session)
    let conversation = Conversation(system.map { [Message(.system, $0)] } ?? [])
    let options = options ?? GenerationOptions(sampling: model.recommendedSampling)
    state = Mutex(ChatState(conversation: conversation, options: options))
  }

  /// What was said so far; an answer is part of it once it has ended.
  public var conversation: Conversation { state.withLock { $0.conversation } }

  /// How answers are generated; a change holds from the next answer on.
  public var options: GenerationOptions {
    get { state.withLock { $0.options } }
    set { state.withLock { $0.options = newValue } }
  }

  /// How the last answer ended and what it took; `nil` while one is on its way.
  public var lastSummary: GenerationSummary? { state.withLock { $0.lastSummary } }

  /// Says `text` and streams the answer; both become part of the conversation.
  ///
  /// `stop()` ends the answer, and so does dropping the stream: what was taken from it is then what the model has said.
  /// An answer of which nothing was said leaves the conversation as it was.
  public func respond(to text: String) -> AsyncThrowingStream<String, any Error> {
    let (pieces, continuation) = AsyncThrowingStream<String, any Error>.makeStream()
    let (turn, task) = state.withLock { state in
      let turn = state.open(question: text)
      let earlier = state.lastTask
      let task = Task {
        await earlier?.value
        do {
          try await self.answer(turn) { continuation.yield($0) }
          continuation.finish()
        } catch {
          self.state.withLock { $0.fail(turn) }
          continuation.finish(throwing: error)
        }
      }
      state.begin(turn, task)
      return (turn, task)
    }
    let reader = ChatReader(
      pieces, take: { piece in self.state.withLock { $0.show(turn, piece) } },
      leave: {
        self.state.withLock { $0.leave(turn) }
        task.cancel()
      })
    return AsyncThrowingStream { try await reader.next() }
  }

  /// Ends the answers that are on their way; their streams end with what was said until then, which is kept.
  public func stop() {
    for task in state.withLock({ $0.tasks }) { task.cancel() }
  }

  private func answer(_ turn: Int, _ emit: @escaping @Sendable (String) -> Void) async throws {
    guard let (conversation, options) = state.withLock({ $0.prompt(for: turn) }) else { return }
    let prompt = model.tokens(of: try model.prompt(for: conversation))
    try await session.answer(prompt, options) { [self] step in
      switch step {
      case .token(let token): say(token.text, turn, emit)
      case .finished(let summary, let lastText):
        say(lastText, turn, emit)
        state.withLock { $0.finish(turn, summary) }
      }
    }
  }

  private func say(_ text: String, _ turn: Int, _ emit: (String) -> Void) {
    if text.isEmpty { return }
    state.withLock { $0.say(turn, text) }
    emit(text)
  }
}

extension Chat {
  /// Replaces what was said so far; an answer on its way does not become part of it.
  public func restore(_ conversation: Conversation) { state.withLock { $0.restore(conversation) } }

  /// Replaces the system prompt; `nil` removes it.
  public func setSystem(_ text: String?) { state.withLock { $0.setSystem(text) } }

  /// Forgets everything but the system prompt; an answer on its way is forgotten too.
  public func reset() {
    state.withLock { state in state.restore(Conversation(state.conversation.messages.filter { $0.role == .system })) }
  }
}

/// The reading end of an answer: tells the chat what was taken, and when nobody reads any more.
private final class ChatReader: Sendable {
  private let pieces: AsyncThrowingStream<String, any Error>
  private let take: @Sendable (String) -> Void
  private let leave: @Sendable () -> Void

  init(
    _ pieces: AsyncThrowingStream<String, any Error>, take: @escaping @Sendable (String) -> Void,
    leave: @escaping @Sendable () -> Void
  ) {
    self.pieces = pieces
    self.take = take
    self.leave = leave
  }

  deinit { leave() }

  func next() async throws -> String? {
    var iterator = pieces.makeAsyncIterator()
    guard let piece = try await iterator.next() else { return nil }
    take(piece)
    return piece
  }
}
