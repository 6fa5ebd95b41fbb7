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

  /// The bytes that `piece` stands for, or `nil` if one of its characters stands for none.
  static func bytes(spelledBy piece: String) -> [UInt8]? {
    var piece = piece
    return piece.withUTF8 { utf8 in
      var decoder = ByteCharacterDecoder(longest: utf8.count)
      return unsafe decoder.append(utf8) ? unsafe decoder.withBytes { unsafe Array($0) } : nil
    }
  }
}

/// Turns pieces spelled with `ByteCharacters` into bytes, one after the other in memory that is used again.
struct ByteCharacterDecoder {
  private var buffer: [UInt8]
  private let table = ByteCharacters.bytes
  private(set) var count = 0

  /// Makes room for pieces of `longest` bytes, spelled, in all.
  init(longest: Int) { buffer = [UInt8](repeating: 0, count: longest) }

  mutating func removeAll() { count = 0 }

  /// Appends the bytes that a piece in UTF-8 stands for; returns false, having appended some or none, if a character stands
  /// for no byte.
  ///
  /// - Precondition: There is room for as many bytes as the piece has.
  mutating func append(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
    precondition(piece.count <= buffer.count - count, "there is room for a spelled piece")
    return unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      var position = 0
      while position < piece.count {
        let lead = unsafe piece[position]
        var codePoint = Int(lead)
        if lead >= 0x80 {
          // Every character above ASCII in the table takes two bytes.
          guard lead & 0xE0 == 0xC0, position + 1 < piece.count else { return false }
          position += 1
          codePoint = unsafe Int(lead & 0x1F) << 6 | Int(piece[position] & 0x3F)
        }
        guard codePoint < table.count, table[codePoint] != 0xFFFF else { return false }
        unsafe buffer[count] = UInt8(truncatingIfNeeded: table[codePoint])
        count += 1
        position += 1
      }
      return true
    }
  }

  /// Appends bytes as they are.
  mutating func append(verbatim bytes: UnsafeBufferPointer<UInt8>) {
    for index in bytes.indices { buffer[count + index] = unsafe bytes[index] }
    count += bytes.count
  }

  /// Lends what has been appended.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    unsafe buffer.withUnsafeBufferPointer { unsafe body(UnsafeBufferPointer(rebasing: $0[..<count])) }
  }
}
