/// Asks a user for messages at a terminal, and reads them line by line where there is none.
///
/// ```swift
/// var editor = LineEditor(historyFile: HistoryFile(path: path))
/// while case .message(let text) = try editor.read(Prompt("> ")) { … }
/// ```
///
/// The terminal is changed only while `read` waits. Keys typed between two calls are kept for the next one; they are shown
/// unless the terminal was in `RawMode.Kind.quiet` meanwhile.
public struct LineEditor {
  /// What came of asking.
  public enum Result: Equatable, Sendable {
    /// A message, without the marks that let it have several lines.
    case message(String)
    /// Ctrl-D on an empty line, or the end of the pipe.
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
  /// How many of the bytes that are read next were typed before editing began.
  private var typedBefore = 0

  /// How long a lone escape byte is waited after, in milliseconds, before it is the Escape key.
  private static let escapeDelay: Int32 = 50
  /// How long the terminal may be silent inside a paste before Ctrl-C is taken as a key again.
  private static let pasteDelay: Int32 = 500

  /// Edits at a terminal; where there is none, reads lines as they come.
  ///
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
    let signals = try SignalPipe([.windowChange, .resumption])
    var resumptions = SignalBoard.deliveries(of: .resumption)
    var mode: RawMode? = try RawMode(.editing, input: input, output: screen.descriptor)
    typedBefore = mode?.typedBefore ?? 0
    var canvas = EditingCanvas(prompt: prompt, screen: screen)
    try canvas.show(state)

    while true {
      while !waiting.isEmpty {
        let event = waiting.removeFirst()
        if case .cursorPosition(let cursor) = event {
          try canvas.cursorIs(at: cursor, state)
          continue
        }
        switch state.handle(event) {
        case .unchanged, .changed: break
        case .clearScreen: try canvas.clear()
        case .suspend:
          try canvas.show(state)
          try awaitAnswer(&canvas)
          mode = nil
          SystemProcess.stop()
          mode = try RawMode(.editing, input: input, output: screen.descriptor)
          typedBefore = mode?.typedBefore ?? 0
          resumptions = SignalBoard.deliveries(of: .resumption)
          try canvas.startAnew()
        case .submitted(let typed, let message):
          try awaitAnswer(&canvas)
          try canvas.finish(typed)
          return .message(message)
        case .ended:
          try awaitAnswer(&canvas)
          try canvas.finish("")
          return .endOfInput
        }
      }
      // Once for all keys that came together, such as those of a paste.
      try canvas.show(state)

      let delay = waitingTime(canvas)
      let ready = try SystemInput.wait(for: [input, signals.descriptor], milliseconds: delay)
      if ready.contains(signals.descriptor) {
        signals.drain()
        let now = SignalBoard.deliveries(of: .resumption)
        if now != resumptions {
          // Somebody else had the terminal while this process was stopped.
          resumptions = now
          try mode?.reapply()
          try canvas.startAnew()
        }
      }
      if ready.contains(input) {
        let bytes = try readKeys()
        if bytes.isEmpty { return .endOfInput }
        decoder.decode(bytes, into: &waiting)
      } else if ready.isEmpty && delay != nil {
        decoder.pause(into: &waiting)
        if canvas.isWaitingForAnswer { try canvas.cursorIs(at: nil, state) }
      }
    }
  }

  /// What has been typed, the Enter key always being a carriage return; nothing at the end of input.
  private mutating func readKeys() throws(TerminalError) -> [UInt8] {
    var bytes = try SystemInput.read(input, count: 1 << 16)
    for index in bytes.indices.prefix(typedBefore) where bytes[index] == UInt8(ascii: "\n") {
      bytes[index] = UInt8(ascii: "\r")
    }
    typedBefore -= min(typedBefore, bytes.count)
    return bytes
  }

  /// Waits for the terminal's answer if one is on its way; it must not arrive when nobody understands it any more.
  private mutating func awaitAnswer(_ canvas: inout EditingCanvas) throws(TerminalError) {
    let deadline = SystemInput.monotonicMilliseconds() + Int(EditingCanvas.answerDelay)
    var kept = waiting
    waiting = []
    while canvas.isWaitingForAnswer {
      let left = deadline - SystemInput.monotonicMilliseconds()
      guard left > 0, try SystemInput.wait(for: [input], milliseconds: Int32(left)).contains(input) else {
        try canvas.cursorIs(at: nil, state)
        break
      }
      let bytes = try readKeys()
      if bytes.isEmpty { break }
      decoder.decode(bytes, into: &waiting)
      for event in waiting {
        if case .cursorPosition(let cursor) = event {
          try canvas.cursorIs(at: cursor, state)
        } else {
          kept.append(event)
        }
      }
      waiting = []
    }
    waiting = kept
  }

  /// How long to wait for the next byte, in milliseconds, or `nil` for as long as it takes.
  private func waitingTime(_ canvas: EditingCanvas) -> Int32? {
    if decoder.isAmbiguous { return Self.escapeDelay }
    if canvas.isWaitingForAnswer { return EditingCanvas.answerDelay }
    return decoder.isPasting ? Self.pasteDelay : nil
  }
}
