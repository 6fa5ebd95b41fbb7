/// A search backwards through the history that Ctrl-R began.
struct HistorySearch: Equatable, Sendable {
  var query = ""
  /// The entry that is shown, or `nil` before the first match.
  var index: Int?
  var hasFailed = false
  /// The text as it was before the search.
  let former: EditBuffer
}

extension LineEditorState {
  mutating func beginSearch() {
    browsing = nil
    search = HistorySearch(former: buffer)
  }

  /// Takes a key while the search is on: it refines the search, ends it, or ends it and does what it always does.
  mutating func handleInSearch(_ event: KeyEvent) -> Outcome {
    guard var current = search else { return handleInText(event) }
    switch event {
    case .text(let text):
      current.query += text
      find(&current, from: current.index ?? history.entries.count - 1, step: -1)
    case .paste(let text):
      current.query += text.prefix { $0 != "\n" }
      find(&current, from: current.index ?? history.entries.count - 1, step: -1)
    case .backspace, .control("h"):
      if !current.query.isEmpty { current.query.removeLast() }
      current.index = nil
      find(&current, from: history.entries.count - 1, step: -1)
    case .control("r"), .up: find(&current, from: (current.index ?? history.entries.count) - 1, step: -1)
    case .control("s"), .down: find(&current, from: (current.index ?? -1) + 1, step: 1)
    case .control("c"), .control("g"):
      buffer = current.former
      search = nil
      return .changed
    case .escape, .tab:
      search = nil
      return .changed
    default:
      search = nil
      let outcome = handleInText(event)
      return outcome == .unchanged ? .changed : outcome
    }
    search = current
    return .changed
  }

  /// Shows the first entry from `start` on, in steps of `step`, that contains the query.
  private mutating func find(_ search: inout HistorySearch, from start: Int, step: Int) {
    search.hasFailed = false
    guard !search.query.isEmpty else {
      buffer = search.former
      search.index = nil
      return
    }
    let shown = search.index.map { history.entries[$0] }
    var index = start
    while history.entries.indices.contains(index) {
      let entry = history.entries[index]
      if let position = Self.position(of: search.query, in: entry), index == search.index || entry != shown {
        search.index = index
        buffer = EditBuffer(entry)
        buffer.moveCaret(to: position)
        return
      }
      index += step
    }
    search.hasFailed = true
  }

  /// The number of characters before `query` in `entry`; capital letters matter only when the query has some.
  static func position(of query: String, in entry: String) -> Int? {
    let ignoresCase = !query.contains { $0.isUppercase }
    let folded: (Character) -> String = { ignoresCase ? $0.lowercased() : String($0) }
    let wanted = query.map(folded)
    let characters = entry.map(folded)
    guard wanted.count <= characters.count else { return nil }
    return (0...characters.count - wanted.count).first { characters[$0...].starts(with: wanted) }
  }
}
