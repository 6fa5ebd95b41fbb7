/// Writes the numbers at the marks of one axis in one way, so that they can be compared at a glance.
enum AxisLabels {
  /// The labels of equally spaced `values`, multiples of 1, 2 or 5 times ten to the power of `stepExponent`.
  static func linear(_ values: [Double], stepExponent: Int, _ notation: NumberNotation) -> [String] {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    let exponent = DecimalDigits(largest).exponent
    func digits(_ value: Double) -> DecimalDigits { DecimalDigits(value).rounded(toDecimals: -stepExponent) }
    if exponent >= 15 || exponent < -4 {
      // One power for all, so that only the digits before it differ.
      let decimals = max(0, exponent - stepExponent)
      return values.map { value in
        value == 0
          ? "0" : NumberFormat.scientific(digits(value), decimals: decimals, exponent: exponent, notation: notation)
      }
    }
    let step = exponent / 3
    if exponent >= 4, 3 * step - stepExponent <= 2 {
      let decimals = max(0, 3 * step - stepExponent)
      return values.map { value in
        value == 0
          ? "0"
          : NumberFormat.sign(of: digits(value), notation)
            + digits(value).plain(decimals: decimals, dividedBy: 3 * step) + NumberFormat.suffixes[step]
      }
    }
    return values.map { value in
      let digits = digits(value)
      return NumberFormat.sign(of: digits, notation)
        + (value == 0 ? "0" : digits.plain(decimals: max(0, -stepExponent)))
    }
  }

  /// The labels of multiples of powers of ten: `100k` where all are of everyday sizes, `10¹⁸` otherwise.
  static func logarithmic(_ values: [(digit: Int, exponent: Int)], _ notation: NumberNotation) -> [String] {
    let exponents = values.map(\.exponent)
    let isEveryday = (exponents.min() ?? 0) >= -4 && (exponents.max() ?? 0) < 15
    return values.map { digit, exponent in
      if isEveryday { return NumberFormat.compact(Double(digit) * powerOfTen(exponent), notation: notation) }
      if notation == .ascii { return "\(digit)e\(exponent)" }
      let power = NumberFormat.powerOfTen(exponent, notation: notation)
      return digit == 1 ? power : "\(digit)×\(power)"
    }
  }
}
