/// The decimal digits of a number, for rounding as people do on paper.
///
/// The digits are the fewest that tell the number from every other one, as Swift prints it. So 0.15 rounds to 0.2,
/// though the nearest double is below it, and no power of ten overflows or loses a bit on the way.
struct DecimalDigits: Equatable {
  let isNegative: Bool
  /// From the first that is not zero to the last that is not zero; empty for zero.
  private(set) var digits: [UInt8]
  /// The power of ten that the first digit counts; 0 for zero.
  private(set) var exponent: Int

  /// Reads the digits of `value`.
  ///
  /// - Precondition: `value` is finite.
  init(_ value: Double) {
    precondition(value.isFinite, "\(value) has no digits")
    // Either `123.45` or `1.2345e+67`.
    let parts = value.magnitude.description.split(separator: "e")
    let places = parts[0].split(separator: ".")
    isNegative = value < 0
    digits = places.joined().utf8.map { $0 - UInt8(ascii: "0") }
    exponent = places[0].utf8.count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    normalize()
  }

  var isZero: Bool { digits.isEmpty }

  /// Rounded to at most `count` digits, halves away from zero.
  func rounded(toDigits count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    let roundsUp = count >= 0 && digits[count] >= 5
    result.digits = Array(digits.prefix(max(0, count)))
    if roundsUp {
      var place = result.digits.count - 1
      while place >= 0, result.digits[place] == 9 {
        result.digits[place] = 0
        place -= 1
      }
      if place >= 0 {
        result.digits[place] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.exponent += 1
      }
    }
    result.normalize()
    return result
  }

  /// Rounded to at most `count` digits after the point, halves away from zero; a negative count rounds before the
  /// point.
  func rounded(toDecimals count: Int) -> DecimalDigits {
    isZero ? self : rounded(toDigits: exponent + 1 + count)
  }

  /// The number with the point where it belongs, such as `1,234.50`, without its sign.
  ///
  /// - Parameters:
  ///   - decimals: how many digits stand after the point at least; further ones are zeros.
  ///   - shift: the power of ten that the number is divided by.
  func plain(decimals: Int = 0, dividedBy shift: Int = 0) -> String {
    let exponent = isZero ? 0 : self.exponent - shift
    func digit(_ power: Int) -> Character {
      let place = exponent - power
      return digits.indices.contains(place) ? Character(Unicode.Scalar(UInt8(ascii: "0") + digits[place])) : "0"
    }
    var text = ""
    for power in stride(from: max(0, exponent), through: 0, by: -1) {
      text.append(digit(power))
      if power > 0, power % 3 == 0 { text.append(",") }
    }
    let places = max(decimals, digits.count - 1 - exponent)
    if places > 0 {
      text.append(".")
      for power in 1...places { text.append(digit(-power)) }
    }
    return text
  }

  private mutating func normalize() {
    while digits.last == 0 { digits.removeLast() }
    if let first = digits.firstIndex(where: { $0 != 0 }), first > 0 {
      digits.removeFirst(first)
      exponent -= first
    }
    if digits.isEmpty { exponent = 0 }
  }
}
