/// The part of a terminal on which one message is edited: what is drawn there, and what happens when its window changes.
struct EditingCanvas {
  private let prompt: Prompt
  private let screen: TerminalCapabilities
  private var renderer: LineRenderer
  /// The window's size that the drawing is made for.
  private var size: TerminalSize
  /// The window's size when the terminal was asked where its cursor is, until it answers; nothing is drawn meanwhile.
  private var sizeWhenAsked: TerminalSize?

  /// How long an answer is waited for, in milliseconds; some terminals never give one.
  static let answerDelay: Int32 = 250

  init(prompt: Prompt, screen: TerminalCapabilities) {
    self.prompt = prompt
    self.screen = screen
    renderer = LineRenderer(isStyled: screen.allowsColour, isUTF8: screen.isUTF8)
    size = screen.size
  }

  var isWaitingForAnswer: Bool { sizeWhenAsked != nil }

  /// Shows the state, or asks the terminal where its cursor is when the window has changed.
  mutating func show(_ state: LineEditorState) throws(TerminalError) {
    if isWaitingForAnswer { return }
    guard screen.size == size else { return try askForCursor() }
    try write(renderer.render(view(of: state), size: size))
  }

  /// Takes the terminal's answer, or its silence as `nil`.
  mutating func cursorIs(at cursor: CursorPosition?, _ state: LineEditorState) throws(TerminalError) {
    guard let asked = sizeWhenAsked else { return }
    // While a window is dragged, each answer may be about a size that is gone already.
    if cursor != nil && screen.size != asked { return try askForCursor() }
    sizeWhenAsked = nil
    size = screen.size
    try write(renderer.resize(to: size, cursor: cursor))
    try show(state)
  }

  /// Clears the screen, so that the text is drawn at its top next.
  mutating func clear() throws(TerminalError) {
    renderer.forget()
    sizeWhenAsked = nil
    size = screen.size
    try write("\u{1B}[H\u{1B}[2J")
  }

  /// Starts on a new row, after another program has used the terminal.
  mutating func startAnew() throws(TerminalError) {
    renderer.forget()
    sizeWhenAsked = nil
    size = screen.size
    try write("\r\n")
  }

  /// Leaves a text on the screen as it was typed, with the cursor below it.
  mutating func finish(_ text: String) throws(TerminalError) {
    let last = LineRenderer.View(prompt: prompt, characters: Array(text), caret: nil)
    sizeWhenAsked = nil
    size = screen.size
    try write(renderer.render(last, size: size) + renderer.finish(size: size))
  }

  private mutating func askForCursor() throws(TerminalError) {
    sizeWhenAsked = screen.size
    try write("\u{1B}[6n")
  }

  private func write(_ text: String) throws(TerminalError) {
    try SystemInput.write(text, to: screen.descriptor)
  }

  private func view(of state: LineEditorState) -> LineRenderer.View {
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
      notice: Array(notice.prefix(room))
    )
  }
}
