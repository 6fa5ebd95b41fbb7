/// Makes well-formed UTF-8 of any bytes.
enum UTF8Repair {
  /// `bytes` with each ill-formed part replaced by U+FFFD, or `bytes` themselves when they are well-formed.
  ///
  /// Every longest prefix of a character that breaks off becomes one U+FFFD, as does every byte that cannot begin a
  /// character. The Unicode standard recommends this (section 3.9), and Python's `errors="replace"` does it.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var position = 0
    while position < bytes.count, case let length = lengthOfCharacter(at: position, in: bytes[...]), length > 0 {
      position += length
    }
    if position == bytes.count { return bytes }
    var result = Array(bytes[..<position])
    result.reserveCapacity(bytes.count + 2)
    while position < bytes.count {
      let length = lengthOfCharacter(at: position, in: bytes[...])
      if length > 0 {
        result.append(contentsOf: bytes[position..<position + length])
        position += length
      } else {
        result.append(contentsOf: replacement)
        position -= length
      }
    }
    return result
  }

  /// U+FFFD in UTF-8.
  static var replacement: [UInt8] { [0xEF, 0xBF, 0xBD] }

  /// How many bytes the character at `position` has or, when it is ill-formed, minus the number of bytes to replace.
  @inline(__always)
  static func lengthOfCharacter(at position: Int, in bytes: ArraySlice<UInt8>) -> Int {
    let lead = bytes[position]
    if lead < 0x80 { return 1 }
    guard let (length, second) = shape(of: lead) else { return -1 }
    guard position + 1 < bytes.endIndex, second.contains(bytes[position + 1]) else { return -1 }
    for offset in 2..<max(length, 2) {
      guard position + offset < bytes.endIndex, bytes[position + offset] & 0xC0 == 0x80 else { return -offset }
    }
    return length
  }

  /// The length of a character that starts with `lead` and the range of its second byte (Unicode 16.0, table 3-7).
  @inline(__always)
  static func shape(of lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }

  /// How many bytes at the end of `bytes` begin a character that more bytes may complete.
  static func lengthOfUnfinishedCharacter(in bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let start = bytes.count - length
      let lead = bytes[start]
      if lead < 0x80 { return 0 }
      if lead < 0xC0 { continue }
      guard let (whole, second) = shape(of: lead), length < whole else { return 0 }
      return length == 1 || second.contains(bytes[start + 1]) ? length : 0
    }
    return 0
  }
}
