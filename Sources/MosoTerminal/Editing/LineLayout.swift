/// What stands before each line of the text: `> ` and, before further lines, `… `.
public struct Prompt: Sendable, Equatable {
  public var text: String
  public var continuation: String
  public var style: Style

  public init(_ text: String, continuation: String = ". ", style: Style = []) {
    self.text = text
    self.continuation = continuation
    self.style = style
  }
}

/// Edited text laid out in rows of a terminal, and the place of the caret in them.
///
/// A line that is too long continues in the next row, where the terminal itself would continue it. When the caret stands
/// after a row that is filled to the last column, an empty row follows to give it a place.
struct LineLayout: Equatable {
  struct Row: Equatable {
    /// The text of the row, without what the prompt's style adds.
    var text = ""
    var width = 0
    /// The number of characters at the start of `text` that belong to the prompt.
    var promptLength = 0
    /// Whether the row continues the line of the row before, and the terminal goes on to it by itself.
    var isContinued = false
  }

  private(set) var rows: [Row]
  private(set) var caretRow = 0
  private(set) var caretColumn = 0
  /// The number of rows that belong to the text; the notice is in the rows after them.
  private(set) var textRowCount = 0

  private let columns: Int

  /// - Parameters:
  ///   - columns: the width of the terminal; at least 2 are used, so that every character fits.
  init(prompt: Prompt, characters: [Character], caret: Int, notice: [String] = [], columns: Int, isUTF8: Bool = true) {
    self.columns = max(2, columns)
    rows = []
    startLine(with: prompt.text)
    for (index, character) in characters.enumerated() {
      if character == "\n" {
        if index == caret { placeCaret() }
        startLine(with: prompt.continuation)
        continue
      }
      let shown = shown(character, isUTF8: isUTF8)
      wrapIfNeeded(for: shown.text, width: shown.width)
      if index == caret { placeCaret() }
      append(shown.text, width: shown.width)
    }
    if caret >= characters.count { placeCaret() }
    textRowCount = rows.count
    for line in notice {
      let fitting = HarmlessText.line(line, isUTF8: isUTF8).truncated(toWidth: self.columns - 1, isUTF8: isUTF8)
      rows.append(Row(text: fitting, width: fitting.displayWidth))
    }
  }

  private mutating func placeCaret() {
    if rows[rows.count - 1].width >= columns { rows.append(Row(isContinued: true)) }
    caretRow = rows.count - 1
    caretColumn = rows[caretRow].width
  }

  private mutating func startLine(with prompt: String) {
    // A prompt wider than the terminal would leave no room to type.
    let fitting = HarmlessText.line(prompt).truncated(toWidth: columns / 2)
    rows.append(Row(text: fitting, width: fitting.displayWidth, promptLength: fitting.count))
  }

  private mutating func wrapIfNeeded(for text: String, width: Int) {
    let room = columns - rows[rows.count - 1].width
    guard width > room else { return }
    // Of a cluster of several letters the terminal would draw the first ones in this row, so it has to be told to go on.
    var meter = DisplayMeter()
    let first = text.unicodeScalars.first.map { meter.advance($0) } ?? 0
    rows.append(Row(isContinued: first > room))
  }

  private mutating func append(_ text: String, width: Int) {
    rows[rows.count - 1].text += text
    rows[rows.count - 1].width += width
  }

  /// How a character of the text is drawn: as itself, or as something a terminal only draws.
  private func shown(_ character: Character, isUTF8: Bool) -> (text: String, width: Int) {
    if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F { return (String(character), 1) }
    if character == "\t" {
      let column = rows[rows.count - 1].width % columns
      let width = min(4 - column % 4, columns - column)
      return (String(repeating: " ", count: width), width)
    }
    var text = HarmlessText.line(String(character), isUTF8: isUTF8)
    if let first = text.unicodeScalars.first, first.properties.canonicalCombiningClass != .notReordered {
      text = "◌" + text  // a mark without a letter would be drawn on whatever stands before it
    }
    return (text, text.displayWidth)
  }
}

extension String {
  /// The text if it fits in `width` columns, and otherwise as much of it as fits with an ellipsis after it.
  func truncated(toWidth width: Int, isUTF8: Bool = true) -> String {
    if displayWidth <= width { return self }
    let ellipsis = isUTF8 ? "…" : "..."
    let room = width - ellipsis.displayWidth
    guard room >= 0 else { return "" }
    var result = ""
    var used = 0
    for character in self {
      let next = character.displayWidth
      if used + next > room { break }
      used += next
      result.append(character)
    }
    return result + ellipsis
  }
}
