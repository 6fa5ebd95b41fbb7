import Testing

@testable import MosoFormats

@Suite("Zstandard") struct ZstandardTests {
  private func decompress(_ bytes: [UInt8], pieceSize: Int = 1 << 18) throws(FormatError) -> [UInt8] {
    let stream = ZstandardStream(MemoryStream(bytes, path: "x.zst", pieceSize: pieceSize))
    var result: [UInt8] = []
    while true {
      let piece = try stream.next()
      if piece.isEmpty { break }
      result += piece
    }
    #expect(try stream.next() == [])
    return result
  }

  private func failure(_ bytes: [UInt8]) -> String? {
    let error = #expect(throws: FormatError.self) { try decompress(bytes) }
    return error?.description
  }

  @Test("Frames of the format's own library are one text, in pieces of any size", arguments: [1, 2, 7, 1_000, 1 << 18])
  func frames(pieceSize: Int) throws {
    let bytes = try fixtureBytes("Text/corpus.jsonl.zst")
    #expect(try decompress(bytes, pieceSize: pieceSize) == fixtureBytes("Text/corpus.jsonl"))
  }

  @Test("A file that is cut short is refused but between frames")
  func cut() throws {
    let bytes = try fixtureBytes("Text/corpus.jsonl.zst")
    let whole = (0..<bytes.count).filter { (try? decompress(Array(bytes[..<$0]))) != nil }
    #expect(whole.count == 5)
    #expect(
      failure(Array(bytes.dropLast())) == "x.zst, byte \(bytes.count - 1), Zstandard frame: found the end of the file, "
        + "expected the rest of the frame; fetch or compress the file again")
    #expect(failure([])?.hasPrefix("x.zst, byte 0, Zstandard frame: found the end of the file") == true)
  }

  @Test("A byte that has changed is noticed by the checksum if by nothing else")
  func changes() throws {
    let bytes = try fixtureBytes("Text/corpus.jsonl.zst")
    let text = try fixtureBytes("Text/corpus.jsonl")
    // The last frame has no checksum, and what a frame to be passed over holds is no content.
    let checked = bytes.count - 100
    var unnoticed = 0
    for place in stride(from: 0, to: checked, by: 7) {
      var changed = bytes
      changed[place] ^= 0x10
      guard let result = try? decompress(changed) else { continue }
      unnoticed += 1
      #expect(result == text, "byte \(place)")
    }
    #expect(unnoticed < 5)
  }

  @Test("Pieces that repeat at several distances are what their checksums say")
  func records() throws {
    let text = String(decoding: try decompress(try fixtureBytes("Text/records.zst")), as: UTF8.self)
    #expect(text.utf8.count == 40_000)
    #expect(text.allSatisfy { $0.isASCII && $0.isLetter })
  }

  @Test("Copies by every way to write a distance, by hand")
  func copies() throws {
    let head: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    func copy(code: UInt8, bits: UInt8, isLast: Bool = false) -> [UInt8] {
      // No literals; one copy of three bytes, whose codes need no bits of their own.
      [isLast ? 0x3D : 0x3C, 0, 0, 0x00, 0x01, 0x54, 0, code, 0, bits]
    }
    let start = [0x30, 0, 0] + Array("abcdef".utf8)
    // From 5 back, from one less than the last, from the third to last, which is 1.
    let blocks = copy(code: 3, bits: 0b1000) + copy(code: 1, bits: 0b11) + copy(code: 1, bits: 0b10, isLast: true)
    #expect(try decompress(head + [0x20, 15] + start + blocks) == Array("abcdefbcdfbcccc".utf8))
    // From 4, which is the second to last at first; then from 1, which is now.
    let swaps = copy(code: 0, bits: 1) + copy(code: 0, bits: 1, isLast: true)
    #expect(try decompress(head + [0x20, 12] + start + swaps) == Array("abcdefcdeeee".utf8))
    // From one less than 1.
    let none = copy(code: 1, bits: 0b11, isLast: true)
    #expect(failure(head + [0x20, 9] + start + none)?.contains("found a copy from 0 bytes back") == true)
    // From 12 back, where the frame before has a byte but this one does not.
    let far = copy(code: 3, bits: 0b1111, isLast: true)
    let frames = head + [0x20, 6, 0x31] + start.dropFirst() + head + [0x20, 20] + start + far
    #expect(failure(frames)?.contains("found a copy from 12 bytes back") == true)
  }

  @Test("A copy from beyond the window is refused")
  func window() throws {
    let bytes = try fixtureBytes("Text/records.zst")
    // The mark, one byte of flags and two of length stand before the block, which has a head of three bytes.
    let size = Int(littleEndian(bytes[7..<10]) >> 3)
    let block = Array(bytes[10..<10 + size])
    var output = DecompressedBytes()
    var blocks = ZstandardBlocks(windowSize: 25_000)
    try blocks.decode(block, to: &output)
    #expect(output.count == 25_000)
    output = DecompressedBytes()
    blocks = ZstandardBlocks(windowSize: 300)
    #expect(throws: DecompressionError.self) { try blocks.decode(block, to: &output) }
  }

  @Test("Literals must end with their codes")
  func literals() throws {
    // One weight of 1, and another that fills the table: two bytes of one bit each.
    let bytes: [UInt8] = [128, 0x10]
    var position = 0
    let table = try #require(HuffmanTable(bytes[...], &position))
    #expect(position == 2)
    // After the mark the bits are 0, 1, 1, 0.
    let content: [UInt8] = [0b0001_0110]
    for (count, isWhole) in [(3, false), (4, true), (5, false)] {
      var output: [UInt8] = []
      #expect(table.decode(content[...], count: count, to: &output) == isWhole)
      #expect(output.prefix(4) == [0, 1, 1, 0].prefix(count))
    }
    var output: [UInt8] = []
    #expect(!table.decode([0], count: 1, to: &output))
    #expect(!table.decode([], count: 0, to: &output))
  }

  @Test("Blocks that are stored or repeat a byte, by hand")
  func simpleBlocks() throws {
    let head: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    // One segment of five bytes: a stored block of two, then a byte three times.
    let frame = head + [0x20, 5, 0x10, 0, 0, 97, 98, 0x1B, 0, 0, 99]
    #expect(try decompress(frame) == Array("abccc".utf8))
    #expect(try decompress(frame + frame) == Array("abcccabccc".utf8))
    var longer = frame
    longer[5] = 6
    #expect(
      failure(longer) == "x.zst, byte 15, Zstandard frame: found 5 bytes of content, expected 6, as the frame says; "
        + "fetch or compress the file again")
    longer[5] = 4
    #expect(failure(longer)?.contains("byte 11, Zstandard frame: found more content, expected 4 bytes") == true)
    #expect(failure(head + [0x01, 0x00, 7])?.contains("found a frame that needs the dictionary 7") == true)
    #expect(failure(head + [0x00, 0x90])?.contains("found a window of 268435456 bytes") == true)
    #expect(failure(head + [0x20, 5, 0x07, 0, 0])?.contains("found a block of a reserved kind") == true)
    #expect(failure([1, 2, 3, 4])?.contains("found the mark 0x4030201, expected 0xfd2fb528") == true)
    #expect(failure(head + [0x00, 0x00, 0x03, 0x01, 0x10])?.contains("found a block of 131104 bytes") == true)
  }

  @Test("Content hashes are those of xxHash", arguments: [0, 1, 3, 4, 8, 31, 32, 33, 63, 64, 100])
  func hashes(count: Int) {
    // Computed by the PyPI package xxhash (4.1.0): xxhash.xxh64_intdigest(bytes(i * 37 % 256 for i in range(count))).
    let expected = Self.hashes[count]
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
    var whole = XXHash64()
    whole.update(bytes)
    #expect(whole.value == expected)
    var parts = XXHash64()
    for byte in bytes { parts.update([byte]) }
    #expect(parts.value == expected)
  }

  private static let hashes: [Int: UInt64] = [
    0: 0xEF46_DB37_51D8_E999, 1: 0xE934_A84A_DB05_2768, 3: 0xF5CD_310A_927F_DE3E, 4: 0xA9C0_0AE8_F9B2_00F0,
    8:
      0x74C7_2531_3330_D0CC, 31: 0x4513_EC5E_BC46_D0D3, 32: 0x2C1F_2FFA_2ACE_16D3, 33: 0x62F3_B71C_D826_3C47,
    63:
      0x2C9D_78B9_3230_07F3, 64: 0xCB86_CFDC_04A5_148A, 100: 0x3F99_FD12_63B5_4F01,
  ]
}
