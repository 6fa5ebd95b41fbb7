/// Pieces of Markdown, as model cards have them: whatever text they are given stays text.
enum Markdown {
  /// The most characters of a text that somebody else has chosen.
  private static let limit = 200
  /// What begins or ends something inside a line of Markdown, a cell of a table or a formula.
  private static let signs: Set<Character> = ["\\", "`", "*", "_", "[", "]", "<", ">", "&", "|", "~", "$", "#"]

  /// A text inside a line: one line of it, without meaning for Markdown, and cut where it is very long.
  static func escaped(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: line += line.last == " " ? "" : " "
      default: line.unicodeScalars.append(scalar)
      }
    }
    if line.first == " " { line.removeFirst() }
    if line.count > limit { line = line.prefix(limit) + "…" }
    if line.last == " " { line.removeLast() }
    return line.reduce(into: "") { result, character in
      if signs.contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  /// A text as a value of YAML: in quotes unless it is a plain word.
  static func yaml(_ text: String) -> String {
    let isWord = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    let meansSomethingElse = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text)
    let startsAsWord = text.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
    if isWord, startsAsWord, !meansSomethingElse { return text }
    // In single quotes nothing has a meaning but the quote, which is doubled.
    let line = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
    return "'\(String(String.UnicodeScalarView(line)).replacing("'", with: "''"))'"
  }

  /// A table of cells that are Markdown already.
  ///
  /// - Parameter numbers: The columns that are set to the right.
  static func table(_ head: [String], numbers: Set<Int> = [], _ rows: [[String]]) -> String {
    let rule = head.indices.map { numbers.contains($0) ? "---:" : "---" }
    return ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// A block of code.
  static func code(_ language: String, _ text: String) -> String { "```\(language)\n\(text)\n```" }
}
