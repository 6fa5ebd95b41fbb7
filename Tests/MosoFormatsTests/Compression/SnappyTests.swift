import Testing

@testable import MosoFormats

@Suite("Snappy") struct SnappyTests {
  // Compressed by hand after the format's description; the fixtures of Parquet have what Google's library writes.

  @Test("Literals and copies with lengths and distances of every size")
  func elements() throws {
    #expect(try Snappy.decompress([0], count: 0) == [])
    #expect(text(try Snappy.decompress([3, 0x08] + Array("abc".utf8), count: 3)) == "abc")
    // A copy of four from three before repeats itself; the next copies have distances of two and four bytes.
    let copies: [UInt8] = [14, 0x08] + Array("abc".utf8) + [0x01, 0x03, 0x0A, 0x07, 0x00, 0x0F, 0x01, 0, 0, 0]
    #expect(text(try Snappy.decompress(copies, count: 14)) == "abcabcaabccccc")
    for (head, count) in [
      ([0xF0, 70], 71), ([0xF4, 0x2B, 0x01], 300), ([0xF8, 0x2B, 0x01, 0], 300), ([0xFC, 9, 0, 0, 0], 10),
    ]
      as [([UInt8], Int)]
    {
      let content = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      let length = [UInt8(count & 0x7F | 0x80), UInt8(count >> 7)]
      #expect(try Snappy.decompress(length + head + content, count: count) == content)
    }
  }

  @Test(
    "What is damaged is refused at its byte",
    arguments: [
      ([], 0, "the end of the compressed data"), ([4, 0x08, 97, 98, 99], 0, "a length of 4"),
      ([3, 0x08, 97], 3, "the end of the compressed data"), ([3, 0x04, 97, 98], 4, "the end of the compressed data"),
      ([3, 0x0C, 97, 98, 99, 100], 1, "4 more bytes"),
      ([3, 0x00, 97, 0x06, 0x02, 0x00], 3, "a copy from 2 bytes before"),
      ([3, 0x00, 97, 0x06, 0x00, 0x00], 3, "a copy from 0 bytes before"),
      ([3, 0x00, 97, 0x0E, 1], 5, "the end of the"),
      ([3, 0x08, 97, 98, 99, 0x02, 0x01, 0x00], 5, "1 more bytes"),
      ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 0, "a length of more"),
    ] as [([UInt8], Int, String)])
  func damage(bytes: [UInt8], offset: Int, found: String) {
    let error = #expect(throws: DecompressionError.self) { try Snappy.decompress(bytes, count: 3) }
    #expect(error?.offset == offset)
    #expect(error?.found.hasPrefix(found) == true, "\(String(describing: error))")
  }

  @Test("A length that the data cannot have is refused before memory is taken")
  func promises() {
    let bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0, 97]
    let error = #expect(throws: DecompressionError.self) { try Snappy.decompress(bytes, count: 0x7FFF_FFFF) }
    #expect(error?.found == "a length of 2147483647")
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
