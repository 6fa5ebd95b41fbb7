/// A string found in the text: the bytes between its quotes.
struct JSONScannedString {
  let start: Int
  let end: Int
  let hasEscapes: Bool
  let isASCII: Bool
}

extension JSONReader {
  /// Reads a string.
  public mutating func string() throws(JSONError) -> String {
    let scanned = try scanString()
    if !scanned.isASCII { try checkUTF8(in: scanned.start..<scanned.end) }
    return unsafe String(decoding: try content(of: scanned), as: UTF8.self)
  }

  /// Reads a string, appends its UTF-8 bytes to `text` and returns where they are there.
  ///
  /// This is the fast way to fill a table of many strings: no `String` is made.
  public mutating func string(appendingTo text: inout [UInt8]) throws(JSONError) -> Range<Int> {
    let scanned = try scanString()
    if !scanned.isASCII { try checkUTF8(in: scanned.start..<scanned.end) }
    let start = text.count
    unsafe text.append(contentsOf: try content(of: scanned))
    return start..<text.count
  }

  /// Reads a string and lends its UTF-8 bytes to `body`; they are the text's own when it holds no escapes.
  public mutating func withStringBytes<Result>(
    _ body: (RawSpan) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    let scanned = try scanString()
    if !scanned.isASCII { try checkUTF8(in: scanned.start..<scanned.end) }
    let content = unsafe try content(of: scanned)
    return try body(unsafe RawSpan(_unsafeElements: content))
  }

  /// Reads a string, checking all of it, and forgets it.
  mutating func skipString() throws(JSONError) {
    let scanned = try scanString()
    if !scanned.isASCII { try checkUTF8(in: scanned.start..<scanned.end) }
    _ = unsafe try content(of: scanned)
  }

  /// Reads up to the closing quote, checking neither the encoding nor the escapes.
  mutating func scanString() throws(JSONError) -> JSONScannedString {
    skipWhitespace()
    guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string in quotes") }
    let start = offset + 1
    var position = start
    var hasEscapes = false
    var seen: UInt64 = 0
    while true {
      position = skipPlain(from: position, seen: &seen)
      guard position < end else {
        throw failure(at: end, found: "the end of the text", expected: "the quote that ends a string")
      }
      switch byte(at: position) {
      case UInt8(ascii: "\""):
        offset = position + 1
        return JSONScannedString(
          start: start, end: position, hasEscapes: hasEscapes, isASCII: seen & 0x8080_8080_8080_8080 == 0)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        position += 2
      default:
        throw failure(at: position, expected: "an escape such as \\n instead of a control character in a string")
      }
    }
  }

  /// The first byte from `position` on that ends a run of plain characters: a quote, a backslash or a control character.
  ///
  /// Eight bytes are looked at together: a byte below n gives `(word - n) & ~word` its high bit, and a borrow can only
  /// disturb bytes above the first one found. `seen` collects all bytes passed, to tell ASCII.
  @inline(__always)
  private func skipPlain(from position: Int, seen: inout UInt64) -> Int {
    var position = position
    while position + 8 <= end {
      let word = unsafe UInt64(littleEndian: UnsafeRawPointer(start + position).loadUnaligned(as: UInt64.self))
      let quote = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
      let backslash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
      let control = word &- 0x2020_2020_2020_2020
      let stops = (quote | backslash | control) & ~word & 0x8080_8080_8080_8080
      if stops != 0 {
        let lowest = stops & (0 &- stops)
        seen |= word & (lowest &- 1)
        return position + stops.trailingZeroBitCount / 8
      }
      seen |= word
      position += 8
    }
    while position < end {
      let byte = self.byte(at: position)
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return position }
      seen |= UInt64(byte)
      position += 1
    }
    return position
  }
}
