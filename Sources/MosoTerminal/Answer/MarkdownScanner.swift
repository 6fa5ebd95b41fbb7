/// Finds the emphasis and code in Markdown that arrives piece by piece, without changing a character of it.
///
/// Only what answers contain most is understood: `**bold**`, `` `code` `` and fenced blocks (CommonMark 0.31, sections 6.2,
/// 6.1 and 4.5, simplified: emphasis and code spans end with their line). Markers stay visible, so what is shown is what the
/// model wrote. A run of markers is held back until the character after it says what it means.
struct MarkdownScanner {
  /// A scalar of the answer, how it should look, and whether it may be moved to another line.
  struct Mark: Equatable {
    var scalar: Unicode.Scalar
    var style: Style
    var isInCodeBlock: Bool
  }

  private enum LineStart: Equatable {
    /// Only this many spaces so far; a fence may be indented by up to three.
    case spaces(Int)
    case passed
  }

  private struct Fence: Equatable {
    var scalar: Unicode.Scalar
    var length: Int
  }

  private var lineStart = LineStart.spaces(0)
  private var fence: Fence?
  /// Whether the rest of the line belongs to a fence: its info string, or nothing.
  private var isInFenceLine = false
  private var held: [Unicode.Scalar] = []
  private var isBold = false
  /// The number of backticks that opened a code span.
  private var codeSpan: Int?
  private var previous: Unicode.Scalar = "\n"

  private static let codeStyle: Style = .dim
  private static let markerStyle: Style = .dim

  /// Takes one scalar and appends what can be shown to `marks`.
  mutating func scan(_ scalar: Unicode.Scalar, into marks: inout [Mark]) {
    if let first = held.first {
      if scalar == first {
        // A run this long is a rule or an ornament, and holding back more would hold back without end.
        if held.count < 64 {
          held.append(scalar)
          return
        }
        emit(scalar, style(of: scalar), &marks)
        return
      }
      resolve(next: scalar, &marks)
    }
    let isFenceScalar = scalar == "`" || (scalar == "~" && lineStart != .passed)
    if fence == nil ? isFenceScalar || scalar == "*" : scalar == fence?.scalar && lineStart != .passed {
      if codeSpan == nil || scalar == "`" {
        held = [scalar]
        return
      }
    }
    emit(scalar, style(of: scalar), &marks)
  }

  /// Shows what was held back, at the end of the answer.
  mutating func finish(into marks: inout [Mark]) {
    resolve(next: "\n", &marks)
  }

  private func style(of scalar: Unicode.Scalar) -> Style {
    if fence != nil || isInFenceLine || codeSpan != nil { return Self.codeStyle }
    return isBold ? .bold : []
  }

  /// Decides what a run of markers means, now that the scalar after it is known.
  private mutating func resolve(next: Unicode.Scalar, _ marks: inout [Mark]) {
    guard let marker = held.first else { return }
    let count = held.count
    held = []
    if lineStart != .passed, marker != "*", count >= 3 {
      if let open = fence {
        if open.scalar == marker, count >= open.length, next == "\n" || next == " " {
          show(marker, count, Self.markerStyle, &marks)
          fence = nil
          isInFenceLine = true
          return
        }
      } else {
        show(marker, count, Self.markerStyle, &marks)
        fence = Fence(scalar: marker, length: count)
        isInFenceLine = true
        return
      }
    }
    if fence == nil {
      if marker == "`" {
        resolveBackticks(count, &marks)
        return
      }
      if marker == "*", count == 2 || count == 3 {
        resolveStars(count, next, &marks)
        return
      }
    }
    show(marker, count, style(of: marker), &marks)
  }

  private mutating func resolveBackticks(_ count: Int, _ marks: inout [Mark]) {
    show("`", count, Self.codeStyle, &marks)
    if let open = codeSpan {
      if open == count { codeSpan = nil }
    } else {
      codeSpan = count
    }
  }

  private mutating func resolveStars(_ count: Int, _ next: Unicode.Scalar, _ marks: inout [Mark]) {
    let isBlankAfter = next.properties.isWhitespace
    let isBlankBefore = previous.properties.isWhitespace
    if isBold && !isBlankBefore {
      show("*", count, Self.markerStyle, &marks)
      isBold = false
    } else if !isBold && !isBlankAfter {
      show("*", count, Self.markerStyle, &marks)
      isBold = true
    } else {
      show("*", count, style(of: "*"), &marks)
    }
  }

  private mutating func show(_ scalar: Unicode.Scalar, _ count: Int, _ style: Style, _ marks: inout [Mark]) {
    for _ in 0..<count { emit(scalar, style, &marks) }
  }

  private mutating func emit(_ scalar: Unicode.Scalar, _ style: Style, _ marks: inout [Mark]) {
    marks.append(Mark(scalar: scalar, style: style, isInCodeBlock: fence != nil || isInFenceLine))
    previous = scalar
    if scalar == "\n" {
      lineStart = .spaces(0)
      isInFenceLine = false
      isBold = false
      codeSpan = nil
    } else if scalar == " ", case .spaces(let count) = lineStart, count < 3 {
      lineStart = .spaces(count + 1)
    } else {
      lineStart = .passed
    }
  }
}
