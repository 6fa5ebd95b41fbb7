extension JSONReader {
  /// Checks that `range` is well-formed UTF-8 (Unicode 16, table 3-7).
  func checkUTF8(in range: Range<Int>) throws(JSONError) {
    var position = range.lowerBound
    while position < range.upperBound {
      let lead = byte(at: position)
      let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      guard position + length <= range.upperBound else { throw invalidUTF8(at: position) }
      // The lower and upper limits rule out overlong forms, surrogates and what lies beyond U+10FFFF.
      let isValid: Bool
      switch length {
      case 1: isValid = true
      case 2: isValid = lead >= 0xC2 && isContinuation(position + 1)
      case 3:
        let scalar = UInt32(lead & 0x0F) << 12 | sixBits(position + 1) << 6
        isValid =
          scalar >= 0x800 && scalar & 0xF800 != 0xD800 && isContinuation(position + 1) && isContinuation(position + 2)
      default:
        let top = UInt32(lead & 0x0F) << 6 | sixBits(position + 1)
        isValid =
          (0x10...0x10F).contains(top) && lead < 0xF8 && isContinuation(position + 1) && isContinuation(position + 2)
          && isContinuation(position + 3)
      }
      guard isValid else { throw invalidUTF8(at: position) }
      position += length
    }
  }

  @inline(__always)
  private func isContinuation(_ position: Int) -> Bool { byte(at: position) & 0xC0 == 0x80 }

  @inline(__always)
  private func sixBits(_ position: Int) -> UInt32 { UInt32(byte(at: position) & 0x3F) }

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
