import Testing

@testable import MosoTerminal

@Suite struct KeyDecoderTests {
  private func events(_ text: String) -> [KeyEvent] {
    var decoder = KeyDecoder()
    var events: [KeyEvent] = []
    decoder.decode(text.utf8, into: &events)
    return events
  }

  @Test(arguments: [
    ("\u{1B}[A", KeyEvent.up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
    ("\u{1B}[1;5C", .wordRight), ("\u{1B}[1;3D", .wordLeft), ("\u{1B}[1;2C", .right), ("\u{1B}[H", .home),
    ("\u{1B}OH", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home), ("\u{1B}[F", .end), ("\u{1B}OF", .end),
    ("\u{1B}[4~", .end), ("\u{1B}[8~", .end), ("\u{1B}[3~", .delete), ("\u{1B}[3;5~", .wordDelete),
    ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[Z", .backTab), ("\r", .enter), ("\n", .newline),
    ("\u{1B}\r", .newline), ("\u{1B}[13;2u", .newline), ("\u{1B}[27;2;13~", .newline), ("\t", .tab),
    ("\u{7F}", .backspace), ("\u{8}", .backspace), ("\u{1B}\u{7F}", .wordBackspace), ("\u{1B}b", .alt("b")),
    ("\u{1}", .control("a")), ("\u{1A}", .control("z")), ("\u{1F}", .control("_")), ("\u{1B}[97;5u", .control("a")),
    ("\u{1B}[106;5u", .newline), ("é", .text("é")), ("👩\u{200D}💻", .text("👩\u{200D}💻")), ("\u{1B}OM", .enter),
    ("\u{1B}[24;80R", .cursorPosition(CursorPosition(row: 23, column: 79))),
  ])
  func aKeyIsUnderstood(_ bytes: String, _ event: KeyEvent) {
    #expect(events(bytes) == [event])
  }

  @Test(arguments: ["\u{1B}[?62c", "\u{1B}[I", "\u{1B}[[A", "\u{1B}[57358u", "\u{0}", "\u{1B}OP"])
  func aSequenceThatIsNoEditingKeyMeansNothing(_ bytes: String) {
    #expect(events(bytes + "x") == [.text("x")])
  }

  @Test func keysThatArriveInOnePieceComeInOrder() {
    #expect(
      events("ab\u{1B}[Dc\rd") == [.text("ab"), .left, .text("c"), .enter, .text("d")]
    )
  }

  @Test func everyWayToCutTheBytesGivesTheSameEvents() {
    let typed = "hé漢👍\u{1B}[1;5C\u{1B}[200~one\r\ntwo\rthree\u{1B}[31m\u{1B}[201~\u{1B}b\u{1B}OHend\r"
    let whole = events(typed)
    #expect(whole[2] == .paste("one\ntwo\nthree[31m"))
    let bytes = Array(typed.utf8)
    for cut in 1..<bytes.count {
      var decoder = KeyDecoder()
      var parts: [KeyEvent] = []
      decoder.decode(bytes[..<cut], into: &parts)
      decoder.decode(bytes[cut...], into: &parts)
      #expect(joined(parts) == joined(whole), "cut at \(cut)")
    }
    var decoder = KeyDecoder()
    var single: [KeyEvent] = []
    for byte in bytes { decoder.decode([byte], into: &single) }
    #expect(joined(single) == joined(whole))
  }

  /// Neighbouring texts as one, since where text is divided means nothing.
  private func joined(_ events: [KeyEvent]) -> [KeyEvent] {
    events.reduce(into: []) { result, event in
      if case .text(let new) = event, case .text(let old)? = result.last {
        result[result.count - 1] = .text(old + new)
      } else {
        result.append(event)
      }
    }
  }

  @Test func aLoneEscapeIsAKeyOnlyAfterAPause() {
    var decoder = KeyDecoder()
    var events: [KeyEvent] = []
    decoder.decode([0x1B], into: &events)
    #expect(events.isEmpty && decoder.isAmbiguous)
    decoder.pause(into: &events)
    #expect(events == [.escape] && !decoder.isAmbiguous)
  }

  @Test func brokenUTF8BecomesReplacementCharacters() {
    var decoder = KeyDecoder()
    var events: [KeyEvent] = []
    decoder.decode([0x61, 0xFF, 0x62, 0xC3, 0x0D], into: &events)
    #expect(events == [.text("a\u{FFFD}b\u{FFFD}"), .enter])
  }

  @Test func aPasteLongerThanTheLimitIsReportedAndNotKept() {
    var decoder = KeyDecoder(pasteLimit: 100)
    var events: [KeyEvent] = []
    let paste = "\u{1B}[200~" + String(repeating: "x\r", count: 1000) + "\u{1B}[201~after"
    decoder.decode(paste.utf8, into: &events)
    #expect(events == [.oversizedPaste(limit: 100), .text("after")])
  }

  @Test func controlCInsideAPasteIsAWayOutOnlyAfterAPause() {
    var decoder = KeyDecoder()
    var events: [KeyEvent] = []
    decoder.decode("\u{1B}[200~ab\u{3}c".utf8, into: &events)
    #expect(events.isEmpty && decoder.isPasting)
    decoder.pause(into: &events)
    decoder.decode([0x03], into: &events)
    #expect(events == [.control("c")] && !decoder.isPasting)
  }

  @Test func anEndlessSequenceIsSwallowedWithoutGrowing() {
    #expect(events("\u{1B}[" + String(repeating: "9;", count: 100_000) + "Ax") == [.up, .text("x")])
  }

  @Test func randomBytesNeverProduceControlCharactersInText() {
    var generator = SeededGenerator(seed: 7)
    var decoder = KeyDecoder(pasteLimit: 1000)
    for _ in 0..<2000 {
      let bytes = (0..<20).map { _ in
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...255, using: &generator) : Array("\u{1B}[~0;12m".utf8).randomElement(using: &generator)!
      }
      var events: [KeyEvent] = []
      decoder.decode(bytes, into: &events)
      if Bool.random(using: &generator) { decoder.pause(into: &events) }
      for case .text(let text) in events {
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
      }
      for case .paste(let text) in events {
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
      }
    }
  }
}

/// A small repeatable generator (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
