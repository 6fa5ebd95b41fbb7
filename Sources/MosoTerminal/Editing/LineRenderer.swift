/// Keeps what a terminal shows in step with the edited text, writing only what changed.
///
/// A value that turns views into the bytes to write; it remembers the rows on the screen and where the cursor is. Text that
/// is taller than the window is shown through a viewport that follows the caret.
struct LineRenderer {
  /// What is to be seen.
  struct View: Equatable {
    var prompt: Prompt
    var characters: [Character]
    var caret: Int
    var notice: [String] = []
  }

  private struct Frame {
    var view: View
    var layout: LineLayout
    /// The rows of the layout that are on the screen.
    var visible: Range<Int>
    var size: TerminalSize
  }

  private var frame: Frame?
  private let isStyled: Bool
  private let isUTF8: Bool

  init(isStyled: Bool, isUTF8: Bool = true) {
    self.isStyled = isStyled
    self.isUTF8 = isUTF8
  }

  /// The bytes that make a terminal of `size` show `view`; the cursor starts where the last call left it.
  mutating func render(_ view: View, size: TerminalSize) -> String {
    let layout = makeLayout(view, columns: size.columns)
    let visible = Self.window(of: layout, height: max(1, size.rows), previous: frame?.visible)
    let next = Frame(view: view, layout: layout, visible: visible, size: size)
    defer { frame = next }
    guard let frame else { return draw(next, from: visible.lowerBound) }
    if frame.size.columns != size.columns {
      return moveToTop(after: frame, columns: size.columns) + draw(next, from: visible.lowerBound)
    }
    guard frame.visible.lowerBound == visible.lowerBound else {
      return moveToTop(after: frame, columns: size.columns) + draw(next, from: visible.lowerBound)
    }
    return update(from: frame, to: next)
  }

  /// The bytes that leave the whole text on the screen and put the cursor at the start of the row below it.
  mutating func finish(size: TerminalSize) -> String {
    guard let frame else { return "" }
    defer { self.frame = nil }
    var view = frame.view
    view.notice = []
    view.caret = view.characters.count
    let layout = makeLayout(view, columns: size.columns)
    let all = Frame(view: view, layout: layout, visible: 0..<layout.rows.count, size: size)
    if frame.visible == all.visible && frame.size.columns == size.columns {
      return update(from: frame, to: all) + "\r\n"
    }
    return moveToTop(after: frame, columns: size.columns) + draw(all, from: 0) + "\r\n"
  }

  /// Forgets the screen, after somebody else has written to it; the next text begins where the cursor is.
  mutating func forget() {
    frame = nil
  }

  private func makeLayout(_ view: View, columns: Int) -> LineLayout {
    LineLayout(
      prompt: view.prompt,
      characters: view.characters,
      caret: view.caret,
      notice: view.notice,
      columns: columns,
      isUTF8: isUTF8
    )
  }

  /// The rows to show: all of them, or as many as the window has, moved only as far as the caret demands.
  private static func window(of layout: LineLayout, height: Int, previous: Range<Int>?) -> Range<Int> {
    let count = layout.rows.count
    guard count > height else { return 0..<count }
    var top = min(previous?.lowerBound ?? 0, count - height)
    top = min(max(top, layout.caretRow - height + 1), layout.caretRow)
    return top..<top + height
  }
}

// Escape sequences. All of them are in every terminal since the VT100.

extension LineRenderer {
  /// Moves from the caret to the first column of the area's top row.
  ///
  /// When the window has become wider or narrower, the terminal has already laid the old text out anew, and the caret went
  /// with it; the old view, laid out for the new width, says how many rows are now above the caret.
  private func moveToTop(after frame: Frame, columns: Int) -> String {
    var rowsAbove = frame.layout.caretRow - frame.visible.lowerBound
    if columns != frame.size.columns {
      let reflowed = makeLayout(frame.view, columns: columns)
      rowsAbove = frame.visible.lowerBound == 0 ? reflowed.caretRow : min(reflowed.caretRow, frame.size.rows - 1)
    }
    return up(rowsAbove) + "\r"
  }

  /// Draws rows from `first` on, with the cursor at the first column of that row, and puts the cursor at the caret.
  private func draw(_ frame: Frame, from first: Int) -> String {
    let rows = frame.layout.rows
    let last = frame.visible.upperBound - 1
    // Erasing with the cursor behind the last column would erase the last character, so then it is done beforehand.
    let endsAtEdge = rows[last].width >= frame.size.columns
    var output = endsAtEdge ? "\u{1B}[J" : ""
    for index in first..<frame.visible.upperBound {
      if index > first { output += separator(before: rows[index]) }
      output += styled(rows[index], in: frame)
      if rows[index].width < frame.size.columns { output += "\u{1B}[K" }
    }
    if !endsAtEdge { output += "\u{1B}[J" }
    return output + moveToCaret(of: frame, from: last)
  }

  /// Writes what differs between two frames of the same width and the same top row.
  private func update(from old: Frame, to new: Frame) -> String {
    let oldRows = old.layout.rows[old.visible]
    let newRows = new.layout.rows[new.visible]
    let top = new.visible.lowerBound
    let same = zip(oldRows, newRows).prefix { $0 == $1 }.count
    if same == newRows.count && oldRows.count == newRows.count {
      return moveToCaret(of: new, from: old.layout.caretRow)
    }
    // Typing at the end of the text needs no more than the typed text.
    let changed = top + same
    if same + 1 == newRows.count, oldRows.count == newRows.count, old.layout.caretRow == changed {
      let (before, after) = (old.layout.rows[changed], new.layout.rows[changed])
      let isAtEnd = old.layout.caretColumn == before.width && new.layout.caretColumn == after.width
      if isAtEnd, new.layout.caretRow == changed, after.width > before.width, after.text.hasPrefix(before.text),
        after.isContinued == before.isContinued
      {
        let suffix = after.text.dropFirst(before.text.count)
        if before.text + suffix == after.text { return String(suffix) }
      }
    }
    let first = min(changed, new.visible.upperBound - 1)
    let rowsUp = old.layout.caretRow - first
    return (rowsUp >= 0 ? up(rowsUp) : down(-rowsUp)) + "\r" + draw(new, from: first)
  }

  private func styled(_ row: LineLayout.Row, in frame: Frame) -> String {
    let prompt = String(row.text.prefix(row.promptLength))
    return frame.view.prompt.style.applied(to: prompt, when: isStyled) + row.text.dropFirst(row.promptLength)
  }

  /// What goes from one row to the next: nothing where the terminal wraps the line by itself.
  ///
  /// Letting it wrap makes it remember that the rows are one line, for copying and for a window that changes its width. A
  /// row that is still empty is reached by a space that wraps and is erased.
  private func separator(before row: LineLayout.Row) -> String {
    row.isContinued ? (row.text.isEmpty ? " \r" : "") : "\r\n"
  }

  private func moveToCaret(of frame: Frame, from row: Int) -> String {
    let distance = row - frame.layout.caretRow
    let vertical = distance >= 0 ? up(distance) : "\u{1B}[\(-distance)B"
    let column = frame.layout.caretColumn
    return vertical + "\r" + (column > 0 ? "\u{1B}[\(column)C" : "")
  }

  private func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }

  /// Goes down to a row that may not exist yet, for which the terminal has to scroll.
  private func down(_ rows: Int) -> String {
    String(repeating: "\n", count: rows)
  }
}
