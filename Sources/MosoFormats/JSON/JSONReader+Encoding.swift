extension JSONReader {
  /// Checks that `range` is well-formed UTF-8.
  func checkUTF8(in range: Range<Int>) throws(JSONError) {
    let bytes = unsafe UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count)
    if let place = unsafe firstInvalidUTF8(in: bytes) { throw invalidUTF8(at: range.lowerBound + place) }
  }

  private func invalidUTF8(at position: Int) -> JSONError {
    failure(
      at: position, found: "the byte 0x\(String(byte(at: position), radix: 16, uppercase: true))",
      expected: "text encoded as UTF-8")
  }
}

// MARK: Errors

extension JSONReader {
  /// An error about the next byte.
  @inline(never)
  func unexpected(_ expected: String) -> JSONError {
    failure(at: offset, expected: expected)
  }

  /// An error about the byte at `position`, with the line and column it stands in.
  @inline(never)
  func failure(at position: Int, found: String? = nil, expected: String) -> JSONError {
    let position = min(position, end)
    var line = 1
    var column = 1
    for index in 0..<position {
      let byte = self.byte(at: index)
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return JSONError(
      offset: position, line: line, column: column, found: found ?? describe(at: position), expected: expected)
  }

  private func describe(at position: Int) -> String {
    guard position < end else { return "the end of the text" }
    let byte = self.byte(at: position)
    if (0x21...0x7E).contains(byte) { return "'\(Character(Unicode.Scalar(byte)))'" }
    if byte == 0x20 { return "a space" }
    let hexadecimal = String(byte, radix: 16, uppercase: true)
    return "the byte 0x\(byte < 0x10 ? "0" : "")\(hexadecimal)"
  }
}
