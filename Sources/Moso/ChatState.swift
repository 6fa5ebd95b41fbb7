import MosoConversation
import MosoEngine

/// What a chat knows: the conversation, and the answers on their way to becoming part of it.
///
/// Several tasks may change a chat at once: one reads an answer, another asks the next question or begins anew. An answer
/// is therefore added to the conversation as it then is, and only if that is still the one it was asked in.
struct ChatState {
  /// A question with its answer on the way.
  private struct Turn {
    let question: String
    /// The conversation it was asked in.
    let epoch: Int
    var task: Task<Void, Never>?
    /// What the model has said, and how much of it the reader has taken.
    var said = ""
    var shown = ""
    var isOver = false
  }

  private(set) var conversation: Conversation
  var options: GenerationOptions
  private(set) var lastSummary: GenerationSummary?
  /// The answer that was asked for last: the next one waits for it.
  private(set) var lastTask: Task<Void, Never>?
  private var turns: [Int: Turn] = [:]
  private var nextTurn = 0
  /// How often the conversation was replaced by another.
  private var epoch = 0
  /// The turn whose answer is the conversation's last message.
  private var lastKept: Int?

  init(conversation: Conversation, options: GenerationOptions) {
    self.conversation = conversation
    self.options = options
  }

  /// The tasks of the answers on their way.
  var tasks: [Task<Void, Never>] { turns.values.compactMap { $0.isOver ? nil : $0.task } }

  // MARK: Turns

  /// Takes a question; its answer is known by the number that comes back.
  mutating func open(question: String) -> Int {
    nextTurn += 1
    turns[nextTurn] = Turn(question: question, epoch: epoch)
    return nextTurn
  }

  mutating func begin(_ turn: Int, _ task: Task<Void, Never>) {
    turns[turn]?.task = task
    lastTask = task
  }

  /// What the model is to answer, and how; `nil` when nobody waits for it any more.
  mutating func prompt(for turn: Int) -> (Conversation, GenerationOptions)? {
    guard let question = turns[turn]?.question else { return nil }
    lastSummary = nil
    return (Conversation(conversation.messages + [Message(.user, question)]), options)
  }

  /// The model has said a little more.
  mutating func say(_ turn: Int, _ piece: String) { turns[turn]?.said += piece }

  /// The reader has taken a little more.
  mutating func show(_ turn: Int, _ piece: String) { turns[turn]?.shown += piece }

  /// The model has ended its answer, or was stopped.
  mutating func finish(_ turn: Int, _ summary: GenerationSummary) {
    lastSummary = summary
    guard let answer = turns[turn] else { return }
    turns[turn]?.isOver = true
    if answer.said.isEmpty && summary.stopReason == .cancelled { return }
    keep(turn, answer, answer.said)
  }

  /// There is no answer, but an error.
  mutating func fail(_ turn: Int) { turns[turn]?.isOver = true }

  /// Nobody reads the answer any more: what was taken of it is what the model has said.
  mutating func leave(_ turn: Int) {
    guard let answer = turns.removeValue(forKey: turn) else { return }
    if !answer.isOver {
      lastSummary = nil
      if !answer.shown.isEmpty { keep(turn, answer, answer.shown) }
    } else if lastKept == turn && answer.shown != answer.said {
      conversation.messages.removeLast(2)
      lastKept = nil
      if !answer.shown.isEmpty { keep(turn, answer, answer.shown) }
    }
  }

  private mutating func keep(_ turn: Int, _ answer: Turn, _ text: String) {
    guard answer.epoch == epoch else { return }
    conversation.messages += [Message(.user, answer.question), Message(.assistant, text)]
    lastKept = turn
  }

  // MARK: Changes

  /// Puts another conversation in the place of this one.
  mutating func restore(_ conversation: Conversation) {
    self.conversation = conversation
    epoch += 1
    lastKept = nil
  }

  mutating func setSystem(_ text: String?) {
    conversation.messages.removeAll { $0.role == .system }
    if let text { conversation.messages.insert(Message(.system, text), at: 0) }
  }
}
