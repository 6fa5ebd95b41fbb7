/// Undoes the compression of Google's Snappy, in the format without frames that Parquet's pages have.
///
/// The length of the result comes first, as a varint. Then come literals, which are bytes as they are, and copies of what has
/// already been written; the lowest two bits of an element's first byte say which.
enum Snappy {
  /// A copy writes at most 64 bytes for three.
  private static let maximumRatio = 22

  /// What comes out of `input`, which must be `count` bytes.
  static func decompress(_ input: [UInt8], count expectedCount: Int) throws(DecompressionError) -> [UInt8] {
    var position = 0
    let count = try readLength(input, &position)
    guard count == expectedCount, count / maximumRatio <= input.count else {
      throw DecompressionError(
        offset: 0, found: "a length of \(count)",
        expected: "\(expectedCount), and at most \(maximumRatio) times the compressed length")
    }
    var output = DecompressedBytes(capacity: count)
    while position < input.count {
      let start = position
      let tag = input[position]
      position += 1
      var length = Int(tag >> 2) + 1
      var distance = 0
      switch tag & 3 {
      case 0:
        if length > 60 { length = try number(input, &position, count: length - 60) + 1 }
        guard length <= input.count - position else { throw ended(input) }
      case 1:
        length = Int(tag >> 2 & 7) + 4
        distance = Int(tag >> 5) << 8 | (try number(input, &position, count: 1))
      case 2: distance = try number(input, &position, count: 2)
      default: distance = try number(input, &position, count: 4)
      }
      guard length <= count - output.count else {
        throw DecompressionError(
          offset: start, found: "\(length) more bytes", expected: "at most \(count - output.count), up to the length")
      }
      if tag & 3 == 0 {
        output.append(input, in: position..<position + length)
        position += length
      } else {
        guard distance > 0, distance <= output.count else {
          throw DecompressionError(
            offset: start, found: "a copy from \(distance) bytes before", expected: "1 to \(output.count)")
        }
        output.repeatBytes(from: distance, count: length)
      }
    }
    guard output.count == count else { throw ended(input) }
    return output.bytes()
  }

  private static func readLength(_ input: [UInt8], _ position: inout Int) throws(DecompressionError) -> Int {
    var length = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      let byte = try number(input, &position, count: 1)
      length |= (byte & 0x7F) << shift
      if byte < 0x80 { return length }
    }
    throw DecompressionError(offset: 0, found: "a length of more than 35 bits", expected: "at most 32 bits")
  }

  private static func number(
    _ input: [UInt8], _ position: inout Int, count: Int
  ) throws(DecompressionError) -> Int {
    guard count <= input.count - position else { throw ended(input) }
    defer { position += count }
    return Int(littleEndian(input[position..<position + count]))
  }

  private static func ended(_ input: [UInt8]) -> DecompressionError {
    DecompressionError(offset: input.count, found: "the end of the compressed data", expected: "more of it")
  }
}
