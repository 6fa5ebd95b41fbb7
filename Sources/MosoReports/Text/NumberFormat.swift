/// How numbers are written: with the signs of good print, or with nothing but ASCII.
public enum NumberNotation: Sendable, Hashable {
  /// `−3×10¹⁵`
  case typographic
  /// `-3e15`, for terminals without UTF-8 and for text that a program reads.
  case ascii
}

/// Writes numbers for people, the same in every locale.
public enum NumberFormat {
  /// A number in little room: `1.23M`, `0.00123`, `3×10¹⁵`.
  ///
  /// Thousands, millions, billions (10⁹) and trillions (10¹²) are `k`, `M`, `B` and `T`, as parameters and tokens are
  /// counted. Zeros at the end are left out. From 10¹⁵ on and below 0.0001 a power of ten is written out.
  public static func compact(_ value: Double, digits: Int = 3, notation: NumberNotation = .typographic) -> String {
    guard value.isFinite else { return nonFinite(value, notation) }
    let rounded = DecimalDigits(value).rounded(toDigits: max(1, digits))
    let sign = sign(of: rounded, notation)
    switch rounded.exponent {
    case ..<(-4), 15...: return scientific(rounded, decimals: 0, notation: notation)
    case ..<3: return sign + rounded.plain()
    default:
      let step = rounded.exponent / 3
      return sign + rounded.plain(dividedBy: 3 * step) + suffixes[step]
    }
  }

  /// A number with exactly `digits` significant digits: `2.30`, `1,230`, `0.00123`.
  ///
  /// From 10¹⁵ on and below 0.0001 a power of ten is written out: `1.20×10⁻⁵`.
  public static func significant(_ value: Double, digits: Int = 3, notation: NumberNotation = .typographic) -> String {
    guard value.isFinite else { return nonFinite(value, notation) }
    let digits = max(1, digits)
    let rounded = DecimalDigits(value).rounded(toDigits: digits)
    if !(-4..<15).contains(rounded.exponent) { return scientific(rounded, decimals: digits - 1, notation: notation) }
    return sign(of: rounded, notation) + rounded.plain(decimals: max(0, digits - 1 - rounded.exponent))
  }

  /// A number with a power of ten: `1.2×10⁻⁵`; zeros at the end are left out.
  public static func scientific(_ value: Double, digits: Int = 3, notation: NumberNotation = .typographic) -> String {
    guard value.isFinite else { return nonFinite(value, notation) }
    return scientific(DecimalDigits(value).rounded(toDigits: max(1, digits)), decimals: 0, notation: notation)
  }

  static let suffixes = ["", "k", "M", "B", "T"]

  static func sign(of number: DecimalDigits, _ notation: NumberNotation) -> String {
    guard number.isNegative, !number.isZero else { return "" }
    return notation == .ascii ? "-" : "−"
  }

  /// `number` with at least `decimals` digits after the point and the power of ten of its first digit, or of
  /// `exponent`.
  static func scientific(
    _ number: DecimalDigits, decimals: Int, exponent: Int? = nil, notation: NumberNotation
  ) -> String {
    if number.isZero { return number.plain(decimals: decimals) }
    if number.digits == [1], decimals == 0, exponent == nil {
      return sign(of: number, notation) + powerOfTen(number.exponent, notation: notation)
    }
    let exponent = exponent ?? number.exponent
    return sign(of: number, notation) + number.plain(decimals: decimals, dividedBy: exponent)
      + (notation == .ascii ? "e\(exponent)" : "×" + powerOfTen(exponent, notation: notation))
  }

  /// `10¹⁵`, or `1e15` in ASCII.
  static func powerOfTen(_ exponent: Int, notation: NumberNotation) -> String {
    guard notation == .typographic else { return "1e\(exponent)" }
    let superscripts: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return "10" + String("\(exponent)".map { $0.wholeNumberValue.map { superscripts[$0] } ?? "⁻" })
  }

  private static func nonFinite(_ value: Double, _ notation: NumberNotation) -> String {
    if value.isNaN { return "NaN" }
    return notation == .ascii ? (value < 0 ? "-inf" : "inf") : (value < 0 ? "−∞" : "∞")
  }
}
