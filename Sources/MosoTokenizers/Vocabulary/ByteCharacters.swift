/// The characters that byte-level vocabularies write bytes with.
///
/// GPT-2's encoder gives every byte a printable character: bytes that are printable in Latin-1 stand for themselves, and the
/// other 68 become U+0100 to U+0143 in order, a space for example `Ġ` (U+0120).
enum ByteCharacters {
  /// The code point of each byte.
  static let codePoints: [UInt16] = {
    var next: UInt16 = 0x100
    return (0..<256).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return UInt16(byte)
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  /// The byte of each code point below 0x144, or 0xFFFF for those that stand for none.
  static let bytes: [UInt16] = {
    var bytes = [UInt16](repeating: 0xFFFF, count: 0x144)
    for (byte, codePoint) in codePoints.enumerated() { bytes[Int(codePoint)] = UInt16(byte) }
    return bytes
  }()

  /// The piece that stands for `bytes`.
  static func piece(for bytes: some Sequence<UInt8>) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes {
      if let scalar = Unicode.Scalar(codePoints[Int(byte)]) { scalars.append(scalar) }
    }
    return String(scalars)
  }

  /// Appends the bytes that the piece `utf8` stands for; appends nothing and returns false if a character stands for none.
  static func append(piece utf8: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8], table: [UInt16]) -> Bool {
    let start = bytes.count
    var position = 0
    while position < utf8.count {
      let lead = unsafe utf8[position]
      var codePoint = Int(lead)
      if lead >= 0x80 {
        // Every character above ASCII in the table takes two bytes.
        guard lead & 0xE0 == 0xC0, position + 1 < utf8.count else { return cut(&bytes, to: start) }
        position += 1
        codePoint = unsafe Int(lead & 0x1F) << 6 | Int(utf8[position] & 0x3F)
      }
      guard codePoint < table.count, table[codePoint] != 0xFFFF else { return cut(&bytes, to: start) }
      bytes.append(UInt8(truncatingIfNeeded: table[codePoint]))
      position += 1
    }
    return true
  }

  private static func cut(_ bytes: inout [UInt8], to count: Int) -> Bool {
    bytes.removeLast(bytes.count - count)
    return false
  }
}
