// The keys that move the caret and the keys that change the text.

extension LineEditorState {
  /// Where a key moves the caret, or `nil` for a key that does something else.
  func caretTarget(of event: KeyEvent) -> Int? {
    switch event {
    case .left, .control("b"): buffer.caret - 1
    case .right, .control("f"): buffer.caret + 1
    case .home, .control("a"): buffer.lineStart(before: buffer.caret)
    case .end, .control("e"): buffer.lineEnd(after: buffer.caret)
    case .wordLeft, .alt("b"), .alt("B"): buffer.previousWordStart
    case .wordRight, .alt("f"), .alt("F"): buffer.nextWordEnd
    case .pageUp, .alt("<"): 0
    case .pageDown, .alt(">"): buffer.characters.count
    default: nil
    }
  }

  /// Applies a key that removes, brings back or swaps text; other keys do nothing.
  mutating func change(with event: KeyEvent, after previous: LastCommand) {
    let caret = buffer.caret
    switch event {
    case .backspace: remove(max(0, caret - 1)..<caret)
    case .delete, .control("d"): remove(caret..<min(caret + 1, buffer.characters.count))
    case .control("k"): kill(caret..<killEnd, after: previous)
    case .control("u"): kill(killStart..<caret, after: previous, isBackward: true)
    case .control("w"): kill(buffer.previousBlankWordStart..<caret, after: previous, isBackward: true)
    case .wordBackspace: kill(buffer.previousWordStart..<caret, after: previous, isBackward: true)
    case .wordDelete, .alt("d"), .alt("D"): kill(caret..<buffer.nextWordEnd, after: previous)
    case .control("y"): yank(replacing: caret..<caret)
    case .alt("y"), .alt("Y"):
      if case .yank(let range) = previous {
        killRing.rotate()
        yank(replacing: range)
      }
    case .control("t"): transpose()
    default: break
    }
  }

  private mutating func remove(_ range: Range<Int>) {
    if range.isEmpty { return }
    browsing = nil
    buffer.remove(range)
  }

  /// Ctrl-K kills to the end of the line, and at the end of a line the newline itself.
  private var killEnd: Int {
    let end = buffer.lineEnd(after: buffer.caret)
    return end == buffer.caret ? min(end + 1, buffer.characters.count) : end
  }

  /// Ctrl-U kills to the start of the line, and at the start of a line the newline before it.
  private var killStart: Int {
    let start = buffer.lineStart(before: buffer.caret)
    return start == buffer.caret ? max(0, start - 1) : start
  }

  private mutating func kill(_ range: Range<Int>, after previous: LastCommand, isBackward: Bool = false) {
    lastCommand = previous == .kill ? .kill : .other
    if range.isEmpty { return }
    browsing = nil
    killRing.add(buffer.remove(range), joiningNewest: previous == .kill, atFront: isBackward)
    lastCommand = .kill
  }

  private mutating func yank(replacing range: Range<Int>) {
    guard let text = killRing.current else { return }
    let removed = buffer.characters[range].reduce(0) { $0 + $1.utf8.count }
    guard buffer.byteCount - removed + text.utf8.count <= configuration.byteLimit else { return }
    browsing = nil
    buffer.replace(range, with: text)
    lastCommand = .yank(min(range.lowerBound, buffer.caret)..<buffer.caret)
  }

  /// Swaps the characters around the caret and moves past them; at the end of a line, the last two.
  private mutating func transpose() {
    let start = buffer.lineStart(before: buffer.caret)
    let end = buffer.lineEnd(after: buffer.caret)
    let second = buffer.caret == end ? end - 1 : buffer.caret
    guard second > start else { return }
    browsing = nil
    let swapped = String([buffer.characters[second], buffer.characters[second - 1]])
    buffer.replace(second - 1..<second + 1, with: swapped)
  }
}
