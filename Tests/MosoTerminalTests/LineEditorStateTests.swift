import Testing

@testable import MosoTerminal

@Suite struct LineEditorStateTests {
  /// Types keys, written as a terminal sends them, and returns the text with `|` at the caret.
  private func edited(_ keys: String, history: [String] = []) -> String {
    var state = LineEditorState(history: LineHistory(history))
    return type(keys, into: &state)
  }

  @discardableResult
  private func type(_ keys: String, into state: inout LineEditorState) -> String {
    var decoder = KeyDecoder()
    var events: [KeyEvent] = []
    decoder.decode(keys.utf8, into: &events)
    decoder.pause(into: &events)
    for event in events { _ = state.handle(event) }
    return shown(state)
  }

  private func shown(_ state: LineEditorState) -> String {
    let characters = Array(state.text)
    return String(characters[..<state.caret]) + "|" + String(characters[state.caret...])
  }

  @Test(arguments: [
    ("abc", "abc|"),
    ("abc\u{2}\u{2}X", "aX|bc"),  // Ctrl-B
    ("abc\u{1}\u{6}X", "aX|bc"),  // Ctrl-A, Ctrl-F
    ("abc\u{1B}[HX\u{1B}[FY", "XabcY|"),  // Home, End
    ("abc\u{1}\u{5}\u{5}X", "abcX|"),  // Ctrl-E
    ("abc\u{7F}\u{7F}", "a|"),
    ("abc\u{1}\u{1B}[3~", "|bc"),  // Delete
    ("abc\u{1}\u{4}\u{4}", "|c"),  // Ctrl-D
    ("one two\u{1}\u{6}\u{B}", "o|"),  // Ctrl-K
    ("one two\u{2}\u{15}", "|o"),  // Ctrl-U
    ("one two-three\u{17}", "one |"),  // Ctrl-W
    ("one two-three\u{1B}\u{7F}", "one two-|"),  // Alt-Backspace
    ("one two-three\u{1}\u{1B}d", "| two-three"),  // Alt-D
    ("one two-three\u{1B}bX", "one two-X|three"),  // Alt-B
    ("one two-three\u{1}\u{1B}f\u{1B}fX", "one twoX|-three"),  // Alt-F
    ("one two\u{1B}[1;5DX", "one X|two"),  // Ctrl-Left
    ("abc\u{14}", "acb|"),  // Ctrl-T at the end
    ("abcd\u{2}\u{2}\u{14}", "acb|d"),  // Ctrl-T in the middle
    ("a\u{14}", "a|"),
    ("one two\u{17}\u{17}\u{19}", "one two|"),  // two kills become one
    ("one two\u{17}\u{1}\u{19}", "two|one "),  // Ctrl-Y
    ("one\u{17}two\u{17}\u{19}\u{1B}y", "one|"),  // Alt-Y
    ("one\u{17}two\u{17}\u{19}\u{1B}y\u{1B}y", "two|"),
    ("\u{1B}y", "|"),
    ("a\u{1B}[Z\u{1B}[5~b", "b|a"),
  ])
  func emacsKeysEdit(_ keys: String, _ expected: String) {
    #expect(edited(keys) == expected)
  }

  @Test(arguments: [
    ("e\u{301}\u{7F}", "|"),  // an accent typed after its letter is one character with it
    ("👨\u{200D}👩\u{200D}👧\u{7F}", "|"),
    ("🇫🇷🇩🇪\u{7F}", "🇫🇷|"),
    ("漢字\u{2}X", "漢X|字"),
    ("a\u{1}e\u{6}\u{2}\u{301}", "e\u{301}|a"),
    ("한\u{2}\u{6}", "한|"),
    ("🇫X🇷\u{2}\u{7F}", "🇫🇷|"),  // removing what stands between joins the two halves
    ("\u{200D}👩\u{1}👩\u{7F}", "|"),  // what is typed joins more than its neighbour
    ("\u{94D}क\u{1}क\u{7F}", "|"),
    ("🇷🇩🇪\u{1}🇫\u{6}\u{7F}", "🇫🇷|"),
  ])
  func charactersAreEditedAsTheUserSeesThem(_ keys: String, _ expected: String) {
    #expect(edited(keys) == expected)
  }

  @Test func linesOfAMessageAreMovedThroughAndKilledOneByOne() {
    #expect(edited("one\u{1B}\rtwo\nthree") == "one\ntwo\nthree|")
    #expect(edited("one\ntwo\u{1}X") == "one\nX|two")
    #expect(edited("one\ntwo\u{1B}[A\u{5}X") == "oneX|\ntwo")
    #expect(edited("one\nt\u{1B}[AX") == "oX|ne\nt")
    #expect(edited("one\nt\u{1B}[A\u{5}\u{1B}[BX") == "one\ntX|")
    #expect(edited("one\ntwo\u{1}\u{15}") == "one|two")
    #expect(edited("one\ntwo\u{1B}[A\u{5}\u{B}") == "one|two")
  }

  @Test func enterSubmitsWhatWasTyped() {
    var state = LineEditorState()
    type("hello", into: &state)
    #expect(state.handle(.enter) == .submitted(typed: "hello", message: "hello"))
    #expect(state.text.isEmpty && state.history.entries == ["hello"])
  }

  @Test func aBackslashAtTheEndContinuesTheMessage() {
    var state = LineEditorState()
    #expect(type("one\\\rtwo", into: &state) == "one\ntwo|")
    #expect(state.handle(.enter) == .submitted(typed: "one\ntwo", message: "one\ntwo"))
    type("C:\\\\", into: &state)
    #expect(state.handle(.enter) == .submitted(typed: "C:\\\\", message: "C:\\\\"))
  }

  @Test func aBlockOfQuotesTakesNewlinesUntilItEnds() {
    var state = LineEditorState()
    #expect(type("\"\"\"\rone\\\rtwo\r", into: &state) == "\"\"\"\none\\\ntwo\n|")
    type("\"\"\"", into: &state)
    #expect(
      state.handle(.enter) == .submitted(typed: "\"\"\"\none\\\ntwo\n\"\"\"", message: "one\\\ntwo")
    )
    type("/system \"\"\"be\rbrief\"\"\"", into: &state)
    let text = "/system \"\"\"be\nbrief\"\"\""
    #expect(state.handle(.enter) == .submitted(typed: text, message: text))
    #expect(MultilineText.unquoted(String(text.dropFirst(8))) == "be\nbrief")
  }

  @Test func pastedNewlinesDoNotSubmit() {
    #expect(edited("say: \u{1B}[200~one\r\ntwo\r\u{1B}[201~") == "say: one\ntwo\n|")
  }

  @Test func controlCClearsTheLineAndHintsOnAnEmptyOne() {
    var state = LineEditorState()
    #expect(type("abc\u{3}", into: &state) == "|")
    #expect(state.notice.isEmpty)
    #expect(state.handle(.control("c")) == .changed)
    #expect(state.notice == ["Press Ctrl-D to leave."])
    #expect(type("\u{19}", into: &state) == "abc|", "what was cleared can be brought back")
    #expect(state.notice.isEmpty)
  }

  @Test func controlDEndsOnlyOnAnEmptyLine() {
    var state = LineEditorState()
    #expect(state.handle(.control("d")) == .ended)
    type("x", into: &state)
    #expect(state.handle(.control("d")) == .unchanged)
  }

  @Test func upAndDownWalkTheHistoryAndComeBackToTheDraft() {
    let history = ["first", "second", "third"]
    #expect(edited("\u{1B}[A", history: history) == "third|")
    #expect(edited("\u{10}\u{10}\u{10}\u{10}", history: history) == "first|")
    #expect(edited("\u{1B}[A\u{1B}[A\u{1B}[B", history: history) == "third|")
    #expect(edited("dra\u{1}\u{1B}[A\u{1B}[B", history: history) == "|dra")
    #expect(edited("\u{1B}[B", history: history) == "|")
  }

  @Test func upKeepsToEntriesThatBeginWithWhatWasTyped() {
    let history = ["/set a", "hello", "/set b", "help"]
    #expect(edited("/se\u{1B}[A", history: history) == "/set b|")
    #expect(edited("/se\u{1B}[A\u{1B}[A", history: history) == "/set a|")
    #expect(edited("/se\u{1B}[A\u{1B}[A\u{1B}[A", history: history) == "/set a|")
    #expect(edited("/se\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B", history: history) == "/se|")
    #expect(edited("/se\u{1B}[A!\u{1B}[A", history: history) == "/set b!|")
  }

  @Test func upInALongEntryGoesThroughItsLinesFirst() {
    #expect(edited("\u{1B}[A\u{1B}[A", history: ["old", "one\ntwo"]) == "one|\ntwo")
    #expect(edited("\u{1B}[A\u{1B}[A\u{1B}[A", history: ["old", "one\ntwo"]) == "old|")
  }

  @Test func searchFindsOlderAndOlderEntries() {
    let history = ["cargo build", "swift build", "Swift test", "ls"]
    #expect(edited("\u{12}buil", history: history) == "swift |build")
    #expect(edited("\u{12}buil\u{12}", history: history) == "cargo |build")
    #expect(edited("\u{12}buil\u{12}\u{13}", history: history) == "swift |build")
    #expect(edited("\u{12}swift", history: history) == "|Swift test")
    #expect(edited("\u{12}Swift\u{12}", history: history) == "|Swift test")
    #expect(edited("\u{12}swift\u{12}", history: history) == "|swift build")
    #expect(edited("x\u{12}swift\u{7}", history: history) == "x|")
    #expect(edited("\u{12}swift\u{5}!", history: history) == "Swift test!|")
    #expect(edited("\u{12}lss\u{7F}", history: history) == "|ls")
  }

  @Test func searchSaysWhenItFindsNothing() {
    var state = LineEditorState(history: LineHistory(["one"]))
    type("\u{12}two", into: &state)
    #expect(state.searchQuery == "two" && state.searchFailed)
    #expect(state.handle(.enter) == .submitted(typed: "", message: ""))
    #expect(state.searchQuery == nil)
  }

  @Test func tabCompletesAsFarAsCandidatesAgree() {
    let commands = CommandCompletion([
      ("/help", .nothing), ("/save", .path), ("/set", .words(["seed", "temperature"])), ("/system", .text),
    ])
    var state = LineEditorState(configuration: .init(completer: { commands.complete($0) }))
    #expect(type("/h\t", into: &state) == "/help|")
    #expect(type("\u{15}/s\t", into: &state) == "/s|")
    #expect(state.notice == ["/save", "/set", "/system"])
    #expect(type("et\t", into: &state) == "/set |")
    #expect(state.notice.isEmpty)
    #expect(type("t\t", into: &state) == "/set temperature |")
    #expect(type("\u{15}/x\t", into: &state) == "/x|")
    #expect(type("\u{15}say /h\t", into: &state) == "say /h|")
  }

  @Test func textBeyondTheLimitIsRefusedWithANotice() {
    var state = LineEditorState(configuration: .init(byteLimit: 5))
    type("abcde", into: &state)
    #expect(type("f", into: &state) == "abcde|")
    #expect(state.notice == ["A message can be at most 5 B long."])
    #expect(type("\u{7F}é", into: &state) == "abcd|")
  }

  @Test func keysThatChangeNothingAskForNoRedraw() {
    var state = LineEditorState()
    for key: KeyEvent in [.left, .backspace, .delete, .control("k"), .control("y"), .alt("y"), .up, .down, .escape] {
      #expect(state.handle(key) == .unchanged)
    }
  }

  @Test func randomKeysNeverBreakTheState() {
    var generator = SeededGenerator(seed: 3)
    let keys: [KeyEvent] =
      "abdefghklnprtuwy_".map { KeyEvent.control($0) } + "bdfy".map { KeyEvent.alt($0) }
      + [
        .text("a"), .text("é"), .text("\u{301}"), .text("👩"), .text("\u{200D}"), .text("🇫"), .text("漢 "),
        .paste("x\ny"),
      ]
      + [
        .up, .down, .left, .right, .home, .end, .tab, .newline, .enter, .backspace, .delete, .wordBackspace,
        .wordDelete,
      ]
      + [.control("c"), .control("s"), .escape, .text("\\"), .text("\"\"\"")]
    var state = LineEditorState(configuration: .init(byteLimit: 200))
    for _ in 0..<20_000 {
      _ = state.handle(keys.randomElement(using: &generator)!)
      #expect((0...state.text.count).contains(state.caret))
      #expect(state.buffer.byteCount == state.text.utf8.count)
      #expect(state.buffer.characters == Array(state.text))
    }
  }
}
