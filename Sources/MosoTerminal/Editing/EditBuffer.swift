/// The text being edited and the place in it where typing goes, both counted in characters as the user sees them.
///
/// Characters are grapheme clusters. Two may become one when text is joined (a letter and an accent typed after it), so
/// every change divides the text around it into characters anew.
struct EditBuffer: Equatable, Sendable {
  private(set) var characters: [Character] = []
  /// The number of characters before the caret.
  private(set) var caret = 0
  /// The length of the whole text in UTF-8.
  private(set) var byteCount = 0
  /// Goes up with every change of the text.
  private(set) var revision = 0

  init() {}

  /// A buffer with the caret after the last character.
  init(_ text: String) {
    insert(text)
  }

  var text: String { String(characters) }
  var isEmpty: Bool { characters.isEmpty }
  var textBeforeCaret: String { String(characters[..<caret]) }

  mutating func moveCaret(to position: Int) {
    caret = min(max(position, 0), characters.count)
  }

  mutating func insert(_ text: String) {
    replace(caret..<caret, with: text)
  }

  mutating func clear() {
    replace(0..<characters.count, with: "")
  }

  /// Removes a range of characters and leaves the caret where it was.
  @discardableResult
  mutating func remove(_ range: Range<Int>) -> String {
    let removed = String(characters[range])
    replace(range, with: "")
    return removed
  }

  /// Replaces a range of characters and puts the caret after the new text.
  mutating func replace(_ range: Range<Int>, with text: String) {
    var start = range.lowerBound
    while start > 0 {
      start -= 1
      if characters[start].bordersAreFixed { break }
    }
    var end = range.upperBound
    while end < characters.count {
      end += 1
      if characters[end - 1].bordersAreFixed { break }
    }
    let before = String(characters[start..<range.lowerBound]) + text
    let joined = before + String(characters[range.upperBound..<end])
    byteCount += text.utf8.count - characters[range].reduce(0) { $0 + $1.utf8.count }

    var offset = 0
    let wanted = before.utf8.count
    var position = start
    for character in joined {
      if offset < wanted { position += 1 }
      offset += character.utf8.count
    }
    characters.replaceSubrange(start..<end, with: joined)
    caret = position
    revision += 1
  }
}

// Lines and words

extension EditBuffer {
  /// The position of the first character of the line that contains `position`.
  func lineStart(before position: Int) -> Int {
    var index = position
    while index > 0 && characters[index - 1] != "\n" { index -= 1 }
    return index
  }

  /// The position after the last character of the line that contains `position`.
  func lineEnd(after position: Int) -> Int {
    var index = position
    while index < characters.count && characters[index] != "\n" { index += 1 }
    return index
  }

  /// Where Alt-F goes: after the end of the next word.
  var nextWordEnd: Int {
    var index = caret
    while index < characters.count && !characters[index].isWordPart { index += 1 }
    while index < characters.count && characters[index].isWordPart { index += 1 }
    return index
  }

  /// Where Alt-B goes: before the start of this or the previous word.
  var previousWordStart: Int {
    var index = caret
    while index > 0 && !characters[index - 1].isWordPart { index -= 1 }
    while index > 0 && characters[index - 1].isWordPart { index -= 1 }
    return index
  }

  /// What Ctrl-W kills from: words between spaces, as a terminal's own line editing has them.
  var previousBlankWordStart: Int {
    var index = caret
    while index > 0 && characters[index - 1].isWhitespace { index -= 1 }
    while index > 0 && !characters[index - 1].isWhitespace { index -= 1 }
    return index
  }

  /// The same column in the line above or below (`lines` is -1 or 1), or `nil` when there is no such line.
  func position(movedByLines lines: Int) -> Int? {
    let start = lineStart(before: caret)
    let column = caret - start
    if lines < 0 {
      guard start > 0 else { return nil }
      let previousStart = lineStart(before: start - 1)
      return min(previousStart + column, start - 1)
    }
    let end = lineEnd(after: caret)
    guard end < characters.count else { return nil }
    return min(end + 1 + column, lineEnd(after: end + 1))
  }
}

extension Character {
  /// Whether no text on one side of this character can change how the text on its other side is divided.
  ///
  /// True of characters of one scalar in scripts without conjuncts (Unicode Standard Annex 29, section 3.1.1).
  fileprivate var bordersAreFixed: Bool {
    let scalars = unicodeScalars
    guard let scalar = scalars.first, scalars.dropFirst().isEmpty else { return false }
    switch scalar.value {
    case 0..<0xA9, 0xC0..<0x300, 0x3041..<0x3097, 0x30A1..<0x30FB, 0x4E00..<0xA000: return true
    default: return false
    }
  }

  fileprivate var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
