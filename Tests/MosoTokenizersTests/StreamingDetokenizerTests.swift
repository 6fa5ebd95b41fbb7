import MosoTokenizers
import Testing

@Suite("StreamingDetokenizer") struct StreamingDetokenizerTests {
  let tokenizer: Tokenizer

  init() throws { tokenizer = try SmallVocabulary.byteLevel() }

  /// The tokens of single bytes: the ids of the small vocabulary are the bytes themselves.
  private func stream(_ bytes: [UInt8]) -> [String] {
    var detokenizer = StreamingDetokenizer(tokenizer)
    return bytes.map { detokenizer.append(Int32($0)) } + [detokenizer.finish()]
  }

  @Test("A character is given out with its last byte") func wholeCharacters() {
    #expect(stream(Array("aé€😀".utf8)) == ["a", "", "é", "", "", "€", "", "", "", "😀", ""])
  }

  @Test("Half a character at the end becomes U+FFFD") func halfCharacter() {
    #expect(stream([0x61, 0xF0, 0x9F, 0x98]) == ["a", "", "", "", "\u{FFFD}"])
    #expect(stream([0xE2, 0x82, 0x62]) == ["", "", "\u{FFFD}b", ""])
  }

  @Test("Bytes that can begin no character are not held back") func brokenBytes() {
    #expect(stream([0xFF, 0xC0, 0x80, 0x61]) == ["\u{FFFD}", "\u{FFFD}", "\u{FFFD}", "a", ""])
    #expect(stream([0xED, 0xA0, 0x80]) == ["", "\u{FFFD}\u{FFFD}", "\u{FFFD}", ""])
    #expect(stream([0xF0, 0x80]) == ["", "\u{FFFD}\u{FFFD}", ""])
  }

  @Test("What is given out is the decoded text, whatever the bytes") func agreesWithDecoding() {
    var state: UInt64 = 7
    let interesting: [UInt8] = [
      0x20, 0x61, 0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xA0, 0xE2, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0xFF,
    ]
    for _ in 0..<2_000 {
      let bytes = (0..<12).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return interesting[Int(state >> 40) % interesting.count]
      }
      #expect(stream(bytes).joined() == String(decoding: bytes, as: UTF8.self))
      #expect(tokenizer.decode(bytes.map { Int32($0) }) == String(decoding: bytes, as: UTF8.self))
    }
  }
}
