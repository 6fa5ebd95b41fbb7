/// Reads numbers and strings one after the other from a mapped file, checking each against the bytes that are left.
@safe
struct FileCursor {
  let file: MappedFile
  /// The next byte to read, never beyond the end of the file.
  private(set) var offset: Int

  init(_ file: MappedFile, at offset: Int = 0) {
    precondition((0...file.count).contains(offset), "byte \(offset) of a file of \(file.count) bytes")
    self.file = file
    self.offset = offset
  }

  /// How many bytes are left.
  var remaining: Int { file.count - offset }

  /// Reads a little-endian whole number.
  @inline(__always)
  mutating func read<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ field: @autoclosure () -> String
  ) throws(FormatError) -> Number {
    let size = MemoryLayout<Number>.size
    guard remaining >= size else { throw endOfFile(field(), needed: size) }
    let value = unsafe file.baseAddress.loadUnaligned(fromByteOffset: offset, as: Number.self)
    offset += size
    return Number(littleEndian: value)
  }

  /// Reads a length of 64 bits that counts things of at least `size` bytes each in the rest of the file.
  @inline(__always)
  mutating func readCount(ofSize size: Int, _ field: @autoclosure () -> String) throws(FormatError) -> Int {
    let start = offset
    let count = try read(UInt64.self, field())
    let limit = remaining / size
    guard count <= UInt64(limit) else {
      throw malformed(
        field(), at: start, found: "\(count)", expected: "at most \(limit), for the file ends \(remaining) bytes later")
    }
    return Int(count)
  }

  /// Passes over a string, which is a length of 64 bits and as many bytes, and returns where the bytes are.
  @inline(__always)
  mutating func readString(_ field: @autoclosure () -> String) throws(FormatError) -> Range<Int> {
    let count = try readCount(ofSize: 1, "length of \(field())")
    let start = offset
    offset += count
    return start..<offset
  }

  /// Passes over `count` bytes.
  mutating func skip(_ count: Int, _ field: @autoclosure () -> String) throws(FormatError) {
    guard count >= 0, count <= remaining else { throw endOfFile(field(), needed: count) }
    offset += count
  }

  /// The bytes in `range` as text.
  func text(in range: Range<Int>, _ field: @autoclosure () -> String) throws(FormatError) -> String {
    let text = file.withBytes(in: range) { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
    guard let text else {
      throw malformed(
        field(), at: range.lowerBound, found: "\(range.count) bytes of another encoding", expected: "UTF-8")
    }
    return text
  }

  func malformed(_ field: String, at offset: Int, found: String, expected: String) -> FormatError {
    .malformed(path: file.path, offset: offset, field: field, found: found, expected: expected)
  }

  @inline(never)
  private func endOfFile(_ field: String, needed: Int) -> FormatError {
    malformed(
      field, at: offset, found: "the end of the file after \(remaining) bytes", expected: "\(needed) bytes")
  }
}
