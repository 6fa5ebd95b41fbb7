/// What stands before each line of the text: `> ` and, before further lines, `… `.
public struct Prompt: Sendable, Equatable {
  /// What stands before the first line.
  public var text: String
  /// What stands before each further line.
  public var continuation: String
  /// How both look.
  public var style: Style

  /// A prompt; further lines of a message are marked by `continuation`.
  public init(_ text: String, continuation: String = ". ", style: Style = []) {
    self.text = text
    self.continuation = continuation
    self.style = style
  }
}

/// Edited text laid out in rows of a terminal, and the place of the caret in them.
///
/// A line that is too long continues in the next row, where the terminal itself would continue it. After the last character
/// of a line the caret stands on a space that is drawn for it: a terminal that lays lines out anew, because its window has
/// changed, moves the cursor together with what it stands on.
struct LineLayout {
  struct Row {
    /// What stands before the text: a prompt, or nothing where the row continues a line.
    var prompt = ""
    /// The characters of the text in this row.
    var characters: Range<Int>
    var width = 0
    /// Whether the caret stands on a space after the characters.
    var endsWithCaret = false
    /// Whether the row continues the line of the row before, and the terminal goes on to it by itself.
    var isContinued = false
  }

  private(set) var rows: [Row] = []
  private(set) var caretRow = 0
  private(set) var caretColumn = 0

  private let characters: [Character]
  private let columns: Int
  private let isUTF8: Bool

  /// Without a caret, the place of the caret is the end of the text.
  init(prompt: Prompt, characters: [Character], caret: Int?, notice: [String] = [], columns: Int, isUTF8: Bool = true) {
    self.characters = characters
    self.columns = max(2, columns)  // so that every character fits
    self.isUTF8 = isUTF8
    let continuation = fitted(prompt.continuation)
    startLine(with: fitted(prompt.text), at: 0)
    for (index, character) in characters.enumerated() {
      if character == "\n" {
        if index == caret { placeCaretAfterLine(at: index) }
        startLine(with: continuation, at: index + 1)
      } else {
        append(character, at: index, isAtCaret: index == caret)
      }
    }
    if let caret, caret >= characters.count { placeCaretAfterLine(at: characters.count) }
    if caret == nil { placeCaret() }
    for line in notice {
      let text = HarmlessText.line(line, isUTF8: isUTF8).truncated(toWidth: self.columns - 1, isUTF8: isUTF8)
      rows.append(Row(prompt: text, characters: 0..<0, width: text.displayWidth))
    }
  }

  /// The text of a row: of the prompt, and of what follows it.
  func text(of index: Int) -> (prompt: String, rest: String) {
    let row = rows[index]
    var rest = ""
    var column = row.prompt.displayWidth
    for character in characters[row.characters] {
      let shown = Self.shown(character, column: column, columns: columns, isUTF8: isUTF8)
      rest += shown
      column += shown.displayWidth
    }
    return (row.prompt, row.endsWithCaret ? rest + " " : rest)
  }

  private func fitted(_ prompt: String) -> String {
    // A prompt wider than the terminal would leave no room to type.
    HarmlessText.line(prompt, isUTF8: isUTF8).truncated(toWidth: columns / 2, isUTF8: isUTF8)
  }

  private mutating func startLine(with prompt: String, at index: Int) {
    rows.append(Row(prompt: prompt, characters: index..<index, width: prompt.displayWidth))
  }

  private mutating func append(_ character: Character, at index: Int, isAtCaret: Bool) {
    var last = rows.count - 1
    let width = Self.width(of: character, column: rows[last].width, columns: columns, isUTF8: isUTF8)
    if rows[last].width + width > columns {
      // Of a cluster of several letters the terminal would draw the first ones in this row, so it has to be told to go on.
      let wraps = rows[last].width == columns || (width == 2 && character.unicodeScalars.first.isWide)
      rows.append(Row(characters: index..<index, isContinued: wraps))
      last += 1
    }
    if isAtCaret { placeCaret() }
    rows[last].characters = rows[last].characters.lowerBound..<index + 1
    rows[last].width += width
  }

  private mutating func placeCaret() {
    caretRow = rows.count - 1
    caretColumn = rows[caretRow].width
  }

  private mutating func placeCaretAfterLine(at index: Int) {
    if rows[rows.count - 1].width >= columns { rows.append(Row(characters: index..<index, isContinued: true)) }
    placeCaret()
    rows[caretRow].endsWithCaret = true
    rows[caretRow].width += 1
  }
}

// How characters are drawn

extension LineLayout {
  private static func tabWidth(column: Int, columns: Int) -> Int {
    let column = column % columns
    return min(4 - column % 4, columns - column)
  }

  /// A character of the text as a terminal may draw it.
  private static func shown(_ character: Character, column: Int, columns: Int, isUTF8: Bool) -> String {
    if character == "\t" { return String(repeating: " ", count: tabWidth(column: column, columns: columns)) }
    let text = HarmlessText.line(String(character), isUTF8: isUTF8)
    // A mark without a letter would be drawn on whatever stands before it.
    return text.unicodeScalars.first.isCombining ? "◌" + text : text
  }

  /// The columns that the character takes as it is drawn; the same as those of `shown`, without making the text.
  private static func width(of character: Character, column: Int, columns: Int, isUTF8: Bool) -> Int {
    if let ascii = character.asciiValue {
      return ascii == 0x09 ? tabWidth(column: column, columns: columns) : 1
    }
    let scalars = character.unicodeScalars
    if isUTF8 && !scalars.first.isCombining && !scalars.contains(where: HarmlessText.isDangerous) {
      return character.displayWidth
    }
    return shown(character, column: column, columns: columns, isUTF8: isUTF8).displayWidth
  }
}

extension Unicode.Scalar? {
  fileprivate var isCombining: Bool {
    map { $0.value >= 0x300 && $0.properties.canonicalCombiningClass != .notReordered } ?? false
  }

  fileprivate var isWide: Bool {
    var meter = DisplayMeter()
    return map { meter.advance($0) } == 2
  }
}

extension String {
  /// The text if it fits in `width` columns, and otherwise as much of it as fits with an ellipsis after it.
  public func truncated(toWidth width: Int, isUTF8: Bool = true) -> String {
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
