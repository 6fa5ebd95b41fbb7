/// Where `bytes` first stop being well-formed UTF-8 (Unicode 16, table 3-7), or `nil` when all of them are.
///
/// The place is that of the first byte of the character that is not whole or not one.
func firstInvalidUTF8(in bytes: UnsafeRawBufferPointer) -> Int? {
  func sixBits(_ position: Int) -> UInt32 { UInt32(unsafe bytes[position] & 0x3F) }
  func isContinuation(_ position: Int) -> Bool { unsafe bytes[position] & 0xC0 == 0x80 }

  let end = bytes.count
  var position = 0
  while position < end {
    let lead = unsafe bytes[position]
    guard lead >= 0x80 else {
      position += 1
      // Eight characters of ASCII at a time, where there are so many.
      while position + 8 <= end,
        unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        position += 8
      }
      continue
    }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard position + length <= end else { return position }
    // The lower and upper limits rule out overlong forms, surrogates and what lies beyond U+10FFFF.
    let isValid: Bool
    switch length {
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
    guard isValid else { return position }
    position += length
  }
  return nil
}

/// Where `bytes` first stop being well-formed UTF-8, or `nil` when all of them are.
func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
  unsafe bytes.withUnsafeBytes { unsafe firstInvalidUTF8(in: $0) }
}
