/// A walk through the history that Up began: where it is, and what to come back to.
struct HistoryBrowsing: Equatable, Sendable {
  /// The text as it was before the walk.
  var draft: EditBuffer
  /// Only entries that begin like this are visited: what stood before the caret when the walk began.
  var prefix: String
  var index: Int
}

extension LineEditorState {
  /// Goes up a line of the text, and from the first line to the previous entry of the history.
  mutating func moveUp() -> Outcome {
    if let position = buffer.position(movedByLines: -1) {
      buffer.moveCaret(to: position)
      return .changed
    }
    let walk =
      browsing ?? HistoryBrowsing(draft: buffer, prefix: buffer.textBeforeCaret, index: history.entries.count)
    let shown = buffer.text
    let older = history.entries[..<walk.index].lastIndex { $0.hasPrefix(walk.prefix) && $0 != shown }
    guard let older else { return .unchanged }
    show(older, in: walk)
    return .changed
  }

  /// Goes down a line of the text, and from the last line to the next entry of the history, at last to the draft.
  mutating func moveDown() -> Outcome {
    if let position = buffer.position(movedByLines: 1) {
      buffer.moveCaret(to: position)
      return .changed
    }
    guard let walk = browsing else { return .unchanged }
    let shown = buffer.text
    let newer = history.entries[(walk.index + 1)...].firstIndex { $0.hasPrefix(walk.prefix) && $0 != shown }
    if let newer {
      show(newer, in: walk)
    } else {
      buffer = walk.draft
      browsing = nil
    }
    return .changed
  }

  private mutating func show(_ index: Int, in walk: HistoryBrowsing) {
    buffer = EditBuffer(history.entries[index])
    browsing = HistoryBrowsing(draft: walk.draft, prefix: walk.prefix, index: index)
  }
}
