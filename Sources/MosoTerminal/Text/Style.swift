/// How a piece of text looks on a terminal: emphasis and one of the terminal's own eight colours.
///
/// The eight colours are the ones a user's theme defines, so text stays legible on light and dark backgrounds.
public struct Style: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  public static let bold = Style(rawValue: 1 << 0)
  public static let dim = Style(rawValue: 1 << 1)
  public static let italic = Style(rawValue: 1 << 2)
  public static let underline = Style(rawValue: 1 << 3)
  public static let red = Style(rawValue: 1 << 4)
  public static let green = Style(rawValue: 1 << 5)
  public static let yellow = Style(rawValue: 1 << 6)
  public static let blue = Style(rawValue: 1 << 7)
  public static let magenta = Style(rawValue: 1 << 8)
  public static let cyan = Style(rawValue: 1 << 9)

  /// Select Graphic Rendition parameters (ECMA-48, section 8.3.117) in the order of the bits above.
  private static let parameters = [1, 2, 3, 4, 31, 32, 33, 34, 35, 36]

  /// The escape sequence that turns this style on, from plain text; empty for no style.
  var openingSequence: String {
    let codes = Self.parameters.indices.filter { rawValue & (1 << UInt16($0)) != 0 }.map { String(Self.parameters[$0]) }
    return codes.isEmpty ? "" : "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  /// The escape sequence that returns to plain text.
  static let closingSequence = "\u{1B}[0m"

  /// `text` in this style where colour is allowed, and `text` itself where it is not.
  public func applied(to text: String, when isAllowed: Bool) -> String {
    guard isAllowed, !isEmpty, !text.isEmpty else { return text }
    return openingSequence + text + Self.closingSequence
  }
}
