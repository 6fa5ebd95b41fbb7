extension JSONReader {
  /// The bytes a scanned string means: those of the text itself, or unescaped into `scratch` until the next string.
  @inline(__always)
  mutating func content(of scanned: JSONScannedString) throws(JSONError) -> UnsafeBufferPointer<UInt8> {
    guard scanned.hasEscapes else {
      return unsafe UnsafeBufferPointer(start: start + scanned.start, count: scanned.end - scanned.start)
    }
    let count = try unescape(scanned)
    return unsafe UnsafeBufferPointer(start: scratch.bytes, count: count)
  }

  /// Writes the meaning of a string into `scratch` and returns its length, which is never more than the string's own.
  private mutating func unescape(_ scanned: JSONScannedString) throws(JSONError) -> Int {
    scratch.reserve(scanned.end - scanned.start)
    var count = 0
    var position = scanned.start
    while position < scanned.end {
      let byte = self.byte(at: position)
      guard byte == UInt8(ascii: "\\") else {
        scratch.write(byte, at: &count)
        position += 1
        continue
      }
      // The scan ended at a quote that no backslash precedes, so one more byte follows this one.
      let meaning: UInt8
      switch self.byte(at: position + 1) {
      case UInt8(ascii: "\""): meaning = UInt8(ascii: "\"")
      case UInt8(ascii: "\\"): meaning = UInt8(ascii: "\\")
      case UInt8(ascii: "/"): meaning = UInt8(ascii: "/")
      case UInt8(ascii: "b"): meaning = 0x08
      case UInt8(ascii: "f"): meaning = 0x0C
      case UInt8(ascii: "n"): meaning = 0x0A
      case UInt8(ascii: "r"): meaning = 0x0D
      case UInt8(ascii: "t"): meaning = 0x09
      case UInt8(ascii: "u"):
        position = try unescapeUnicode(at: position, limit: scanned.end, count: &count)
        continue
      default:
        throw failure(at: position + 1, expected: "one of \" \\ / b f n r t u after a backslash")
      }
      scratch.write(meaning, at: &count)
      position += 2
    }
    return count
  }

  /// Writes the character of the `\u` and four digits at `position`, or of a pair of them, and returns where the next starts.
  private mutating func unescapeUnicode(at position: Int, limit: Int, count: inout Int) throws(JSONError) -> Int {
    let first = try hexadecimal(at: position + 2, limit: limit)
    let next = position + 6
    if let scalar = Unicode.Scalar(first) {
      write(scalar, at: &count)
      return next
    }
    if first < 0xDC00, next + 6 <= limit, byte(at: next) == UInt8(ascii: "\\"), byte(at: next + 1) == UInt8(ascii: "u")
    {
      let second = try hexadecimal(at: next + 2, limit: limit)
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        write(scalar, at: &count)
        return next + 6
      }
    }
    guard options.replacesLoneSurrogates else {
      throw failure(
        at: position, found: "half of a surrogate pair (\\u\(String(first, radix: 16)))",
        expected: "both halves, a high one and then a low one")
    }
    write("\u{FFFD}", at: &count)
    return next
  }

  private mutating func write(_ scalar: Unicode.Scalar, at count: inout Int) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { scratch.write(byte, at: &count) }
  }

  private func hexadecimal(at position: Int, limit: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for index in position..<position + 4 {
      let digit: UInt8
      switch index < limit ? byte(at: index) : 0 {
      case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): digit = byte - UInt8(ascii: "0")
      case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte): digit = byte - UInt8(ascii: "a") + 10
      case let byte where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte): digit = byte - UInt8(ascii: "A") + 10
      default: throw failure(at: index, expected: "four hexadecimal digits after \\u")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

/// Memory that a reader unescapes strings into, one after the other.
@safe
struct JSONScratch: ~Copyable {
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private var capacity = 64

  init() {
    unsafe bytes = .allocate(capacity: capacity)
  }

  deinit { unsafe bytes.deallocate() }

  /// Makes room for `count` bytes; what was written before is lost.
  mutating func reserve(_ count: Int) {
    guard count > capacity else { return }
    unsafe bytes.deallocate()
    capacity = max(count, 2 * capacity)
    unsafe bytes = .allocate(capacity: capacity)
  }

  @inline(__always)
  mutating func write(_ byte: UInt8, at count: inout Int) {
    assert(count < capacity)
    unsafe bytes[count] = byte
    count += 1
  }
}
