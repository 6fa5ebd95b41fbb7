import Testing

@testable import MosoTerminal

@Suite struct AnswerFormatterTests {
  private static let plain = AnswerFormatter.Destination.terminal(isStyled: false, isUTF8: true)
  private static let styled = AnswerFormatter.Destination.terminal(isStyled: true, isUTF8: true)

  /// Sends an answer in the given pieces to a terminal and returns what it shows.
  private func shown(
    _ pieces: [String], columns: Int, destination: AnswerFormatter.Destination = plain
  ) -> VirtualTerminal {
    var formatter = AnswerFormatter(destination: destination)
    var terminal = VirtualTerminal(columns: columns, rows: 200)
    for piece in pieces { terminal.feed(formatter.format(piece, columns: columns)) }
    terminal.feed(formatter.finish())
    return terminal
  }

  private func written(_ text: String, _ destination: AnswerFormatter.Destination = styled) -> String {
    var formatter = AnswerFormatter(destination: destination)
    return formatter.format(text, columns: 80) + formatter.finish()
  }

  @Test func linesBreakBetweenWords() {
    #expect(shown(["the quick brown fox jumps"], columns: 10).lines == ["the quick", "brown fox", "jumps"])
    #expect(shown(["exactly te n"], columns: 10).lines == ["exactly te", "n"])
    #expect(shown(["exactly ten chars"], columns: 11).lines == ["exactly ten", "chars"])
    #expect(shown(["a\n\nb\n"], columns: 10).lines == ["a", "", "b"])
  }

  @Test func aWordLongerThanTheWindowIsCut() {
    #expect(
      shown(["see abcdefghijklmnopqrstuvwxyz ok"], columns: 10).lines == [
        "see", "abcdefghij", "klmnopqrst", "uvwxyz ok",
      ])
  }

  @Test func chineseBreaksAnywhereButNotBeforePunctuation() {
    #expect(shown(["我们今天去看电影。好吗"], columns: 10).lines == ["我们今天去", "看电影。好", "吗"])
    #expect(shown(["一二三四五。六"], columns: 10).lines == ["一二三四", "五。六"])
    #expect(shown(["一二三四（五）六"], columns: 10).lines == ["一二三四", "（五）六"])
    #expect(shown(["hello世界hello世界"], columns: 10).lines == ["hello世界", "hello世界"])
  }

  @Test func emojiSequencesAreNotCut() {
    #expect(
      shown(["abcdefgh 👩\u{200D}💻👨\u{200D}👩\u{200D}👧"], columns: 11).lines == [
        "abcdefgh 👩\u{200D}💻", "👨\u{200D}👩\u{200D}👧",
      ])
  }

  @Test func listItemsAreIndented() {
    let terminal = shown(["- one two three four five\n  1. six seven eight nine\nplain text goes on here"], columns: 18)
    #expect(
      terminal.lines == [
        "- one two three", "  four five", "  1. six seven", "     eight nine", "plain text goes on", "here",
      ])
  }

  @Test(arguments: [12, 20, 33])
  func arrivingByTheScalarShowsTheSameAsArrivingAtOnce(columns: Int) {
    let text = """
      Here is **bold text that is long enough to wrap**, `inline code`, 漢字と emoji 👩\u{200D}💻 and a list:
      - first item that wraps over lines
      10. tenth item
      ```swift
      let answer = compute(everything, thatNeeds: wrapping, ** not bold **)
      ```
      e\u{301}nd of it all, with a verylongwordthatdoesnotfitinanywindow. Tab\there.
      """
    let whole = shown([text], columns: columns, destination: Self.styled)
    let scalars = text.unicodeScalars.map { String($0) }
    let pieces = shown(scalars, columns: columns, destination: Self.styled)
    #expect(whole.lines == pieces.lines)
    #expect(whole.unknownSequences == [])
  }

  @Test func randomTextIsWrappedGreedilyAndCompletely() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let words = (0..<60).map { _ in
        String((0..<Int.random(in: 1...9, using: &generator)).map { _ in "abcdefgh".randomElement(using: &generator)! })
      }
      let columns = Int.random(in: 10...40, using: &generator)
      let terminal = shown(words.joined(separator: " ").map { String($0) }, columns: columns)
      #expect(terminal.lines.joined(separator: " ").split(separator: " ").map(String.init) == words)
      for (line, next) in zip(terminal.lines, terminal.lines.dropFirst()) {
        #expect(line.count <= columns)
        let first = next.prefix { $0 != " " }
        #expect(line.count + 1 + first.count > columns, "\(line) | \(next) in \(columns)")
      }
    }
  }

  @Test func wordsAreShownAsTheyArrive() {
    var formatter = AnswerFormatter(destination: Self.plain)
    #expect(formatter.format("Hel", columns: 10) == "Hel")
    #expect(formatter.format("lo wor", columns: 10) == "lo wor")
    #expect(formatter.format("ld", columns: 10) == "l\r\u{1B}[6C\u{1B}[K\nworld")
    #expect(formatter.finish() == "\n")
  }

  @Test func emphasisAndCodeAreStyledAndNothingIsLost() {
    let bold = "\u{1B}[1m"
    let dim = "\u{1B}[2m"
    let off = "\u{1B}[0m"
    #expect(written("a **b** c") == "a \(dim)**\(off)\(bold)b\(off)\(dim)**\(off) c\n")
    #expect(written("a `b*c` d") == "a \(dim)`b*c`\(off) d\n")
    #expect(written("2 ** 3 * 4") == "2 ** 3 * 4\n")
    #expect(written("* item\n** x") == "* item\n** x\n")
    #expect(written("**open\nplain") == "\(dim)**\(off)\(bold)open\(off)\nplain\n")
    #expect(written("``a`b`` c") == "\(dim)``a`b``\(off) c\n")
    #expect(
      written("```\n**x**\n```\n**y**")
        == "\(dim)```\(off)\n\(dim)**x**\(off)\n\(dim)```\(off)\n\(dim)**\(off)\(bold)y\(off)\(dim)**\(off)\n")
    #expect(
      written("~~~~\n~~~\n`\n~~~~\nz") == "\(dim)~~~~\(off)\n\(dim)~~~\(off)\n\(dim)`\(off)\n\(dim)~~~~\(off)\nz\n")
  }

  @Test func codeBlocksKeepTheirLines() {
    let code = "```\nlet x = some(long, line, of, code)\n```"
    #expect(written(code, Self.plain) == code + "\n")
    var formatter = AnswerFormatter(destination: Self.plain)
    #expect(formatter.format(code, columns: 12) + formatter.finish() == code + "\n")
  }

  @Test func withoutColourNoStyleIsWritten() {
    #expect(written("a **b** `c`", Self.plain) == "a **b** `c`\n")
  }

  @Test func aPipeGetsTheTextUntouched() {
    let text = "a\u{1B}[31m**b**\r\n\u{7}c\u{202E}"
    #expect(written(text, .pipe) == text)
  }

  @Test(arguments: [styled, plain, .plainTerminal(isUTF8: true)])
  func controlCharactersAreShownAndNotObeyed(_ destination: AnswerFormatter.Destination) {
    #expect(written("\u{1B}[2J\u{7}\u{9B}31m\u{8}\u{7F}x", destination) == "␛[2J␇\u{FFFD}31m␈␡x\n")
    #expect(written("a\r\nb\rc\u{2028}d\u{202E}e\u{2066}", destination) == "a\nb␍c\nde\n")
    #expect(written("\u{1B}]0;title\u{7}\u{1B}P$q\u{1B}\\", destination) == "␛]0;title␇␛P$q␛\\\n")
  }

  @Test func aReturnAndANewlineInDifferentPiecesAreOneNewline() {
    var formatter = AnswerFormatter(destination: Self.plain)
    #expect(
      formatter.format("a\r", columns: 80) + formatter.format("\nb", columns: 80) + formatter.finish() == "a\nb\n")
  }

  @Test func outsideUTF8OnlyASCIIPasses() {
    // The UTF-8 of this letter contains 0x9B, which an eight-bit terminal takes for the start of a control sequence.
    #expect(written("\u{101B}2J é", .plainTerminal(isUTF8: false)) == "?2J ?\n")
    #expect(written("\u{1B}[2J", .terminal(isStyled: false, isUTF8: false)) == "?[2J\n")
  }

  @Test func hostileTextNeverReachesTheTerminalAsControls() {
    var generator = SeededGenerator(seed: 99)
    let interesting: [String] = [
      "\u{1B}", "[", "]", "0", ";", "?", "2004", "h", "l", "J", "\u{9B}", "\u{9D}", "\u{90}", "\u{7}", "\r", "\n", "\t",
      "\u{8}",
      "*", "**", "`", "```", "word ", "漢", "\u{301}", "\u{200D}", "👩", "\u{FE0F}", "\u{202E}", "\u{2028}", "\u{0}",
      "\u{E}",
      "\u{85}", "c", "\\", "~~~",
    ]
    for round in 0..<300 {
      let columns = [5, 10, 17, 80].randomElement(using: &generator)!
      var formatter = AnswerFormatter(destination: round % 2 == 0 ? Self.styled : Self.plain)
      var output = ""
      for _ in 0..<40 {
        let piece = (0..<5).map { _ in interesting.randomElement(using: &generator)! }.joined()
        output += formatter.format(piece, columns: columns)
      }
      output += formatter.finish()
      // What is left without the sequences this module writes must be harmless.
      output.replace(/\u{1B}\[[0-9;]*m/.matchingSemantics(.unicodeScalar), with: "")
      output.replace(/\r(\u{1B}\[[0-9]+C)?\u{1B}\[K/.matchingSemantics(.unicodeScalar), with: "")
      let dangerous = output.unicodeScalars.filter { HarmlessText.isDangerous($0) || $0 == "\u{FEFF}" }
      #expect(dangerous.isEmpty, "\(Array(dangerous))")
    }
  }

  @Test func aRunOfMarkersOrMarksWithoutEndTakesNoMemoryOfItsOwn() {
    #expect(written(String(repeating: "*", count: 1000)).filter { $0 == "*" }.count == 1000)
    let marks = "a" + String(repeating: "\u{301}", count: 5000)
    #expect(written(marks, Self.plain).unicodeScalars.count == 5002)
  }
}
