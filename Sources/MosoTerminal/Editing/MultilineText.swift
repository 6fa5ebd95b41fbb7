/// The two ways to write a message of several lines: a `"""` block, and a backslash at the end of a line.
///
/// A block begins with `"""` at the start of the message or after a command (`/system """`) and ends with `"""` at the end of
/// a line. The same rules hold at the keyboard and in a pipe.
public enum MultilineText {
  private static let quotes = "\"\"\""

  /// Whether `text` begins a block that has not ended, so that Enter means a new line.
  static func isOpenBlock(_ text: String) -> Bool {
    guard let body = bodyStart(text) else { return false }
    return !text[body...].trimmingBlanks.hasSuffix(quotes)
  }

  /// Whether a line asks to be continued: it ends with a backslash that is not itself escaped by another.
  static func endsWithBackslash(_ text: some StringProtocol) -> Bool {
    text.reversed().prefix { $0 == "\\" }.count % 2 == 1
  }

  /// A message as the model should see it: the inside of a block, and otherwise the text without newlines at its end.
  public static func unquoted(_ text: String) -> String {
    let trimmed = text.trimmingBlanks
    if trimmed.hasPrefix(quotes), trimmed.hasSuffix(quotes), trimmed.count >= 2 * quotes.count {
      var inside = trimmed.dropFirst(quotes.count).dropLast(quotes.count)
      if inside.first == "\n" { inside.removeFirst() }
      if inside.last == "\n" { inside.removeLast() }
      return String(inside)
    }
    var end = text.endIndex
    while end > text.startIndex, text[text.index(before: end)].isNewline { end = text.index(before: end) }
    return String(text[..<end])
  }

  /// Where the text inside a block starts, or `nil` when no block begins.
  private static func bodyStart(_ text: String) -> String.Index? {
    let first = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
    let rest = text[first...]
    if rest.hasPrefix(quotes) { return rest.index(first, offsetBy: quotes.count) }
    guard rest.first == "/" else { return nil }
    let line = rest.prefix { !$0.isNewline }
    return line.firstRange(of: " " + quotes)?.upperBound
  }
}

extension StringProtocol {
  /// The text without white space at either end.
  var trimmingBlanks: SubSequence {
    let first = firstIndex { !$0.isWhitespace } ?? endIndex
    let last = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? first
    return self[first..<last]
  }
}
