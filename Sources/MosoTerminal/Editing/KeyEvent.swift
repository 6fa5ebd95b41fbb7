/// One thing a user did at the keyboard, after the terminal's byte sequences have been understood.
public enum KeyEvent: Equatable, Sendable {
  /// Printable text, one or more characters typed together.
  case text(String)
  /// Text from the clipboard; its newlines are text and submit nothing.
  case paste(String)
  /// Text from the clipboard that was longer than the limit in bytes and was thrown away.
  case oversizedPaste(limit: Int)
  /// A letter with the Control key: `control("a")`.
  case control(Character)
  /// A character with the Alt (Meta, Option) key: `alt("b")`.
  case alt(Character)
  /// The key that sends a message.
  case enter
  /// A key that asks for a new line of text: Alt-Enter, Shift-Enter, Ctrl-J.
  case newline
  /// Keys that complete, and the one that leaves a search.
  case tab, backTab, escape
  /// Keys that remove a character or a word, before or after the caret.
  case backspace, delete, wordBackspace, wordDelete
  /// Keys that move within a line, by characters or words.
  case left, right, wordLeft, wordRight
  /// Keys that move by lines, to their ends, or through the history.
  case up, down, home, end, pageUp, pageDown
  /// No key, but the terminal's answer to the question where its cursor is.
  case cursorPosition(CursorPosition)
}
