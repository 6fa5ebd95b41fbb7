/// Keeps what a terminal shows in step with the edited text, writing only what changed.
///
/// A value that turns views into the bytes to write; it remembers the rows on the screen and where the cursor is. Text that
/// is taller than the window is shown through a viewport that follows the caret.
struct LineRenderer {
  /// What is to be seen.
  struct View: Equatable {
    var prompt: Prompt
    var characters: [Character]
    /// The number of characters before the caret; `nil` when the text is finished.
    var caret: Int?
    var notice: [String] = []
  }

  /// A row as it is on the screen.
  private struct Line: Equatable {
    var prompt: String
    var rest: String
    var width: Int
    var isContinued: Bool
  }

  private struct Frame {
    var view: View
    var layout: LineLayout
    /// The rows of the layout that are on the screen.
    var visible: Range<Int>
    var size: TerminalSize
    /// The rows at the top that the terminal itself has moved out of the window and still has.
    var hidden = 0
    /// What the visible rows look like.
    var lines: [Line]

    init(_ view: View, _ layout: LineLayout, visible: Range<Int>, size: TerminalSize, hidden: Int = 0) {
      self.view = view
      self.layout = layout
      self.visible = visible
      self.size = size
      self.hidden = hidden
      lines = visible.map { index in
        let text = layout.text(of: index)
        let row = layout.rows[index]
        return Line(prompt: text.prompt, rest: text.rest, width: row.width, isContinued: row.isContinued)
      }
    }

    /// The rows after these are the notice, which has no prompt.
    var textRowCount: Int { layout.rows.count - view.notice.count }

    func line(_ row: Int) -> Line { lines[row - visible.lowerBound] }
  }

  private var frame: Frame?
  /// Whether the terminal leaves its rows as they are, cut or not, when its window changes; most lay them out anew.
  private var keepsRows = false
  private let isStyled: Bool
  private let isUTF8: Bool

  init(isStyled: Bool, isUTF8: Bool = true) {
    self.isStyled = isStyled
    self.isUTF8 = isUTF8
  }

  /// The bytes that make a terminal of `size` show `view`; the cursor starts where the last call left it.
  mutating func render(_ view: View, size: TerminalSize) -> String {
    let afterResize = resize(to: size, cursor: nil)
    let layout = makeLayout(view, columns: size.columns)
    guard let old = frame else {
      let visible = Self.window(of: layout, height: size.rows, from: 0, hidden: 0)
      let new = Frame(view, layout, visible: visible, size: size)
      frame = new
      return draw(new, from: visible.lowerBound)
    }
    let visible = Self.window(of: layout, height: size.rows, from: old.visible.lowerBound, hidden: old.hidden)
    let hidden = min(old.hidden, visible.lowerBound)
    let new = Frame(view, layout, visible: visible, size: size, hidden: hidden)
    frame = new
    return afterResize + update(from: old, to: new)
  }

  /// The bytes that put things right after the window has got another size.
  ///
  /// Most terminals lay out anew what they show, and some push rows out at the top while doing so. The old view, laid out
  /// for the new width, says where its rows must be now; the cursor's position, if the terminal has told it, says whether
  /// that is what happened.
  mutating func resize(to size: TerminalSize, cursor: CursorPosition?) -> String {
    guard let old = frame, old.size != size else { return "" }
    let layout = makeLayout(old.view, columns: size.columns)
    var rowsAbove = layout.caretRow - old.hidden
    var hidden = old.hidden
    if old.visible.lowerBound > old.hidden {
      // A text taller than the window fills it from its first row on.
      rowsAbove = cursor?.row ?? size.rows
      hidden = 0
    } else if let cursor {
      let unmoved = min(old.layout.caretColumn, size.columns - 1)
      // Where both would put the cursor in the same column, the terminal does what it did before.
      if unmoved != layout.caretColumn { keepsRows = cursor.column == unmoved }
      if keepsRows {
        rowsAbove = min(old.layout.caretRow - old.hidden, cursor.row)
        hidden = 0
      } else {
        hidden = max(0, layout.caretRow - cursor.row)
        rowsAbove = layout.caretRow - hidden
      }
    }
    let visible = Self.window(of: layout, height: size.rows, from: hidden, hidden: hidden)
    let new = Frame(old.view, layout, visible: visible, size: size, hidden: min(hidden, visible.lowerBound))
    frame = new
    return up(rowsAbove) + "\r" + draw(new, from: new.visible.lowerBound)
  }

  /// The bytes that leave the whole text on the screen and put the cursor at the start of the row below it.
  mutating func finish(size: TerminalSize) -> String {
    let afterResize = resize(to: size, cursor: nil)
    guard let old = frame else { return "" }
    frame = nil
    var view = old.view
    view.notice = []
    view.caret = nil
    let layout = makeLayout(view, columns: size.columns)
    let visible = min(old.hidden, layout.rows.count - 1)..<layout.rows.count
    let all = Frame(view, layout, visible: visible, size: size, hidden: old.hidden)
    return afterResize + update(from: old, to: all) + "\r\n"
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
  private static func window(of layout: LineLayout, height: Int, from top: Int, hidden: Int) -> Range<Int> {
    let count = layout.rows.count
    let height = max(1, height)
    // Rows that the terminal has moved out are drawn again only when the caret goes there.
    var top = max(min(top, max(0, count - height)), hidden)
    top = min(max(top, layout.caretRow - height + 1), layout.caretRow)
    return top..<min(count, top + height)
  }
}

/// A place on a terminal's screen, counted from 0.
public struct CursorPosition: Equatable, Sendable {
  /// The row, counted from 0 at the top.
  public var row: Int
  /// The column, counted from 0 at the left.
  public var column: Int

  /// A place counted from 0 at the top left.
  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}

// Escape sequences. All of them are in every terminal since the VT100.

extension LineRenderer {
  /// Draws rows from `first` on, with the cursor at the first column of that row, and puts the cursor at the caret.
  private func draw(_ frame: Frame, from first: Int) -> String {
    let last = frame.visible.upperBound - 1
    // Erasing with the cursor behind the last column would erase the last character, so then it is done beforehand.
    let endsAtEdge = frame.line(last).width >= frame.size.columns
    var output = endsAtEdge ? "\u{1B}[J" : ""
    for index in first...last {
      let line = frame.line(index)
      if index > first { output += separator(before: line) }
      let hasStyle = isStyled && index < frame.textRowCount
      output += frame.view.prompt.style.applied(to: line.prompt, when: hasStyle) + line.rest
      if line.width < frame.size.columns { output += "\u{1B}[K" }
    }
    if !endsAtEdge { output += "\u{1B}[J" }
    return output + moveToCaret(of: frame, from: last)
  }

  /// Writes what differs between two frames of the same width and the same top row.
  private func update(from old: Frame, to new: Frame) -> String {
    if old.visible.lowerBound != new.visible.lowerBound {
      return up(old.layout.caretRow - old.visible.lowerBound) + "\r" + draw(new, from: new.visible.lowerBound)
    }
    let same = zip(old.lines, new.lines).prefix { $0 == $1 }.count
    if same == new.lines.count && old.lines.count == new.lines.count {
      return moveToCaret(of: new, from: old.layout.caretRow)
    }
    let changed = new.visible.lowerBound + same
    if same + 1 == new.lines.count && old.lines.count == new.lines.count {
      if let suffix = typedSuffix(from: old, to: new, in: changed) { return suffix }
    }
    let first = min(changed, new.visible.upperBound - 1)
    let rowsUp = old.layout.caretRow - first
    return (rowsUp >= 0 ? up(rowsUp) : down(-rowsUp)) + "\r" + draw(new, from: first)
  }

  /// What was typed at the end of the text, if that is all that has changed: it is enough to write it.
  private func typedSuffix(from old: Frame, to new: Frame, in row: Int) -> String? {
    guard old.view.caret == old.view.characters.count, new.view.caret == new.view.characters.count,
      old.layout.caretRow == row, new.layout.caretRow == row, old.view.notice.isEmpty, new.view.notice.isEmpty
    else { return nil }
    guard old.line(row).prompt == new.line(row).prompt, old.line(row).isContinued == new.line(row).isContinued else {
      return nil
    }
    // Both rows end with the space under the caret.
    let before = old.line(row).rest.dropLast()
    let after = new.line(row).rest
    let suffix = after.dropFirst(before.count)
    guard after.count > before.count, before + suffix == after else { return nil }
    return suffix + moveToCaret(of: new, from: row)
  }

  /// What goes from one row to the next: nothing where the terminal wraps the line by itself.
  ///
  /// Letting it wrap makes it remember that the rows are one line, for copying and for a window that changes its width.
  private func separator(before line: Line) -> String {
    line.isContinued ? "" : "\r\n"
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
