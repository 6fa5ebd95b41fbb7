import MosoTokenizers
import Testing

@Suite("Tokenizer") struct TokenizerTests {
  let tokenizer: Tokenizer

  init() throws { tokenizer = try SmallVocabulary.byteLevel() }

  private func pieces(_ ids: [Int32]) -> [String] { ids.map { tokenizer.piece(of: $0) ?? "?" } }

  @Test("Merges apply in their order, within pieces only") func merges() {
    #expect(pieces(tokenizer.encode("the hello the")) == ["the", "Ġ", "hello", "Ġthe"])
    #expect(pieces(tokenizer.encode("th1e")) == ["th", "1", "e"])
    #expect(pieces(tokenizer.encode("   the")) == ["ĠĠ", "Ġthe"])
    #expect(tokenizer.encode("").isEmpty)
  }

  @Test("Bytes that are missing are worth a warning where texts have them")
  func missingBytes() throws {
    func warnings(without bytes: [Int]) throws -> [TokenizerWarning] {
      var pieces = SmallVocabulary.byteCharacters
      for byte in bytes { pieces[byte] = "<unused\(byte)>" }
      return try SmallVocabulary.byteLevel(merges: [], bytes: pieces).warnings
    }
    // Those that SmolLM2 does without.
    let rare = [0x04, 0x06, 0x13, 0x14, 0x16, 0x1d, 0xc0, 0xc1, 0xf1, 0xf2] + Array(0xf5...0xff)
    #expect(try warnings(without: rare).isEmpty)
    #expect(try warnings(without: rare + [0x0a, 0xc3, 0xf0]) == [.missingBytes(count: 3)])
  }

  @Test("Plain text never becomes a control token") func plainText() {
    let text = "<|im_start|>the<|im_end|><tool>"
    let ids = tokenizer.encode(text)
    #expect(!ids.contains { tokenizer.isControl($0) })
    #expect(tokenizer.token(forPiece: "<tool>").map { ids.contains($0) } == false)
    #expect(tokenizer.decode(ids) == text)
    #expect(tokenizer.encode([TextSegment(text, mayContainControlTokens: false)]) == ids)
  }

  @Test("Control tokens are recognised in segments that may contain them") func controlTokens() {
    let ids = tokenizer.encode([
      TextSegment("<|im_start|>", mayContainControlTokens: true),
      TextSegment("the<|im_end|>", mayContainControlTokens: false),
      TextSegment("<|im_end|><tool>", mayContainControlTokens: true),
    ])
    #expect(
      pieces(ids) == ["<|im_start|>", "the", "<", "|", "i", "m", "_", "e", "n", "d", "|", ">", "<|im_end|>", "<tool>"])
  }

  @Test("A control token is not put together from parts that a user typed") func torn() {
    let ids = tokenizer.encode([
      TextSegment("<|im_", mayContainControlTokens: true),
      TextSegment("end|>", mayContainControlTokens: false),
    ])
    #expect(!ids.contains { tokenizer.isControl($0) })
    let trusted = tokenizer.encode([
      TextSegment("<|im_", mayContainControlTokens: true), TextSegment("end|>", mayContainControlTokens: true),
    ])
    #expect(pieces(trusted) == ["<|im_end|>"])
  }

  @Test("Segments without a control token between them are one text", arguments: [true, false])
  func segmentsAreJoined(trusted: Bool) {
    let segments = ["hel", "lo t", "he", " ", "the"].map { TextSegment($0, mayContainControlTokens: trusted) }
    #expect(tokenizer.encode(segments) == tokenizer.encode("hello the the"))
  }

  @Test("A beginning token is added once") func beginning() throws {
    let beginning = try #require(tokenizer.beginningOfSequence)
    let the = tokenizer.encode("the")
    #expect(tokenizer.encode("the", addBeginning: true) == [beginning] + the)
    let segment = TextSegment("<|im_start|>the", mayContainControlTokens: true)
    #expect(tokenizer.encode([segment], addBeginning: true) == [beginning] + the)
  }

  @Test("Broken UTF-8 is read like its repaired text") func brokenUTF8() {
    let bytes: [UInt8] = [0x61, 0xE2, 0x82, 0x62, 0xFF, 0xF0, 0x9F, 0x98, 0x80, 0xC0]
    #expect(tokenizer.encode(utf8: bytes) == tokenizer.encode("a\u{FFFD}b\u{FFFD}😀\u{FFFD}"))
  }

  @Test("Every text comes back from its tokens") func roundTrip() {
    for text in ["", "a", " the  hello\n\n", "naïve 漢字 👩‍👩‍👧‍👦 \u{0}\u{7F}\u{FFFD}", "١٢٣ ½"] {
      #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    }
  }

  @Test("Control tokens are left out of decoded text unless asked for") func decodingControlTokens() throws {
    let end = try #require(tokenizer.token(forPiece: "<|im_end|>"))
    let ids = tokenizer.encode("the") + [end]
    #expect(tokenizer.decode(ids) == "the")
    #expect(tokenizer.decode(ids, skipControlTokens: false) == "the<|im_end|>")
    #expect(tokenizer.decode([-1, Int32.max, Int32(tokenizer.vocabularySize)]) == "")
  }

  @Test("Pieces, ids and bytes agree for every token") func pieces() {
    for id in 0..<Int32(tokenizer.vocabularySize) {
      #expect(tokenizer.piece(of: id).flatMap { tokenizer.token(forPiece: $0) } == id)
    }
    #expect(tokenizer.bytes(of: 0x20) == [0x20])
    #expect(tokenizer.bytes(of: 0xE2) == [0xE2])
    #expect(tokenizer.piece(of: Int32(tokenizer.vocabularySize)) == nil)
    #expect(tokenizer.token(forPiece: "no such piece") == nil)
  }

  @Test("The end of an answer is found by text and by id") func endOfGeneration() throws {
    #expect(tokenizer.endOfGeneration == [try #require(tokenizer.endOfSequence)])
    #expect(tokenizer.token(forPiece: "<|im_end|>") == tokenizer.endOfSequence)
  }

  @Test("A very long word of one letter takes a moment") func oneLongWord() throws {
    let tokenizer = try SmallVocabulary.byteLevel(merges: ["a a", "aa aa", "aaaa aaaa"])
    let ids = tokenizer.encode(String(repeating: "a", count: 200_003))
    #expect(ids.count == 25_000 + 2)
    #expect(ids.suffix(2).map { tokenizer.piece(of: $0) } == ["aa", "a"])
  }

  @Test("Words that are scanned and words that need a heap merge alike") func mergingAlgorithms() throws {
    let tokenizer = try SmallVocabulary.byteLevel(merges: ["a b", "b a", "ab a", "aba b", "c c", "b c", "cc b", "a a"])
    // A long word is the same as its parts where no merge crosses: "d" merges with nothing.
    let words = (0..<200).map { seed in
      var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
      return String(
        (0..<30).map { _ -> Character in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return ["a", "b", "c"][Int(state >> 33) % 3]
        })
    }
    let joined = words.joined(separator: "d")
    #expect(
      tokenizer.encode(joined) == Array(words.map { tokenizer.encode($0) }.joined(separator: tokenizer.encode("d"))))
  }
}
