/// Where a line of Chinese or Japanese may not break: before closing and after opening punctuation.
///
/// A small part of the Unicode line breaking rules (Unicode Standard Annex 14, classes OP, CL, EX, IS and NS).
enum LineBreaking {
  static func isOpening(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .openPunctuation, .initialPunctuation: true
    default: false
    }
  }

  static func isClosing(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!", "?", ",", ".", ":", ";", "%", "…", "、", "。", "，", "．", "！", "？", "：", "；", "％", "・": true
    // Small kana, the long vowel sign and iteration marks continue the character before them.
    case "ー", "々", "ゝ", "ゞ", "ヽ", "ヾ", "〜": true
    case "ぁ", "ぃ", "ぅ", "ぇ", "ぉ", "っ", "ゃ", "ゅ", "ょ", "ァ", "ィ", "ゥ", "ェ", "ォ", "ッ", "ャ", "ュ", "ョ": true
    default:
      switch scalar.properties.generalCategory {
      case .closePunctuation, .finalPunctuation: true
      default: false
      }
    }
  }
}

/// How far the lines after the first one of a paragraph or list item are indented: as far as its text.
struct Indentation: Equatable {
  private enum Stage: Equatable {
    case spaces
    case bullet
    case digits(Int)
    case afterNumber
    case done
  }

  private var stage = Stage.spaces
  private var spaces = 0
  private var markerLength = 0

  /// Takes the next scalar of the line.
  mutating func take(_ scalar: Unicode.Scalar) {
    switch (stage, scalar) {
    case (.done, _): break
    case (.spaces, " "): spaces += 1
    case (.spaces, "-"), (.spaces, "*"), (.spaces, "+"), (.spaces, "•"), (.spaces, ">"): stage = .bullet
    case (.spaces, "0"..."9"): stage = .digits(1)
    case (.digits(let count), "0"..."9") where count < 3: stage = .digits(count + 1)
    case (.digits(let count), "."), (.digits(let count), ")"):
      markerLength = count + 1
      stage = .afterNumber
    case (.bullet, " "):
      markerLength = 2
      stage = .done
    case (.afterNumber, " "):
      markerLength += 1
      stage = .done
    default:
      markerLength = 0
      stage = .done
    }
  }

  /// The columns to leave free, none when that would take too much of a narrow window.
  func width(columns: Int) -> Int {
    let width = spaces + (stage == .done ? markerLength : 0)
    return width <= columns / 3 ? width : 0
  }
}
