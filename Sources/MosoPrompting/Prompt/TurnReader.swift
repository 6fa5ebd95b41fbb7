import MosoConversation

/// Reads a request's messages into the turns that templates tell apart.
///
/// - Blocks become text, except calls and results.
/// - Thoughts stay only while the calls go on that they led to, and only where they are proven unchanged.
/// - Neighbours of one role become one turn; results stand before other words of the same turn.
/// - A last message of the assistant is no turn: the answer goes on after it.
struct TurnReader {
  /// What the rules say, in one text; empty when there are none.
  private(set) var system = ""
  /// What was said since.
  private(set) var turns: [PromptTurn] = []
  /// The beginning of the answer, where the request gives one.
  private(set) var prefill: AssistantTurn?
  /// The marks at places worth keeping, and whether each stands in the rules.
  private(set) var breakpoints: [(mark: PromptMarks.Number, control: CacheControl, isInRules: Bool)] = []
  /// The mark before the first word after the rules.
  private(set) var firstWord: PromptMarks.Number?
  /// All marks in the texts.
  var marks: PromptMarks

  private let setsMarks: Bool
  private var isReadingRules = true
  private let isUnchanged: @Sendable (ThinkingContent) -> Bool
  /// Marks after blocks that have no text of their own: they go before the next text.
  private var waiting = ""
  private var calls: [String: PromptCall] = [:]
  private var callCount = 0

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - setsMarks: Whether marks are put at places worth keeping.
  ///   - isUnchanged: Whether thoughts are what their signature says.
  init(
    _ request: GenerationRequest, marks: PromptMarks, setsMarks: Bool,
    isUnchanged: @escaping @Sendable (ThinkingContent) -> Bool
  ) {
    self.marks = marks
    self.setsMarks = setsMarks
    self.isUnchanged = isUnchanged
    read(request)
  }

  private mutating func read(_ request: GenerationRequest) {
    let opening = request.messages.prefix { $0.role == .system || $0.role == .developer }
    var rules = (request.system ?? []) + opening.flatMap(\.content)
    // It changes with every request of the clients that send it, and nothing after a change can be kept.
    rules.removeAll { block in
      if case .text(let content) = block.kind { content.text.hasPrefix("x-anthropic-billing-header:") } else { false }
    }
    var messages = request.messages[opening.endIndex...]
    if let control = request.cacheControl {
      if let last = messages.indices.last(where: { !messages[$0].content.isEmpty }) {
        messages[last].content[messages[last].content.count - 1].cacheControl = control
      } else if !rules.isEmpty {
        rules[rules.count - 1].cacheControl = control
      }
    }

    system = paragraphs(rules).joined(separator: "\n\n")
    isReadingRules = false
    if breakpoints.contains(where: \.isInRules) {
      let mark = marks.add(.place)
      firstWord = mark.number
      waiting += mark.text
    }

    let question = messages.lastIndex { $0.role == .user && !$0.content.contains(where: \.isToolResult) }
    var position = messages.startIndex
    while position < messages.endIndex {
      let role = messages[position].role
      let group = messages[position...].prefix { $0.role.speaker == role.speaker }
      position = group.endIndex
      switch role {
      case .system, .developer: appendSystem(group)
      case .user: appendUser(group)
      case .assistant:
        let turn = assistantTurn(group, keepsThoughts: question.map { group.startIndex > $0 } ?? true)
        if position == messages.endIndex {
          prefill = turn
        } else if !turn.text.isEmpty || turn.thoughts != nil || !turn.calls.isEmpty {
          turns.append(.assistant(turn))
        }
      }
    }
  }
}

extension TurnReader {
  private mutating func appendSystem(_ messages: ArraySlice<Message>) {
    let text = paragraphs(messages.flatMap(\.content)).joined(separator: "\n\n")
    if !text.isEmpty { turns.append(.system(text)) }
  }

  private mutating func appendUser(_ messages: ArraySlice<Message>) {
    let blocks = messages.flatMap(\.content)
    var results: [PromptResult] = []
    for block in blocks {
      guard case .toolResult(let result) = block.kind else { continue }
      // A place inside the result counts as one at its end.
      let control = block.cacheControl ?? result.content?.last { $0.cacheControl != nil }?.cacheControl
      let text = marked(BlockText.of(result), control)
      let call = calls[result.toolUseID]
      results.append(PromptResult(callID: call?.id ?? nextCallID(), toolName: call?.use.name ?? "", text: text))
    }
    if !results.isEmpty { turns.append(.results(results)) }
    let paragraphs = paragraphs(blocks)
    guard !paragraphs.isEmpty || results.isEmpty else { return }
    let text = paragraphs.joined(separator: "\n\n")
    if !turns.appendToUser(text) { turns.append(.user(text)) }
  }

  /// The texts of all blocks that have one; marks of the others wait for the next text.
  private mutating func paragraphs(_ blocks: [ContentBlock]) -> [String] {
    var paragraphs: [String] = []
    for block in blocks {
      if let text = BlockText.of(block) {
        paragraphs.append(marked(text, block.cacheControl))
      } else if !block.isToolResult, let control = block.cacheControl {
        wait(for: control)
      }
    }
    return paragraphs
  }

  private mutating func assistantTurn(_ messages: ArraySlice<Message>, keepsThoughts: Bool) -> AssistantTurn {
    var turn = AssistantTurn()
    for message in messages {
      // The blocks of one answer may be parts of one sentence; other answers are other paragraphs.
      var text = ""
      for block in message.content {
        switch block.kind {
        case .thinking(let content) where keepsThoughts && !content.text.isEmpty && isUnchanged(content):
          if turn.thoughts?.append("\n\n" + content.text) == nil { turn.thoughts = content.text }
        case .toolUse(let use):
          let call = PromptCall(id: nextCallID(), use: use)
          calls[use.id] = call
          turn.calls.append(call)
        default:
          guard let piece = BlockText.of(block) else { break }
          text += marked(piece, block.cacheControl)
          continue
        }
        if let control = block.cacheControl { wait(for: control) }
      }
      if !turn.text.isEmpty && !text.isEmpty { turn.text += "\n\n" }
      turn.text += text
    }
    return turn
  }

  private mutating func nextCallID() -> String {
    callCount += 1
    let digits = String(callCount % 100_000)
    return "call" + String(repeating: "0", count: 5 - digits.utf8.count) + digits
  }
}

extension TurnReader {
  /// A text with the marks that wait before its first word, and with one after its last word if that is worth keeping.
  ///
  /// Templates may trim a text. Marks stand inside its white space, so that it is trimmed as it would be without them.
  private mutating func marked(_ text: String, _ control: CacheControl?) -> String {
    guard setsMarks, control != nil || !waiting.isEmpty else { return text }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else {
      if let control { wait(for: control) }
      return text
    }
    let end = scalars.index(after: last)
    var result = String(scalars[..<first]) + waiting + String(scalars[first..<end])
    waiting = ""
    if let control {
      result += newMark(for: control)
    }
    return result + String(scalars[end...])
  }

  /// Puts a place worth keeping before the next text.
  private mutating func wait(for control: CacheControl) {
    if setsMarks { waiting += newMark(for: control) }
  }

  private mutating func newMark(for control: CacheControl) -> String {
    let mark = marks.add(.place)
    breakpoints.append((mark.number, control, isReadingRules))
    return mark.text
  }
}

extension ContentBlock {
  fileprivate var isToolResult: Bool { if case .toolResult = kind { true } else { false } }
}

extension Message.Role {
  /// The role, with both names of the rules' author taken for one.
  fileprivate var speaker: Message.Role { self == .developer ? .system : self }
}
