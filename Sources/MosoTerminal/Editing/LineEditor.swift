/// Asks a user for messages at a terminal, and reads them line by line where there is none.
///
/// ```swift
/// var editor = LineEditor(historyFile: HistoryFile(path: path))
/// while case .message(let text) = try editor.read(Prompt("> ")) { … }
/// ```
///
/// The terminal is changed only while `read` waits. Keys typed between two calls are kept for the next one if the terminal
/// was in `RawMode.Kind.quiet` meanwhile.
public struct LineEditor {
  /// What came of asking.
  public enum Result: Equatable, Sendable {
    case message(String)
    case endOfInput
  }

  /// Why the history could not be loaded or kept, the last time that happened; editing goes on without it.
  public private(set) var historyFailure: HistoryError?

  private let input: Int32
  /// Where the edited text is shown, or `nil` when lines are read plainly.
  private let screen: TerminalCapabilities?
  /// Where a plain prompt is shown, on a terminal that cannot move its cursor.
  private let promptOutput: TerminalCapabilities?
  private let historyFile: HistoryFile?
  private var state: LineEditorState
  private var decoder: KeyDecoder
  private var plainReader: PlainLineReader
  /// Keys that came together with the one that ended the last message.
  private var waiting: [KeyEvent] = []

  /// How long a lone escape byte is waited after, in milliseconds, before it is the Escape key.
  private static let escapeDelay: Int32 = 50
  /// How long the terminal may be silent inside a paste before Ctrl-C is taken as a key again.
  private static let pasteDelay: Int32 = 500

  /// - Parameters:
  ///   - input: the descriptor to read from.
  ///   - outputs: the descriptors to show the text on; the first that is a terminal is used.
  ///   - historyFile: where messages are kept from one run to the next.
  ///   - configuration: completions, limits and hints.
  public init(
    input: Int32 = 0,
    outputs: [Int32] = [1, 2],
    historyFile: HistoryFile? = nil,
    configuration: LineEditorState.Configuration = LineEditorState.Configuration()
  ) {
    self.init(
      input: TerminalCapabilities(descriptor: input),
      outputs: outputs.map { TerminalCapabilities(descriptor: $0) },
      historyFile: historyFile,
      configuration: configuration
    )
  }

  init(
    input: TerminalCapabilities,
    outputs: [TerminalCapabilities],
    historyFile: HistoryFile?,
    configuration: LineEditorState.Configuration
  ) {
    self.input = input.descriptor
    self.historyFile = historyFile
    let terminals = input.isTerminal ? outputs.filter(\.isTerminal) : []
    screen = terminals.first(where: \.movesCursor)
    promptOutput = terminals.first
    var history = LineHistory()
    if screen != nil, let historyFile {
      do throws(HistoryError) {
        history = try historyFile.load()
      } catch {
        historyFailure = error
      }
    }
    state = LineEditorState(history: history, configuration: configuration)
    decoder = KeyDecoder(pasteLimit: configuration.byteLimit)
    plainReader = PlainLineReader(descriptor: input.descriptor, byteLimit: configuration.byteLimit)
  }

  /// Whether there is a terminal to edit on.
  public var isInteractive: Bool { screen != nil }

  /// Puts text into the editor for the user to change, before the next `read`.
  public mutating func prefill(_ text: String) {
    state.setText(text)
  }

  /// Asks for one message; blocks until there is one.
  ///
  /// - Throws: `TerminalError` when the terminal fails or a piped line is too long.
  public mutating func read(_ prompt: Prompt) throws(TerminalError) -> Result {
    SystemInput.flushStandardStreams()
    guard let screen else { return try readPlainly(prompt) }
    let result = try edit(prompt, on: screen)
    if case .message(let text) = result, let entry = state.history.entries.last, let historyFile, !text.isEmpty {
      do throws(HistoryError) {
        try historyFile.add(entry)
      } catch {
        historyFailure = error
      }
    }
    return result
  }

  private mutating func readPlainly(_ prompt: Prompt) throws(TerminalError) -> Result {
    if let promptOutput {
      try SystemInput.write(HarmlessText.line(prompt.text, isUTF8: promptOutput.isUTF8), to: promptOutput.descriptor)
    }
    return try plainReader.readMessage().map(Result.message) ?? .endOfInput
  }
}

// The loop at the terminal

extension LineEditor {
  private mutating func edit(_ prompt: Prompt, on screen: TerminalCapabilities) throws(TerminalError) -> Result {
    let output = screen.descriptor
    var renderer = LineRenderer(isStyled: screen.allowsColour, isUTF8: screen.isUTF8)
    let signals = try SignalPipe([.windowChange, .resumption])
    var resumptions = SignalBoard.deliveries(of: .resumption)
    var mode: RawMode? = try RawMode(.editing, input: input, output: output)
    try SystemInput.write(renderer.render(view(prompt, size: screen.size), size: screen.size), to: output)

    while true {
      let events = waiting
      waiting = []
      var isChanged = false
      for (index, event) in events.enumerated() {
        switch state.handle(event) {
        case .unchanged: break
        case .changed: isChanged = true
        case .clearScreen:
          renderer.forget()
          try SystemInput.write("\u{1B}[H\u{1B}[2J", to: output)
          isChanged = true
        case .suspend:
          try SystemInput.write(renderer.finish(size: screen.size), to: output)
          mode = nil
          SystemProcess.stop()
          mode = try RawMode(.editing, input: input, output: output)
          isChanged = true
        case .submitted(let typed, let message):
          waiting = Array(events[(index + 1)...])
          try finish(typed, prompt, &renderer, on: screen)
          return .message(message)
        case .ended:
          waiting = Array(events[(index + 1)...])
          try finish("", prompt, &renderer, on: screen)
          return .endOfInput
        }
      }
      if isChanged {
        try SystemInput.write(renderer.render(view(prompt, size: screen.size), size: screen.size), to: output)
      }

      let delay = decoder.isAmbiguous ? Self.escapeDelay : decoder.isPasting ? Self.pasteDelay : nil
      let ready = try SystemInput.wait(for: [input, signals.descriptor], milliseconds: delay)
      if ready.contains(signals.descriptor) {
        signals.drain()
        let now = SignalBoard.deliveries(of: .resumption)
        if now != resumptions {
          // Somebody else had the terminal while this process was stopped.
          resumptions = now
          try mode?.reapply()
          renderer.forget()
        }
        try SystemInput.write(renderer.render(view(prompt, size: screen.size), size: screen.size), to: output)
      }
      if ready.contains(input) {
        let bytes = try SystemInput.read(input, count: 1 << 16)
        if bytes.isEmpty { return .endOfInput }
        decoder.decode(bytes, into: &waiting)
      } else if ready.isEmpty && delay != nil {
        decoder.pause(into: &waiting)
      }
    }
  }

  /// Leaves the whole text on the screen, with the cursor below it.
  private func finish(
    _ typed: String, _ prompt: Prompt, _ renderer: inout LineRenderer, on screen: TerminalCapabilities
  ) throws(TerminalError) {
    let size = screen.size
    let last = LineRenderer.View(prompt: prompt, characters: Array(typed), caret: typed.count)
    let output = renderer.render(last, size: size) + renderer.finish(size: size)
    try SystemInput.write(output, to: screen.descriptor)
  }

  private func view(_ prompt: Prompt, size: TerminalSize) -> LineRenderer.View {
    var prompt = prompt
    if let query = state.searchQuery {
      prompt.text = state.searchFailed ? "(nothing with ‘\(query)’) " : "(search ‘\(query)’) "
    }
    let notice = state.noticeIsList ? TextColumns.rows(state.notice, width: size.columns - 1) : state.notice
    // A long list must not push the text off the screen.
    let room = max(0, size.rows - 2)
    return LineRenderer.View(
      prompt: prompt,
      characters: state.buffer.characters,
      caret: state.caret,
      notice: notice.count > room ? Array(notice.prefix(room)) : notice
    )
  }
}
