/// Names, numbers, strings and operators inside a tag.
extension Lexer {
  /// Reads one token that is not white space; an operator is also returned, for its brackets to be matched.
  mutating func readToken() throws(TemplateError) -> Symbol? {
    let start = position
    let (scalar, _) = UTF8Text.scalar(in: bytes, at: start)
    if ("0"..."9").contains(scalar) {
      try readNumber()
    } else if Self.isWord(scalar) {
      while position < bytes.count {
        let (next, length) = UTF8Text.scalar(in: bytes, at: position)
        guard Self.isWord(next) else { break }
        position += length
      }
      add(.name(text(start..<position)), at: start)
    } else if scalar == "'" || scalar == "\"" {
      try readString()
    } else {
      return try readSymbol()
    }
    return nil
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    case _ where scalar.isASCII: false
    default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func readSymbol() throws(TemplateError) -> Symbol {
    let start = position
    for length in [2, 1] where start + length <= bytes.count {
      if let symbol = Symbol(rawValue: text(start..<start + length)) {
        position += length
        add(.symbol(symbol), at: start)
        return symbol
      }
    }
    let (scalar, _) = UTF8Text.scalar(in: bytes, at: start)
    throw source.error(.syntax(found: "the character '\(scalar)'", expected: "a value or an operator"), at: start)
  }
}

// MARK: - Numbers

extension Lexer {
  private mutating func readNumber() throws(TemplateError) {
    let start = position
    if let base = prefixedBase() {
      position += 2
      try addInteger(digits(base: base), base: base, at: start)
      return
    }
    var end = digitsEnd(from: start)
    let integerEnd = end
    // After a dot, as in `items.0.1`, digits are an index and never the start of a fraction.
    let mayBeFloat = start == 0 || bytes[start - 1] != UInt8(ascii: ".")
    if mayBeFloat, end + 1 < bytes.count, bytes[end] == UInt8(ascii: "."), Self.isDigit(bytes[end + 1]) {
      end = digitsEnd(from: end + 1)
    }
    if mayBeFloat, end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
      var exponent = end + 1
      if exponent < bytes.count, bytes[exponent] == UInt8(ascii: "+") || bytes[exponent] == UInt8(ascii: "-") {
        exponent += 1
      }
      if exponent < bytes.count, Self.isDigit(bytes[exponent]) { end = digitsEnd(from: exponent) }
    }
    if end > integerEnd {
      position = end
      add(.float(Double(text(start..<end).filter { $0 != "_" }) ?? .infinity), at: start)
    } else if bytes[start] == UInt8(ascii: "0") {
      // Zeros only: `012` is two tokens, which the parser then refuses.
      var end = start + 1
      while end < bytes.count, bytes[end] == UInt8(ascii: "0") { end += 1 }
      position = end
      add(.integer(0), at: start)
    } else {
      position = integerEnd
      try addInteger(text(start..<integerEnd).filter { $0 != "_" }, base: 10, at: start)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  /// The end of digits that may have single underscores between them.
  private func digitsEnd(from start: Int) -> Int {
    var end = start
    while end < bytes.count {
      if Self.isDigit(bytes[end]) {
        end += 1
      } else if bytes[end] == UInt8(ascii: "_"), end + 1 < bytes.count, Self.isDigit(bytes[end + 1]) {
        end += 2
      } else {
        break
      }
    }
    return end
  }

  private func prefixedBase() -> Int? {
    guard byte() == UInt8(ascii: "0"), let letter = byte(1), let digit = byte(2) else { return nil }
    let base: Int
    switch letter | 0x20 {
    case UInt8(ascii: "x"): base = 16
    case UInt8(ascii: "o"): base = 8
    case UInt8(ascii: "b"): base = 2
    default: return nil
    }
    return Int(String(UnicodeScalar(digit)), radix: base) == nil ? nil : base
  }

  private mutating func digits(base: Int) -> String {
    let start = position
    while let next = byte(), next == UInt8(ascii: "_") || Int(String(UnicodeScalar(next)), radix: base) != nil {
      position += 1
    }
    return text(start..<position).filter { $0 != "_" }
  }

  private mutating func addInteger(_ digits: String, base: Int, at start: Int) throws(TemplateError) {
    guard let value = Int(digits, radix: base) else {
      throw source.error(.syntax(found: "the number \(digits)", expected: "a number below 2^63"), at: start)
    }
    add(.integer(value), at: start)
  }
}

// MARK: - Strings

extension Lexer {
  private mutating func readString() throws(TemplateError) {
    let start = position
    let quote = bytes[start]
    var value: [UInt8] = []
    position += 1
    while let next = byte() {
      if next == quote {
        position += 1
        add(.string(String(decoding: value, as: UTF8.self)), at: start)
        return
      }
      if next == UInt8(ascii: "\\"), position + 1 < bytes.count {
        try readEscape(into: &value)
      } else {
        value.append(next)
        position += 1
      }
    }
    throw source.error(
      .syntax(found: "the end of the template", expected: "\(UnicodeScalar(quote)) to end the string"), at: start)
  }

  /// One escape with Python's meaning; a backslash before any other character stays in the string.
  private mutating func readEscape(into value: inout [UInt8]) throws(TemplateError) {
    let start = position
    let letter = bytes[start + 1]
    position += 2
    switch letter {
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): value.append(letter)
    case UInt8(ascii: "n"): value.append(0x0A)
    case UInt8(ascii: "t"): value.append(0x09)
    case UInt8(ascii: "r"): value.append(0x0D)
    case UInt8(ascii: "a"): value.append(0x07)
    case UInt8(ascii: "b"): value.append(0x08)
    case UInt8(ascii: "f"): value.append(0x0C)
    case UInt8(ascii: "v"): value.append(0x0B)
    case UInt8(ascii: "x"): try readCode(digits: 2, at: start, into: &value)
    case UInt8(ascii: "u"): try readCode(digits: 4, at: start, into: &value)
    case UInt8(ascii: "U"): try readCode(digits: 8, at: start, into: &value)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var code = UInt32(letter - UInt8(ascii: "0"))
      var length = 1
      while length < 3, let next = byte(), UInt8(ascii: "0")...UInt8(ascii: "7") ~= next {
        code = code * 8 + UInt32(next - UInt8(ascii: "0"))
        position += 1
        length += 1
      }
      append(code, to: &value)
    case UInt8(ascii: "N"):
      throw source.error(.unsupported(#"a character named with \N{…}"#), at: start)
    default:
      value.append(UInt8(ascii: "\\"))
      position -= 1
    }
  }

  private mutating func readCode(digits: Int, at start: Int, into value: inout [UInt8]) throws(TemplateError) {
    let end = position + digits
    guard end <= bytes.count, let code = UInt32(text(position..<end), radix: 16), bytes[position] != UInt8(ascii: "+"),
      code <= 0x10FFFF
    else {
      throw source.error(
        .syntax(found: "an escape that is not complete", expected: "\(digits) hexadecimal digits"), at: start)
    }
    position = end
    // Two escaped halves of a surrogate pair make one character.
    if (0xD800..<0xDC00).contains(code), matches("\\u", at: position), position + 6 <= bytes.count,
      let low = UInt32(text(position + 2..<position + 6), radix: 16), (0xDC00..<0xE000).contains(low)
    {
      position += 6
      append(0x10000 + (code - 0xD800) << 10 + (low - 0xDC00), to: &value)
      return
    }
    append(code, to: &value)
  }

  private func append(_ code: UInt32, to value: inout [UInt8]) {
    let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
    if let encoded = UTF8.encode(scalar) { value.append(contentsOf: encoded) }
  }
}
