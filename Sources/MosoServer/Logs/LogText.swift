/// Text of any origin in a line of a log: nothing in it can begin another line, steer a terminal or turn text around.
enum LogText {
  /// A text longer than this is cut, in bytes: a caller may have made it.
  static let limit = 8_192

  /// The text with `\n` for a line break, and the like for everything else that is not to be seen.
  ///
  /// - Parameter quotes: Whether quotes and backslashes are escaped too, as between quotes they have to be.
  static func escaped(_ text: String, quotes: Bool = false) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else { return result + "…" }
      count += scalar.utf8.count
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\"" where quotes: result += "\\\""
      case "\\" where quotes: result += "\\\\"
      default:
        if isHarmful(scalar) {
          result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// The text as a value after an equals sign: in quotes where it has spaces, quotes or equals signs, or is empty.
  static func value(_ text: String) -> String {
    let needsQuotes =
      text.isEmpty || text.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0 == "\\" }
    return needsQuotes ? "\"\(escaped(text, quotes: true))\"" : escaped(text)
  }

  /// The text, cut where it is too long.
  static func cut(_ text: String) -> String {
    guard text.utf8.count > limit else { return text }
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
      count += scalar.utf8.count
      if count > limit { break }
      result.unicodeScalars.append(scalar)
    }
    return result + "…"
  }

  /// JSON with escapes for what JSON allows in strings but a terminal obeys.
  static func escapedJSON(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: isHarmful) else { return json }
    var result = ""
    for scalar in json.unicodeScalars {
      guard isHarmful(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }

  /// Controls, formats (which turn text around) and separators of lines.
  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value >= 0x20 && scalar.value < 0x7F { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
