@testable import MosoTerminal

/// A small terminal for tests: it understands the escape sequences this module writes, and records any other as an error.
///
/// It keeps the details that make line editing hard: the cursor waits behind the last column until the next character,
/// wide characters never straddle two rows, rows remember that they wrapped, and a change of width lays lines out anew.
struct VirtualTerminal {
  struct Cell: Equatable {
    var character: Character
    var width: Int
  }

  struct Row: Equatable {
    var cells: [Cell] = []
    var isWrapped = false
  }

  private(set) var columns: Int
  private(set) var rows: Int
  private(set) var grid: [Row]
  private(set) var scrolledOut: [Row] = []
  private(set) var row = 0
  private(set) var column = 0
  private(set) var isPasteMarked = false
  private(set) var unknownSequences: [String] = []
  private(set) var bellCount = 0
  /// Whether the last change of size pushed the cursor's own row out, which leaves the cursor at the top.
  private(set) var hasLostCursor = false
  /// What the terminal sends back to the program.
  var answers = ""
  private var isWrapPending = false
  private var meter = DisplayMeter()
  /// Where the last character was drawn, for what is drawn with it.
  private var lastCell: (row: Int, column: Int)?
  private var escape: String?

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    grid = Array(repeating: Row(), count: rows)
  }

  /// The text of the rows, without spaces at their ends and empty rows at the bottom.
  var lines: [String] {
    var result = grid.map { Self.text(of: $0) }
    while result.last == "" { result.removeLast() }
    return result
  }

  var scrolledOutLines: [String] { scrolledOut.map { Self.text(of: $0) } }

  private static func text(of row: Row) -> String {
    var text = String(row.cells.filter { $0.width > 0 }.map(\.character))
    while text.last == " " { text.removeLast() }
    return text
  }

  mutating func feed(_ output: String) {
    // By scalar, because an escape sequence and a mark after it are one character to Swift.
    var text = ""
    for scalar in output.unicodeScalars {
      if escape != nil {
        continueEscape(scalar)
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        print(text)
        text = ""
        control(scalar)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    print(text)
  }

  private mutating func control(_ scalar: Unicode.Scalar) {
    if scalar != "\u{1B}" { forgetLastCell() }
    switch scalar {
    case "\u{1B}": escape = ""
    case "\r":
      column = 0
      isWrapPending = false
    case "\n":
      isWrapPending = false
      column = 0  // the terminal driver turns a newline into both
      lineFeed()
    case "\u{7}": bellCount += 1
    default: unknownSequences.append("control \(scalar.value)")
    }
  }

  private mutating func lineFeed() {
    if row + 1 < rows {
      row += 1
    } else {
      scrolledOut.append(grid.removeFirst())
      grid.append(Row())
    }
  }

  /// Draws scalars; one that adds nothing or little to the character before is drawn with it, as terminals do.
  private mutating func print(_ text: String) {
    for scalar in text.unicodeScalars {
      let width = meter.advance(scalar)
      let joins = width <= 0 || scalar.value == 0xFE0F
      if joins, let last = lastCell, grid[last.row].cells.indices.contains(last.column) {
        grid[last.row].cells[last.column].character = Character(
          String(grid[last.row].cells[last.column].character) + String(scalar))
        guard width > 0 else { continue }
        if isWrapPending {
          // A character that becomes wide at the edge moves to the next row.
          let cell = grid[last.row].cells.remove(at: last.column)
          grid[row].isWrapped = true
          lineFeed()
          (column, isWrapPending) = (0, false)
          put(cell.character, width: 2)
        } else {
          column = last.column
          put(grid[last.row].cells[last.column].character, width: 2)
        }
        continue
      }
      if joins { continue }
      if isWrapPending || column + width > columns {
        grid[row].isWrapped = true
        lineFeed()
        (column, isWrapPending) = (0, false)
      }
      put(Character(scalar), width: width)
    }
  }

  private mutating func put(_ character: Character, width: Int) {
    while grid[row].cells.count < column { grid[row].cells.append(Cell(character: " ", width: 1)) }
    lastCell = (row, column)
    for offset in 0..<width {
      let cell = Cell(character: character, width: offset == 0 ? width : 0)
      if column + offset < grid[row].cells.count {
        grid[row].cells[column + offset] = cell
      } else {
        grid[row].cells.append(cell)
      }
    }
    column += width
    if column >= columns {
      column = columns - 1
      isWrapPending = true
    }
  }

  private mutating func continueEscape(_ scalar: Unicode.Scalar) {
    let sequence = (escape ?? "") + String(scalar)
    escape = sequence
    guard sequence.hasPrefix("[") else {
      unknownSequences.append(sequence)
      escape = nil
      return
    }
    guard sequence.count > 1, (0x40...0x7E).contains(scalar.value) else { return }
    escape = nil
    run(sequence)
  }

  private mutating func forgetLastCell() {
    meter = DisplayMeter()
    lastCell = nil
  }

  private mutating func run(_ sequence: String) {
    if sequence.last != "m" { forgetLastCell() }
    let parameters = String(sequence.dropFirst().dropLast())
    let number = Int(parameters) ?? 1
    switch sequence.last {
    case "A":
      row = max(0, row - number)
      isWrapPending = false
    case "B":
      row = min(rows - 1, row + number)
      isWrapPending = false
    case "C":
      column = min(columns - 1, column + number)
      isWrapPending = false
    case "H" where parameters.isEmpty:
      row = 0
      column = 0
      isWrapPending = false
    case "K" where parameters.isEmpty: eraseToEndOfLine()
    case "J" where parameters.isEmpty:
      eraseToEndOfLine()
      for index in row + 1..<max(row + 1, rows) { grid[index] = Row() }
    case "J" where parameters == "2": grid = Array(repeating: Row(), count: rows)
    case "m": break
    case "h" where parameters == "?2004": isPasteMarked = true
    case "l" where parameters == "?2004": isPasteMarked = false
    case "n" where parameters == "6": answers += "\u{1B}[\(row + 1);\(column + 1)R"
    default: unknownSequences.append(sequence)
    }
  }

  /// Erases the cell of the cursor too, which is the last character when the cursor waits behind it.
  private mutating func eraseToEndOfLine() {
    if grid[row].cells.count > column { grid[row].cells.removeSubrange(column...) }
    grid[row].isWrapped = false
  }

  /// What terminals do when their window changes.
  enum ResizeBehaviour: CaseIterable {
    /// Lines that wrapped are laid out anew, in the room below them if there is some.
    case reflow
    /// The same, but rows go out at the top for every new one even when there is room below, as tmux does it.
    case reflowPushingOut
    /// Rows are kept and cut, as xterm does it.
    case cut
  }

  /// Changes the size; the cursor stays on its character, if that is still there.
  mutating func resize(columns newColumns: Int, rows newRows: Int, behaviour: ResizeBehaviour = .reflow) {
    if behaviour == .cut {
      for index in grid.indices where grid[index].cells.count > newColumns {
        grid[index].cells.removeSubrange(newColumns...)
      }
      changeHeight(newRows)
      (columns, rows, isWrapPending) = (newColumns, newRows, false)
      column = min(column, newColumns - 1)
      return
    }
    if behaviour == .reflowPushingOut { changeHeight(newRows) }
    var lines: [[Cell]] = []
    var cursor = (line: 0, offset: 0)
    var isContinuing = false
    for (index, source) in (scrolledOut + grid).enumerated() {
      if !isContinuing { lines.append([]) }
      if index == scrolledOut.count + row {
        cursor = (lines.count - 1, lines[lines.count - 1].count + column + (isWrapPending ? 1 : 0))
      }
      var cells = source.cells
      // The blank left by a wide character that did not fit is no part of the line.
      if source.isWrapped { while cells.count < columns { cells.append(Cell(character: " ", width: -1)) } }
      lines[lines.count - 1] += cells
      isContinuing = source.isWrapped
    }
    var laidOut: [Row] = []
    var newCursor = (row: 0, column: 0)
    for (index, line) in lines.enumerated() {
      laidOut.append(Row())
      for (offset, cell) in line.enumerated() {
        let last = laidOut.count - 1
        if cell.width > 0 && laidOut[last].cells.count + cell.width > newColumns {
          laidOut[last].isWrapped = true
          laidOut.append(Row())
        }
        if index == cursor.line && offset == cursor.offset {
          newCursor = (laidOut.count - 1, laidOut[laidOut.count - 1].cells.count)
        }
        if cell.width >= 0 { laidOut[laidOut.count - 1].cells.append(cell) }
      }
      if index == cursor.line && cursor.offset >= line.count {
        let column = laidOut[laidOut.count - 1].cells.count + cursor.offset - line.count
        newCursor = (laidOut.count - 1 + column / newColumns, column % newColumns)
        while laidOut.count <= newCursor.row { laidOut.append(Row()) }
      }
    }
    // Empty rows below everything give way first; then rows go out at the top.
    while behaviour == .reflow, laidOut.count > max(newRows, newCursor.row + 1), laidOut.last?.cells.isEmpty == true {
      laidOut.removeLast()
    }
    let hidden = max(0, laidOut.count - newRows)
    scrolledOut = Array(laidOut.prefix(hidden))
    grid = Array(laidOut.dropFirst(hidden))
    while grid.count < newRows { grid.append(Row()) }
    (columns, rows, isWrapPending) = (newColumns, newRows, false)
    hasLostCursor = newCursor.row < hidden
    (row, column) = hasLostCursor ? (0, 0) : (newCursor.row - hidden, min(newCursor.column, newColumns - 1))
  }

  /// Takes rows from below the cursor before it pushes some out, and takes rows back before it adds empty ones.
  private mutating func changeHeight(_ newRows: Int) {
    while grid.count > newRows {
      if grid.count > row + 1 {
        grid.removeLast()
      } else {
        scrolledOut.append(grid.removeFirst())
        row -= 1
      }
    }
    while grid.count < newRows {
      if let last = scrolledOut.popLast() {
        grid.insert(last, at: 0)
        row += 1
      } else {
        grid.append(Row())
      }
    }
    rows = newRows
  }
}
