// The Tab key.

extension LineEditorState {
  private static let listedCandidates = 60

  /// Completes as far as all candidates agree, and lists them when that is no further than what is typed.
  mutating func complete() {
    let completion = configuration.completer(buffer.textBeforeCaret)
    guard let first = completion.candidates.first else { return }
    let start = max(0, buffer.caret - max(0, completion.replacedCount))
    let typed = String(buffer.characters[start..<buffer.caret])
    if completion.candidates.count == 1 {
      replaceCompleted(start, with: first.text + first.suffix)
      return
    }
    let common = completion.commonPrefix
    if common.count > typed.count {
      replaceCompleted(start, with: common)
      return
    }
    let labels = completion.candidates.prefix(Self.listedCandidates).map(\.label)
    let rest = completion.candidates.count - labels.count
    notice = rest > 0 ? labels + ["… and \(rest) more"] : labels
    noticeIsList = true
  }

  private mutating func replaceCompleted(_ start: Int, with text: String) {
    guard buffer.byteCount + text.utf8.count <= configuration.byteLimit else { return }
    browsing = nil
    buffer.replace(start..<buffer.caret, with: text)
  }
}
