/// JSON text that grows piece by piece: what streams are written with, because a tree of values for each token costs more
/// than the token's own words.
struct WireText {
  /// The text so far, in UTF-8.
  var bytes: [UInt8] = []

  /// Appends text that is JSON already.
  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a number.
  mutating func append(_ number: Int) { append(String(number)) }

  /// Appends bytes that are JSON already.
  mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }

  /// Appends a string in quotes, escaped.
  mutating func appendQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(text)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends the inside of a string.
  mutating func appendEscaped(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: appendEscape("n")
      case 0x0D: appendEscape("r")
      case 0x09: appendEscape("t")
      case 0..<0x20:
        append("\\u00")
        bytes.append(Self.hexadecimalDigits[Int(byte >> 4)])
        bytes.append(Self.hexadecimalDigits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
  }

  private mutating func appendEscape(_ letter: Unicode.Scalar) {
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: letter))
  }

  private static let hexadecimalDigits = Array("0123456789abcdef".utf8)
}
