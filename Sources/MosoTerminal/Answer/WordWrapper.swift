/// Breaks lines between words while the text is still arriving, a scalar at a time.
///
/// A word is shown as soon as it begins. If it turns out not to fit, it is erased from the end of its line and written again
/// on the next one, so nobody waits for the end of a word. Between Chinese and Japanese characters any place is good, except
/// before closing and after opening punctuation. Lines of a list are indented like their first line.
struct WordWrapper {
  private var columns: Int
  private var column = 0
  private var meter = DisplayMeter()
  /// What has been shown since the last place where the line may break, and the column where that begins.
  private var word: [(scalar: Unicode.Scalar, style: Style)] = []
  private var wordStart = 0
  /// The style the terminal is in.
  private var active: Style = []
  private var indentation = Indentation()
  private var isAfterOpening = false
  private var isAfterWide = false

  init(columns: Int) {
    self.columns = columns
  }

  /// Takes note of the window's width; what is on the screen stays as it is.
  mutating func setColumns(_ new: Int) {
    guard new != columns else { return }
    columns = new
    // The terminal has laid the line out anew, so the word can no longer be moved.
    if column > new { column %= max(1, new) }
    endWord()
  }

  /// The bytes that show one more scalar.
  mutating func show(_ mark: MarkdownScanner.Mark, into output: inout String) {
    let scalar = mark.scalar
    switch scalar {
    case "\n":
      setStyle([], &output)
      startRow(&output)
      indentation = Indentation()
    case " ": showSpaces(1, mark, &output)
    case "\t": showSpaces(4 - column % 4, mark, &output)
    default:
      indentation.take(scalar)
      showPrintable(scalar, mark, &output)
    }
  }

  /// The bytes that end the answer in plain style.
  mutating func finish(into output: inout String) {
    setStyle([], &output)
  }

  private mutating func showSpaces(_ count: Int, _ mark: MarkdownScanner.Mark, _ output: inout String) {
    setStyle(mark.style, &output)
    for _ in 0..<count {
      indentation.take(" ")
      // A space that does not fit is the break itself.
      guard column < columns || mark.isInCodeBlock else { continue }
      output += " "
      column += meter.advance(" ")
    }
    endWord()
    isAfterOpening = false
    isAfterWide = false
  }

  private mutating func showPrintable(
    _ scalar: Unicode.Scalar, _ mark: MarkdownScanner.Mark, _ output: inout String
  ) {
    let width = meter.advance(scalar)
    if mark.isInCodeBlock {
      // Code keeps its lines; a long one is wrapped by the terminal, and is still one line when it is copied.
      setStyle(mark.style, &output)
      output.unicodeScalars.append(scalar)
      column += width
      endWord()
      return
    }
    // Two columns at once are the beginning of a new character, never a part of the one before.
    let isIdeographic = width == 2 || (width > 0 && isAfterWide && scalar.value != 0xFE0F)
    if isIdeographic && !isAfterOpening && !LineBreaking.isClosing(scalar) { endWord() }
    if column + width > columns { breakLine(fitting: width, &output) }
    setStyle(mark.style, &output)
    output.unicodeScalars.append(scalar)
    column += width
    if width > 0 {
      isAfterWide = width == 2 || scalar.value == 0xFE0F
      isAfterOpening = LineBreaking.isOpening(scalar)
    }
    // A word is at most a row long; only marks without width could make it grow for ever.
    if word.count < 4 * columns + 64 {
      word.append((scalar, mark.style))
    } else {
      endWord()
    }
  }

  private mutating func breakLine(fitting width: Int, _ output: inout String) {
    let moved = word
    let wordWidth = column - wordStart
    let indent = indentation.width(columns: columns)
    // A word as long as a row stays where it is and is cut.
    guard !moved.isEmpty, wordStart > indent, indent + wordWidth + width <= columns else {
      setStyle([], &output)
      startRow(&output)
      indentRow(indent, &output)
      return
    }
    output += wordStart > 0 ? "\r\u{1B}[\(wordStart)C\u{1B}[K" : "\r\u{1B}[K"
    setStyle([], &output)
    startRow(&output)
    indentRow(indent, &output)
    for (scalar, style) in moved {
      setStyle(style, &output)
      output.unicodeScalars.append(scalar)
    }
    word = moved
    column = indent + wordWidth
  }

  private mutating func startRow(_ output: inout String) {
    output += "\n"
    column = 0
    endWord()
  }

  private mutating func indentRow(_ width: Int, _ output: inout String) {
    output += String(repeating: " ", count: width)
    column = width
    endWord()
  }

  private mutating func endWord() {
    word = []
    wordStart = column
  }

  private mutating func setStyle(_ style: Style, _ output: inout String) {
    guard style != active else { return }
    if !active.isEmpty { output += Style.closingSequence }
    output += style.openingSequence
    active = style
  }
}
