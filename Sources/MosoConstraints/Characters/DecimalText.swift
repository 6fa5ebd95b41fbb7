import MosoFormats

/// A decimal number as digits: exactly what is written, without rounding to binary.
struct DecimalText: Hashable, Sendable {
  var isNegative: Bool
  /// Digits before the point, without zeros in front; empty below one.
  var whole: [UInt8]
  /// Digits after the point, without zeros at the end.
  var fraction: [UInt8]

  /// The shortest decimal that reads back as the same number; `nil` if it is none, or has more than 320 digits.
  init?(_ value: JSONValue) {
    switch value {
    case .integer(let value): self.init(text: String(value))
    case .number(let value): self.init(text: value.description)
    default: return nil
    }
  }

  init?(text: String) {
    var mantissa = Substring(text)
    isNegative = mantissa.hasPrefix("-")
    if isNegative { mantissa = mantissa.dropFirst() }
    var exponent = 0
    if let mark = mantissa.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      guard let value = Int(mantissa[mantissa.index(after: mark)...]), abs(value) <= 330 else { return nil }
      exponent = value
      mantissa = mantissa[..<mark]
    }
    let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first else { return nil }
    var digits = Array(first.utf8) + (parts.count > 1 ? Array(parts[1].utf8) : [])
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    digits = digits.map { $0 - 0x30 }
    var point = first.utf8.count + exponent
    if point < 0 {
      digits = [UInt8](repeating: 0, count: -point) + digits
      point = 0
    }
    if point > digits.count { digits += [UInt8](repeating: 0, count: point - digits.count) }
    whole = Array(digits[..<point].drop { $0 == 0 })
    fraction = Array(digits[point...])
    while fraction.last == 0 { fraction.removeLast() }
    if whole.isEmpty && fraction.isEmpty { isNegative = false }
  }

  var isZero: Bool { whole.isEmpty && fraction.isEmpty }

  var negated: DecimalText {
    var copy = self
    copy.isNegative = !isNegative && !isZero
    return copy
  }
}

extension DecimalText: Comparable {
  static func < (one: DecimalText, other: DecimalText) -> Bool {
    if one.isNegative != other.isNegative { return one.isNegative }
    return one.isNegative ? other.hasSmallerMagnitude(than: one) : one.hasSmallerMagnitude(than: other)
  }

  private func hasSmallerMagnitude(than other: DecimalText) -> Bool {
    if whole.count != other.whole.count { return whole.count < other.whole.count }
    if whole != other.whole { return whole.lexicographicallyPrecedes(other.whole) }
    return fraction.lexicographicallyPrecedes(other.fraction)
  }
}

/// One end of a range of numbers.
struct DecimalBound: Hashable, Sendable {
  var value: DecimalText
  var isIncluded: Bool
}

/// A range of numbers, open where it has no bound.
struct DecimalRange: Hashable, Sendable {
  var lower: DecimalBound?
  var upper: DecimalBound?

  func contains(_ value: DecimalText) -> Bool {
    if let lower, value < lower.value || value == lower.value && !lower.isIncluded { return false }
    if let upper, value > upper.value || value == upper.value && !upper.isIncluded { return false }
    return true
  }

  /// The numbers in both ranges.
  func intersection(_ other: DecimalRange) -> DecimalRange {
    var result = self
    if let bound = other.lower, result.lower.map({ bound.isTighterBelow(than: $0) }) ?? true { result.lower = bound }
    if let bound = other.upper, result.upper.map({ bound.isTighterAbove(than: $0) }) ?? true { result.upper = bound }
    return result
  }

  /// Whether no number is in the range.
  var isEmpty: Bool {
    guard let lower, let upper else { return false }
    return lower.value > upper.value || lower.value == upper.value && !(lower.isIncluded && upper.isIncluded)
  }
}

extension DecimalBound {
  fileprivate func isTighterBelow(than other: DecimalBound) -> Bool {
    value > other.value || value == other.value && !isIncluded
  }

  fileprivate func isTighterAbove(than other: DecimalBound) -> Bool {
    value < other.value || value == other.value && !isIncluded
  }
}
