/// Numbers written and rounded as Python does.
enum PythonNumber {
  /// The shortest text that reads back as the same number, in Python's layout: `1.0`, `1e+16`, `1e-05`, `inf`.
  static func text(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    let sign = value.sign == .minus ? "-" : ""
    if value.isInfinite { return sign + "inf" }
    if value == 0 { return sign + "0.0" }
    let (digits, point) = shortestDigits(value.magnitude)
    if point > -4, point <= 16 { return sign + plain(digits, point: point, places: nil) }
    return sign + scientific(digits, point: point, letter: "e")
  }

  /// The shortest digits that identify a positive number `0.d₁d₂d₃… × 10^point`.
  private static func shortestDigits(_ value: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = Array(value.description.utf8)
    for (index, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "e"):
        exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if exponent == 0, !text[..<index].contains(UInt8(ascii: "e")) { digits.append(byte - UInt8(ascii: "0")) }
      default: break
      }
    }
    var position = (point ?? digits.count) + exponent
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    position -= leading
    while digits.last == 0 { digits.removeLast() }
    return (digits, position)
  }

  /// Digits with a decimal point; `places` fraction digits, or as many as there are and at least one.
  static func plain(_ digits: [UInt8], point: Int, places: Int?) -> String {
    func digit(_ index: Int) -> Character {
      Character(UnicodeScalar(UInt8(ascii: "0") + (digits.indices.contains(index) ? digits[index] : 0)))
    }
    var text = point > 0 ? String((0..<point).map(digit)) : "0"
    let places = places ?? max(digits.count - point, 1)
    if places > 0 { text += "." + String((point..<point + places).map(digit)) }
    return text
  }

  /// `d.ddde±xx` from digits that are all written.
  static func scientific(_ digits: [UInt8], point: Int, letter: Character) -> String {
    var text = String(digits.first ?? 0)
    if digits.count > 1 { text += "." + digits.dropFirst().map { String($0) }.joined() }
    let exponent = digits.isEmpty || digits.allSatisfy { $0 == 0 } ? 0 : point - 1
    let magnitude = String(exponent.magnitude)
    return text + String(letter) + (exponent < 0 ? "-" : "+") + (magnitude.count < 2 ? "0" : "") + magnitude
  }

  /// The number nearest to `value` with this many decimal places, halves of the exact value going to even.
  static func rounded(_ value: Double, places: Int) -> Double {
    guard value.isFinite, value != 0, places < 330 else { return value }
    guard places > -330 else { return value.sign == .minus ? -0.0 : 0 }
    let exact = ExactDecimal(value.magnitude).rounded(toPlaces: places)
    var text = exact.digits.map { String($0) }.joined()
    text = (text.isEmpty ? "0" : text) + "e" + String(exact.point - exact.digits.count)
    let magnitude = Double(text) ?? value.magnitude
    return value.sign == .minus ? -magnitude : magnitude
  }

  /// A number read as Python's `float()` reads one: white space around it, single underscores inside, no hexadecimal.
  static func parse(_ text: MarkedText) -> Double? {
    let trimmed = text.stripped().string
    guard trimmed.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    let lowered = trimmed.lowercased()
    guard !lowered.contains("x"), !lowered.contains("(") else { return nil }
    guard let plain = withoutUnderscores(lowered) else { return nil }
    return Double(plain)
  }

  /// A whole number read as Python's `int(text, base)` reads one.
  static func parseInteger(_ text: MarkedText, base: Int) -> Int? {
    var digits = text.stripped().string.lowercased()
    var sign = ""
    if let first = digits.first, first == "+" || first == "-" {
      sign = first == "-" ? "-" : ""
      digits.removeFirst()
    }
    var base = base
    for (prefix, prefixBase) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
      guard base == prefixBase || base == 0 else { continue }
      base = prefixBase
      digits.removeFirst(2)
      if digits.first == "_" { digits.removeFirst() }
      break
    }
    if base == 0 { base = 10 }
    guard let first = digits.first, first != "+", first != "-" else { return nil }
    guard let plain = withoutUnderscores(digits) else { return nil }
    return Int(sign + plain, radix: base)
  }

  private static func withoutUnderscores(_ text: String) -> String? {
    guard text.contains("_") else { return text }
    guard !text.hasPrefix("_"), !text.hasSuffix("_"), !text.contains("__") else { return nil }
    return text.filter { $0 != "_" }
  }
}
