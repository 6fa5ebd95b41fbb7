/// How a piece of text looks on a terminal: emphasis and one of the terminal's own eight colours.
///
/// The eight colours are the ones a user's theme defines, so text stays legible on light and dark backgrounds.
public struct Style: OptionSet, Sendable, Hashable {
  /// One bit for each kind of emphasis and each colour.
  public let rawValue: UInt16

  /// A style from its bits.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Heavier, or brighter where a terminal has one weight.
  public static let bold = Style(rawValue: 1 << 0)
  /// Fainter, for what is less important.
  public static let dim = Style(rawValue: 1 << 1)
  /// Slanted, where the terminal can.
  public static let italic = Style(rawValue: 1 << 2)
  /// With a line below.
  public static let underline = Style(rawValue: 1 << 3)
  /// The theme's red.
  public static let red = Style(rawValue: 1 << 4)
  /// The theme's green.
  public static let green = Style(rawValue: 1 << 5)
  /// The theme's yellow.
  public static let yellow = Style(rawValue: 1 << 6)
  /// The theme's blue.
  public static let blue = Style(rawValue: 1 << 7)
  /// The theme's magenta.
  public static let magenta = Style(rawValue: 1 << 8)
  /// The theme's cyan.
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
