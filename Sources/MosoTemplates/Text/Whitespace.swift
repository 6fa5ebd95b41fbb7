/// White space as Python's `str.isspace` and `\s` see it, found in UTF-8.
enum Whitespace {
  static func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// The first offset in `range` that is not white space.
  static func leadingEnd(of bytes: [UInt8], in range: Range<Int>) -> Int {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let (scalar, length) = UTF8Text.scalar(in: bytes, at: offset)
      guard contains(scalar) else { break }
      offset += length
    }
    return min(offset, range.upperBound)
  }

  /// The offset in `range` after which there is only white space.
  static func trailingStart(of bytes: [UInt8], in range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound {
      let start = UTF8Text.start(ofScalarBefore: end, in: bytes)
      guard start >= range.lowerBound, contains(UTF8Text.scalar(in: bytes, at: start).0) else { break }
      end = start
    }
    return end
  }
}

/// Reading scalars out of bytes that are known to be valid UTF-8, because they came out of a `String`.
enum UTF8Text {
  /// The scalar that starts at `offset`, and its length in bytes.
  static func scalar(in bytes: [UInt8], at offset: Int) -> (Unicode.Scalar, Int) {
    let first = UInt32(bytes[offset])
    if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard offset + length <= bytes.count else { return ("\u{FFFD}", bytes.count - offset) }
    var value = first & (0xFF >> UInt32(length + 1))
    for index in 1..<length { value = value << 6 | UInt32(bytes[offset + index]) & 0x3F }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  /// Where the scalar that ends at `end` starts.
  static func start(ofScalarBefore end: Int, in bytes: [UInt8]) -> Int {
    var start = end - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// The number of scalars in `range`.
  static func count(in bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }
}
