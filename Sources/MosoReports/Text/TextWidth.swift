/// How much room text takes: about, in a proportional face nobody has asked for, and in the columns of a terminal.
enum TextWidth {
  /// The width of `text` in ems of a sans-serif face, a little generously, since readers' systems have different ones.
  static func ems(_ text: String) -> Double {
    text.reduce(0) { $0 + ems($1) }
  }

  /// The columns that `text` takes on a terminal.
  static func columns(_ text: String) -> Int {
    text.reduce(0) { $0 + columns($1) }
  }

  /// `text`, or as much of its beginning as fits `limit` together with `ellipsis`, as `width` measures.
  static func truncated(_ text: String, to limit: Double, ellipsis: String = "…", width: (Character) -> Double)
    -> String
  {
    if text.reduce(0, { $0 + width($1) }) <= limit { return text }
    let room = limit - ellipsis.reduce(0) { $0 + width($1) }
    var used = 0.0
    let kept = text.prefix { character in
      used += width(character)
      return used <= room
    }
    return room < 0 ? "" : kept.trimmingLastSpaces + ellipsis
  }

  /// `text` cut to at most `limit` columns of a terminal.
  static func truncated(_ text: String, toColumns limit: Int, isUTF8: Bool) -> String {
    truncated(text, to: Double(limit), ellipsis: isUTF8 ? "…" : "~") { Double(columns($0)) }
  }

  /// `text` cut to at most `limit` ems.
  static func truncated(_ text: String, toEms limit: Double) -> String {
    truncated(text, to: limit) { ems($0) }
  }

  /// The words of `text` in lines of at most `width` ems, the last of at most `limit` lines cut where there are more.
  static func wrapped(_ text: String, ems width: Double, limit: Int) -> [String] {
    var lines: [String] = []
    var words = text.split(separator: " ")[...]
    while !words.isEmpty, lines.count < limit {
      var line = String(words.removeFirst())
      while let word = words.first, lines.count + 1 == limit || ems(line + " " + word) <= width {
        line += " " + word
        words.removeFirst()
      }
      lines.append(truncated(line, toEms: width))
    }
    return lines
  }

  static func ems(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch character {
    case "i", "j", "l", "'", "|", "I", ".", ",", ":", ";", "!", "·": return 0.34
    case " ", "f", "t", "r", "(", ")", "[", "]", "-", "/", "⁻": return 0.42
    case "¹", "²", "³", "⁰", "⁴"..."⁹": return 0.42
    case "m", "w", "M", "W", "%", "@", "—", "…": return 1
    case "A"..."Z", "×", "−", "=", "+", "<", ">", "~": return 0.76
    default: return isWide(scalar) ? 1.1 : 0.64
    }
  }

  static func columns(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if isWide(scalar) || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return scalar.properties.isDefaultIgnorableCodePoint ? 0 : 1
    }
  }

  /// Chinese, Japanese and Korean letters, full-width forms and pictures.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x1100: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3: true
    case 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD: true
    default: scalar.properties.isEmojiPresentation
    }
  }
}

extension StringProtocol {
  fileprivate var trimmingLastSpaces: String {
    var text = String(self)
    while text.last == " " { text.removeLast() }
    return text
  }
}
