/// A grid of character cells to draw on.
///
/// With UTF-8 lines are made of braille dots, two across and four down in each cell; without, of one letter a cell.
/// What was drawn last is what is seen, but signs cover dots and dots cover grounds.
struct TextCanvas {
  /// What a cell shows besides its dots.
  private struct Sign {
    /// `nil` for the second half of the sign in the cell before.
    var character: Character?
    var look: Int?
  }

  let columns: Int
  let rows: Int
  let isUTF8: Bool
  let dotsAcross: Int
  let dotsDown: Int
  private var dots: [UInt8]
  private var dotLooks: [Int?]
  private var signs: [Sign?]
  private var grounds: [Sign?]

  init(columns: Int, rows: Int, isUTF8: Bool) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    self.isUTF8 = isUTF8
    dotsAcross = isUTF8 ? 2 : 1
    dotsDown = isUTF8 ? 4 : 1
    let count = self.columns * self.rows
    dots = Array(repeating: 0, count: count)
    dotLooks = Array(repeating: nil, count: count)
    signs = Array(repeating: nil, count: count)
    grounds = Array(repeating: nil, count: count)
  }

  /// The dot of a place on the chart, from the upper left corner.
  func dot(_ position: PlotPosition) -> (x: Int, y: Int) {
    (
      Int((position.x * Double(columns * dotsAcross - 1)).rounded()),
      Int(((1 - position.y) * Double(rows * dotsDown - 1)).rounded())
    )
  }

  /// The cell of a place on the chart.
  func cell(_ position: PlotPosition) -> (column: Int, row: Int) {
    let dot = dot(position)
    return (dot.x / dotsAcross, dot.y / dotsDown)
  }

  /// Draws a line between two places; what lies outside the chart is cut off.
  mutating func drawLine(from start: PlotPosition, to end: PlotPosition, look: Int?) {
    guard let (start, end) = Self.clipped(start, end) else { return }
    let (first, last) = (dot(start), dot(end))
    let length = max(abs(last.x - first.x), abs(last.y - first.y))
    for place in stride(from: 0, through: length, by: 1) {
      let part = length == 0 ? 0 : Double(place) / Double(length)
      setDot(
        x: first.x + Int((part * Double(last.x - first.x)).rounded()),
        y: first.y + Int((part * Double(last.y - first.y)).rounded()), look: look)
    }
  }

  /// The bits of braille patterns (Unicode block 2800) for the dots of a cell, row by row.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  private mutating func setDot(x: Int, y: Int, look: Int?) {
    guard (0..<columns * dotsAcross).contains(x), (0..<rows * dotsDown).contains(y) else { return }
    let cell = y / dotsDown * columns + x / dotsAcross
    dots[cell] |= Self.bits[y % dotsDown * 2 + x % dotsAcross]
    dotLooks[cell] = look
  }

  /// Puts a sign into a cell.
  mutating func setSign(_ character: Character, column: Int, row: Int, look: Int?) {
    let width = TextWidth.columns(character)
    guard width > 0, column >= 0, column + width <= columns, (0..<rows).contains(row) else { return }
    signs[row * columns + column] = Sign(character: character, look: look)
    if width > 1 { signs[row * columns + column + 1] = Sign(character: nil, look: look) }
  }

  /// Puts a character into a cell, behind everything else.
  mutating func setGround(_ character: Character, column: Int, row: Int, look: Int?) {
    guard (0..<columns).contains(column), (0..<rows).contains(row) else { return }
    grounds[row * columns + column] = Sign(character: character, look: look)
  }

  /// Whether nothing but its ground is in the cell.
  func isFree(column: Int, row: Int) -> Bool {
    guard (0..<columns).contains(column), (0..<rows).contains(row) else { return false }
    return signs[row * columns + column] == nil && dots[row * columns + column] == 0
  }

  /// A row as text: characters, each with the look of the series that it belongs to.
  func row(_ row: Int) -> [TextCell] {
    (0..<columns).compactMap { column in
      let cell = row * columns + column
      if let sign = signs[cell] {
        return sign.character.map { TextCell(character: $0, look: sign.look, isSeries: true) }
      }
      if dots[cell] != 0 {
        let character =
          isUTF8
          ? Unicode.Scalar(0x2800 + UInt32(dots[cell])).map(Character.init) ?? " "
          : dotLooks[cell].map { ChartPalette.look($0).letter } ?? "."
        return TextCell(character: character, look: dotLooks[cell], isSeries: true)
      }
      if let ground = grounds[cell], let character = ground.character {
        return TextCell(character: character, look: ground.look, isSeries: true)
      }
      return TextCell(character: " ", look: nil, isSeries: false)
    }
  }

  /// The part of a line that lies on the chart (Liang and Barsky 1984); `nil` where none does.
  private static func clipped(_ start: PlotPosition, _ end: PlotPosition) -> (PlotPosition, PlotPosition)? {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    var first = 0.0, last = 1.0
    for (delta, room) in [(-dx, start.x), (dx, 1 - start.x), (-dy, start.y), (dy, 1 - start.y)] {
      if delta == 0 {
        if room < 0 { return nil }
      } else if delta < 0 {
        first = max(first, room / delta)
      } else {
        last = min(last, room / delta)
      }
    }
    guard first <= last else { return nil }
    return (
      PlotPosition(x: start.x + first * dx, y: start.y + first * dy),
      PlotPosition(x: start.x + last * dx, y: start.y + last * dy)
    )
  }
}

/// A character of a terminal's line and what colour it has.
struct TextCell: Equatable {
  var character: Character
  /// The look of the series that the character belongs to; `nil` for grey.
  var look: Int?
  /// Whether it belongs to a series at all; other text has the terminal's own colour.
  var isSeries: Bool

  static func text(_ text: String) -> [TextCell] {
    text.map { TextCell(character: $0, look: nil, isSeries: false) }
  }
}

extension [TextCell] {
  /// The columns that the line takes.
  var columns: Int { reduce(0) { $0 + TextWidth.columns($1.character) } }

  /// As much of the line as fits `limit` columns.
  func clipped(to limit: Int) -> [TextCell] {
    var used = 0
    return Array(
      prefix { cell in
        used += TextWidth.columns(cell.character)
        return used <= limit
      })
  }

  /// The line as text, with the theme's colours where they are allowed, without spaces at its end.
  func rendered(allowsColour: Bool) -> String {
    let cells = self[..<(lastIndex { $0.character != " " }.map { $0 + 1 } ?? 0)]
    guard allowsColour else { return String(cells.map(\.character)) }
    var text = ""
    var current = 0
    for cell in cells {
      // Select Graphic Rendition: 2 is faint, 0 plain (ECMA-48, section 8.3.117).
      let wanted =
        !cell.isSeries || cell.character == " " ? 0 : cell.look.map { ChartPalette.look($0).terminalColour } ?? 2
      if wanted != current {
        if current != 0 { text += "\u{1B}[0m" }
        if wanted != 0 { text += "\u{1B}[\(wanted)m" }
        current = wanted
      }
      text.append(cell.character)
    }
    return current == 0 ? text : text + "\u{1B}[0m"
  }
}
