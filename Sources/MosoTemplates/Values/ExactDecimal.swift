/// The exact value of a binary floating-point number in decimal digits: `0.d₁d₂d₃… × 10^point`.
///
/// Rounding and `%.2f` must round the exact value, not the shortest text that stands for it.
struct ExactDecimal {
  var digits: [UInt8]
  var point: Int

  /// The exact digits of a finite number that is not negative.
  init(_ value: Double) {
    guard value > 0 else {
      digits = []
      point = 0
      return
    }
    // value = significand × 2^exponent; for a negative exponent, × 5^n / 10^n with n = -exponent.
    let exponent = max(Int(value.exponent), -1022) - 52
    let significand = UInt64(value / Double(sign: .plus, exponent: exponent, significand: 1))
    var number = BigNatural(significand)
    if exponent >= 0 {
      number.multiply(byPowerOf: 2, exponent)
    } else {
      number.multiply(byPowerOf: 5, -exponent)
    }
    digits = number.decimalDigits()
    point = digits.count + min(exponent, 0)
    while digits.last == 0 { digits.removeLast() }
  }

  /// Rounded to digits after the decimal point (before it, when negative), halves to even.
  func rounded(toPlaces places: Int) -> ExactDecimal { rounded(toDigits: point + places) }

  /// Rounded to significant digits, halves to even.
  func rounded(toDigits count: Int) -> ExactDecimal {
    guard count < digits.count else { return self }
    guard count >= 0 else { return ExactDecimal(0) }
    var result = self
    result.digits = Array(digits[..<count])
    let tail = digits[count...]
    let isHalf = tail.first == 5 && tail.dropFirst().allSatisfy { $0 == 0 }
    let roundsUp = isHalf ? (result.digits.last ?? 0) % 2 == 1 : tail.first.map { $0 >= 5 } ?? false
    guard roundsUp else { return result }
    var index = count - 1
    while index >= 0 {
      if result.digits[index] < 9 {
        result.digits[index] += 1
        return result
      }
      result.digits[index] = 0
      index -= 1
    }
    result.digits.insert(1, at: 0)
    result.point += 1
    return result
  }
}

/// A natural number of any size, as much of it as ``ExactDecimal`` needs.
private struct BigNatural {
  /// Groups of nine decimal digits, the least significant first.
  private var groups: [UInt64]

  init(_ value: UInt64) {
    var rest = value
    groups = []
    repeat {
      groups.append(rest % 1_000_000_000)
      rest /= 1_000_000_000
    } while rest > 0
  }

  private mutating func multiply(by factor: UInt64) {
    var carry: UInt64 = 0
    for index in groups.indices {
      let product = groups[index] * factor + carry
      groups[index] = product % 1_000_000_000
      carry = product / 1_000_000_000
    }
    if carry > 0 { groups.append(carry) }
  }

  mutating func multiply(byPowerOf base: UInt64, _ exponent: Int) {
    var remaining = exponent
    while remaining > 0 {
      // 5^13 times a group of nine digits still fits in 64 bits.
      let step = min(remaining, 13)
      multiply(by: (0..<step).reduce(1) { product, _ in product * base })
      remaining -= step
    }
  }

  func decimalDigits() -> [UInt8] {
    var digits: [UInt8] = []
    for group in groups.reversed() {
      var divisor: UInt64 = 100_000_000
      while divisor > 0 {
        digits.append(UInt8(group / divisor % 10))
        divisor /= 10
      }
    }
    return Array(digits.drop { $0 == 0 })
  }
}
