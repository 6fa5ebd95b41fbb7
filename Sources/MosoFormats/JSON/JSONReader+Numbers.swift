/// A number as it was written: whole when it has no fraction, no exponent and fits 64 bits.
public enum JSONNumber: Sendable, Hashable {
  /// A number without fraction and exponent that fits 64 bits.
  case integer(Int)
  /// Any other number, and -0, as the nearest double.
  case number(Double)
}

extension JSONReader {
  /// Numbers longer than this are refused: nobody writes them, and their exact conversion takes long.
  private static var maximumNumberLength: Int { 1_024 }

  /// Reads `true` or `false`.
  public mutating func bool() throws(JSONError) -> Bool {
    skipWhitespace()
    if readWord("true") { return true }
    if readWord("false") { return false }
    throw unexpected("true or false")
  }

  /// Reads `null` and returns true, or reads nothing and returns false.
  public mutating func readNull() throws(JSONError) -> Bool {
    skipWhitespace()
    if readWord("null") { return true }
    if peek() == UInt8(ascii: "n") { throw unexpected("null") }
    return false
  }

  /// Reads a whole number, also when it is written like `2.0` or `1e3`.
  public mutating func integer() throws(JSONError) -> Int {
    skipWhitespace()
    let start = offset
    switch try number() {
    case .integer(let value): return value
    case .number(let value):
      guard let whole = Int(exactly: value) else {
        throw failure(at: start, found: "the number \(value)", expected: "a whole number of at most 64 bits")
      }
      return whole
    }
  }

  /// Reads a number as floating point.
  public mutating func double() throws(JSONError) -> Double {
    switch try number() {
    case .integer(let value): Double(value)
    case .number(let value): value
    }
  }

  /// Reads a number.
  public mutating func number() throws(JSONError) -> JSONNumber {
    skipWhitespace()
    let start = offset
    let isNegative = peek() == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    let first = offset
    guard isDigit(peek()) else {
      if options.allowsNonFiniteNumbers {
        if readWord("Infinity") { return .number(isNegative ? -Double.infinity : .infinity) }
        if !isNegative, readWord("NaN") { return .number(.nan) }
      }
      throw unexpected(isNegative ? "a digit after the minus sign" : "a number")
    }
    var magnitude: UInt64 = 0
    var isExact = true
    if peek() == UInt8(ascii: "0") {
      offset += 1
      if isDigit(peek()) { throw unexpected("no digit after a leading 0") }
    } else {
      while isDigit(peek()) { accumulateDigit(into: &magnitude, isExact: &isExact) }
    }
    let isWhole = peek() != UInt8(ascii: ".") && peek() | 0x20 != UInt8(ascii: "e")
    if isWhole, isExact, magnitude <= UInt64(Int.max), offset - first < 20 {
      // A minus sign before zero is worth keeping, and only floating point can.
      if isNegative && magnitude == 0 { return .number(-0.0) }
      return .integer(isNegative ? -Int(magnitude) : Int(magnitude))
    }
    if isWhole, isExact, isNegative, magnitude == UInt64(Int.max) + 1 { return .integer(.min) }
    return .number(try fraction(from: start, isNegative: isNegative, magnitude: &magnitude, isExact: isExact))
  }

  /// Reads the fraction and exponent of the number that starts at `start`.
  private mutating func fraction(
    from start: Int, isNegative: Bool, magnitude: inout UInt64, isExact: Bool
  ) throws(JSONError) -> Double {
    var isExact = isExact
    var scale = 0
    if peek() == UInt8(ascii: ".") {
      offset += 1
      guard isDigit(peek()) else { throw unexpected("a digit after the decimal point") }
      let first = offset
      while isDigit(peek()) { accumulateDigit(into: &magnitude, isExact: &isExact) }
      scale = first - offset
    }
    if peek() | 0x20 == UInt8(ascii: "e") {
      offset += 1
      let isExponentNegative = peek() == UInt8(ascii: "-")
      if isExponentNegative || peek() == UInt8(ascii: "+") { offset += 1 }
      guard isDigit(peek()) else { throw unexpected("a digit in the exponent") }
      var exponent = 0
      while isDigit(peek()) {
        exponent = min(exponent * 10 + Int(peek() - UInt8(ascii: "0")), 100_000)
        offset += 1
      }
      scale += isExponentNegative ? -exponent : exponent
    }
    // Both factors are exact in binary, so one multiplication or division rounds correctly (Clinger 1990).
    if isExact, magnitude <= 1 << 53, abs(scale) <= 22 {
      let power = Self.powersOfTen[abs(scale)]
      let value = scale < 0 ? Double(magnitude) / power : Double(magnitude) * power
      return isNegative ? -value : value
    }
    guard offset - start <= Self.maximumNumberLength else {
      throw failure(
        at: start, found: "a number of \(offset - start) characters",
        expected: "at most \(Self.maximumNumberLength)")
    }
    let digits = unsafe UnsafeBufferPointer(start: self.start + start, count: offset - start)
    let text = unsafe String(decoding: digits, as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw failure(at: start, found: "the number \(text.prefix(40))", expected: "a number below 1.8e308 in size")
    }
    return value
  }

  @inline(__always)
  private mutating func accumulateDigit(into magnitude: inout UInt64, isExact: inout Bool) {
    let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(UInt64(peek() - UInt8(ascii: "0")))
    if overflow || carry { isExact = false }
    magnitude = sum
    offset += 1
  }

  @inline(__always)
  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private mutating func readWord(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard offset + length <= end else { return false }
    for index in 0..<length where unsafe byte(at: offset + index) != word.utf8Start[index] { return false }
    offset += length
    return true
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
