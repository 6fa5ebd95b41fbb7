/// A line editor without a terminal: key events go in, the edited text and what to do about it come out.
///
/// The keys are those of Emacs, as shells have them. All of it is a value; `LineEditor` connects it to a terminal.
public struct LineEditorState: Sendable {
  /// What the owner of the state has to do after a key.
  public enum Outcome: Equatable, Sendable {
    /// Nothing that can be seen has changed.
    case unchanged
    /// The text, the caret or the notice has changed.
    case changed
    /// The message is finished: the text as it was typed, for the screen, and as the program should take it.
    case submitted(typed: String, message: String)
    /// Ctrl-D on an empty line.
    case ended
    /// Ctrl-L.
    case clearScreen
    /// Ctrl-Z: the process should stop until the shell continues it.
    case suspend
  }

  /// What a state is made with and keeps.
  public struct Configuration: Sendable {
    /// What the Tab key offers.
    public var completer: Completer
    /// Shown when Ctrl-C is pressed on an empty line.
    public var emptyInterruptHint: String
    /// The longest text, in bytes of UTF-8.
    public var byteLimit: Int

    /// A configuration; by default the Tab key offers nothing.
    public init(
      completer: @escaping Completer = { _ in .none },
      emptyInterruptHint: String = "Press Ctrl-D to leave.",
      byteLimit: Int = 1 << 22
    ) {
      self.completer = completer
      self.emptyInterruptHint = emptyInterruptHint
      self.byteLimit = byteLimit
    }
  }

  enum LastCommand: Equatable {
    case other
    case kill
    case yank(Range<Int>)
  }

  var buffer = EditBuffer()
  var killRing = KillRing()
  var lastCommand = LastCommand.other
  var browsing: HistoryBrowsing?
  var search: HistorySearch?
  /// Sentences or completions shown below the text until the next key.
  public internal(set) var notice: [String] = []
  /// Whether the notice is a list of short items that may share a row.
  var noticeIsList = false
  /// The messages that the arrow keys and Ctrl-R bring back, this session's included.
  public internal(set) var history: LineHistory
  let configuration: Configuration

  /// An empty line, with messages of earlier sessions to go back to.
  public init(history: LineHistory = LineHistory(), configuration: Configuration = Configuration()) {
    self.history = history
    self.configuration = configuration
  }

  /// The text being edited.
  public var text: String { buffer.text }
  /// The number of characters before the caret.
  public var caret: Int { buffer.caret }
  /// What is being searched for in the history, while Ctrl-R is in use.
  public var searchQuery: String? { search?.query }
  /// Whether the search finds nothing.
  public var searchFailed: Bool { search?.hasFailed ?? false }

  /// Takes one key.
  public mutating func handle(_ event: KeyEvent) -> Outcome {
    let hadNotice = !notice.isEmpty
    notice = []
    noticeIsList = false
    let outcome: Outcome
    if search != nil {
      outcome = handleInSearch(event)
    } else {
      outcome = handleInText(event)
    }
    return outcome == .unchanged && hadNotice ? .changed : outcome
  }

  mutating func handleInText(_ event: KeyEvent) -> Outcome {
    let before = (buffer.revision, buffer.caret)
    let previousCommand = lastCommand
    lastCommand = .other
    switch event {
    case .enter: return enter()
    case .control("d") where buffer.isEmpty: return .ended
    case .control("l"): return .clearScreen
    case .control("z"): return .suspend
    case .control("c"): interrupt()
    case .control("r"):
      beginSearch()
      return .changed
    case .text(let text), .paste(let text): insert(text)
    case .oversizedPaste(let limit):
      notice = ["The pasted text is longer than \(QuantityFormat.bytes(limit)) and was not inserted."]
    case .newline: insert("\n")
    case .tab: complete()
    case .up, .control("p"): return moveUp()
    case .down, .control("n"): return moveDown()
    default:
      if let target = caretTarget(of: event) {
        buffer.moveCaret(to: target)
      } else {
        change(with: event, after: previousCommand)
      }
    }
    return before == (buffer.revision, buffer.caret) && notice.isEmpty ? .unchanged : .changed
  }

  mutating func insert(_ text: String) {
    guard buffer.byteCount + text.utf8.count <= configuration.byteLimit else {
      notice = ["A message can be at most \(QuantityFormat.bytes(configuration.byteLimit)) long."]
      return
    }
    browsing = nil
    buffer.insert(text)
  }

  private mutating func enter() -> Outcome {
    let text = buffer.text
    if MultilineText.isOpenBlock(text) {
      insert("\n")
      return .changed
    }
    if buffer.caret == buffer.characters.count && MultilineText.endsWithBackslash(text) {
      browsing = nil
      buffer.replace(buffer.caret - 1..<buffer.caret, with: "\n")
      return .changed
    }
    history.add(text)
    reset()
    return .submitted(typed: text, message: MultilineText.unquoted(text))
  }

  private mutating func interrupt() {
    if buffer.isEmpty {
      notice = [configuration.emptyInterruptHint]
    } else {
      // What was cleared by mistake comes back with Ctrl-Y.
      killRing.add(buffer.text, joiningNewest: false)
      reset()
    }
  }

  private mutating func reset() {
    buffer.clear()
    browsing = nil
    search = nil
  }
}
