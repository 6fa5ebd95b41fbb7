import Foundation
import Testing

@testable import MosoTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite(.serialized) struct LineEditorTests {
  /// Reads `count` messages from a pseudo-terminal in the background.
  private func read(
    _ count: Int, from terminal: PseudoTerminal, history: HistoryFile? = nil,
    completer: @escaping Completer = { _ in .none }
  ) -> Background<[LineEditor.Result]> {
    let device = terminal.device
    defer { terminal.wait { $0.isPasteMarked && $0.column == 2 } }
    return Background {
      let capabilities = PseudoTerminal.capabilities(of: device)
      var editor = LineEditor(
        input: capabilities, outputs: [capabilities], historyFile: history, configuration: .init(completer: completer))
      return try (0..<count).map { _ in try editor.read(Prompt("> ")) }
    }
  }

  @Test func aMessageIsEditedOnARealTerminalAndTheTerminalComesBackAsItWas() throws {
    let terminal = try PseudoTerminal()
    let before = terminal.settings
    let result = read(1, from: terminal)
    terminal.wait { $0.lines == [">"] }
    #expect(terminal.settings != before && terminal.screen.isPasteMarked)
    try terminal.type("héllo 漢字 👩\u{200D}💻")
    terminal.wait { $0.lines == ["> héllo 漢字 👩\u{200D}💻"] && $0.column == 15 }
    try terminal.type("\u{1B}[D\u{7F}\u{7F}X")
    terminal.wait { $0.lines == ["> héllo 漢X👩\u{200D}💻"] && $0.column == 11 }
    try terminal.type("\r")
    #expect(try result.value() == [.message("héllo 漢X👩\u{200D}💻")])
    terminal.wait { $0.row == 1 && $0.column == 0 && !$0.isPasteMarked }
    #expect(terminal.settings == before)
    #expect(terminal.screen.unknownSequences == [])
  }

  @Test func keysTypedAheadBelongToTheNextMessage() throws {
    let terminal = try PseudoTerminal()
    let result = read(3, from: terminal)
    try terminal.type("one\rtwo\rthr")
    terminal.wait { $0.lines == ["> one", "> two", "> thr"] }
    try terminal.type("ee\r")
    #expect(try result.value() == [.message("one"), .message("two"), .message("three")])
  }

  @Test func keysTypedBeforeEditingBeginsAreMessagesToo() throws {
    let terminal = try PseudoTerminal()
    try terminal.type("one\rtwo\rthr")
    // The terminal shows them by itself; it has made line feeds of the Enter keys.
    terminal.wait { $0.lines == ["one", "two", "thr"] }
    let device = terminal.device
    let result = Background {
      let capabilities = PseudoTerminal.capabilities(of: device)
      var editor = LineEditor(
        input: capabilities, outputs: [capabilities], historyFile: nil, configuration: .init())
      return try (0..<4).map { _ in try editor.read(Prompt("> ")) }
    }
    terminal.wait { $0.lines.last == "> thr" }
    // From now on a line feed is Ctrl-J.
    try terminal.type("ee\rfo\nur\r")
    #expect(try result.value() == [.message("one"), .message("two"), .message("three"), .message("fo\nur")])
  }

  @Test func pastedLinesWaitForEnter() throws {
    let terminal = try PseudoTerminal()
    let result = read(1, from: terminal)
    try terminal.type("\u{1B}[200~one\rtwo\r\u{1B}[201~")
    terminal.wait { $0.lines == ["> one", ". two", "."] }
    #expect(!result.isDone)
    try terminal.type("three\r")
    #expect(try result.value() == [.message("one\ntwo\nthree")])
  }

  @Test func aLongLineWrapsAndIsEditedAcrossRows() throws {
    let terminal = try PseudoTerminal(columns: 20)
    let result = read(1, from: terminal)
    try terminal.type("the quick brown fox jumps over")
    terminal.wait { $0.lines == ["> the quick brown fo", "x jumps over"] }
    try terminal.type("\u{1}\u{1B}[C\u{1B}[C\u{1B}[CX")
    terminal.wait { $0.lines == ["> theX quick brown f", "ox jumps over"] && $0.row == 0 && $0.column == 6 }
    try terminal.type("\u{B}\r")
    terminal.wait { $0.lines == ["> theX"] && $0.row == 1 }
    #expect(try result.value() == [.message("theX")])
  }

  @Test(arguments: [VirtualTerminal.ResizeBehaviour.reflow, .reflowPushingOut], [true, false])
  func aResizedWindowIsDrawnAnew(_ behaviour: VirtualTerminal.ResizeBehaviour, answers: Bool) throws {
    let terminal = try PseudoTerminal(columns: 30)
    terminal.answersQuestions = answers
    let result = read(1, from: terminal)
    try terminal.type("a line of thirty-four characters..")
    terminal.wait { $0.lines == ["> a line of thirty-four charac", "ters.."] }
    terminal.resize(columns: 15, rows: 12, behaviour: behaviour)
    if answers || behaviour == .reflow {
      terminal.wait {
        ($0.scrolledOutLines + $0.lines) == ["> a line of thi", "rty-four charac", "ters.."] && $0.column == 6
      }
    }
    try terminal.type("!")
    terminal.wait { $0.lines.last == "ters..!" && $0.column == 7 }
    terminal.resize(columns: 50, rows: 12, behaviour: behaviour)
    try terminal.type("!\r")
    terminal.wait { $0.lines.last == "> a line of thirty-four characters..!!" && $0.column == 0 }
    #expect(try result.value() == [.message("a line of thirty-four characters..!!")])
  }

  @Test func controlCClearsAndControlDEnds() throws {
    let terminal = try PseudoTerminal()
    let result = read(1, from: terminal)
    try terminal.type("abc\u{3}")
    terminal.wait { $0.lines == [">"] }
    try terminal.type("\u{3}")
    terminal.wait { $0.lines == [">", "Press Ctrl-D to leave."] && $0.row == 0 && $0.column == 2 }
    try terminal.type("\u{4}")
    #expect(try result.value() == [.endOfInput])
    terminal.wait { $0.lines == [">"] && $0.row == 1 }
  }

  @Test func controlLClearsTheScreenAndKeepsTheText() throws {
    let terminal = try PseudoTerminal()
    let result = read(2, from: terminal)
    try terminal.type("one\rtwo")
    terminal.wait { $0.lines == ["> one", "> two"] }
    try terminal.type("\u{C}")
    terminal.wait { $0.lines == ["> two"] && $0.row == 0 && $0.column == 5 }
    try terminal.type("\r")
    #expect(try result.value() == [.message("one"), .message("two")])
  }

  @Test func theEscapeKeyEndsASearchAfterAMoment() throws {
    let terminal = try PseudoTerminal()
    let result = read(2, from: terminal)
    try terminal.type("find me\r\u{12}me")
    terminal.wait { $0.lines == ["> find me", "(search ‘me’) find me"] }
    try terminal.type("\u{1B}")
    terminal.wait { $0.lines == ["> find me", "> find me"] }
    try terminal.type("\u{5}!\r")
    #expect(try result.value() == [.message("find me"), .message("find me!")])
  }

  @Test func completionsAreListedBelowTheTextUntilTheNextKey() throws {
    let terminal = try PseudoTerminal()
    let commands = CommandCompletion([("/help", .nothing), ("/save", .path), ("/set", .text)])
    let result = read(1, from: terminal, completer: { commands.complete($0) })
    try terminal.type("/\t")
    terminal.wait { $0.lines == ["> /", "/help  /save  /set"] && $0.row == 0 && $0.column == 3 }
    try terminal.type("h\t")
    terminal.wait { $0.lines == ["> /help"] && $0.column == 7 }
    try terminal.type("\r")
    #expect(try result.value() == [.message("/help")])
  }

  @Test func aClosedWindowIsTheEndOfInput() throws {
    let terminal = try PseudoTerminal()
    let result = read(1, from: terminal)
    try terminal.type("abc")
    terminal.wait { $0.lines == ["> abc"] }
    terminal.hangUp()
    #expect(throws: Never.self) { try result.value() }
  }

  @Test func theHistoryIsThereInTheNextRun() throws {
    let folder = NSTemporaryDirectory() + "moso-terminal-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = HistoryFile(path: folder + "/history")
    let first = try PseudoTerminal()
    let one = read(1, from: first, history: file)
    try first.type("remember\u{1B}\rthis\r")
    #expect(try one.value() == [.message("remember\nthis")])
    let second = try PseudoTerminal()
    let two = read(1, from: second, history: file)
    try second.type("\u{1B}[A")
    second.wait { $0.lines == ["> remember", ". this"] }
    try second.type("!\r")
    #expect(try two.value() == [.message("remember\nthis!")])
    #expect(try file.load().entries == ["remember\nthis", "remember\nthis!"])
  }

  @Test func aPipeIsReadLineByLineWithoutAnyOutput() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let bytes = Array("one\r\n\"\"\"two\nthree\"\"\"\nfour\\\nfive\n\u{1B}[A\nlast".utf8)
    #expect(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    defer { close(ends[0]) }
    let terminal = try PseudoTerminal()
    var editor = LineEditor(
      input: TerminalCapabilities(descriptor: ends[0]), outputs: [terminal.capabilities], historyFile: nil,
      configuration: .init())
    #expect(!editor.isInteractive)
    let expected = ["one", "two\nthree", "four\nfive", "\u{1B}[A", "last"]
    for text in expected { #expect(try editor.read(Prompt("> ")) == .message(text)) }
    #expect(try editor.read(Prompt("> ")) == .endOfInput)
    #expect(try editor.read(Prompt("> ")) == .endOfInput)
    terminal.wait { $0.lines == [] }
    #expect(terminal.output.isEmpty)
  }

  @Test func aPipedLineLongerThanTheLimitIsAnError() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let bytes = [UInt8](repeating: 0x61, count: 5000)
    #expect(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    defer { close(ends[0]) }
    var reader = PlainLineReader(descriptor: ends[0], byteLimit: 1000)
    #expect(throws: TerminalError.lineTooLong(limit: 1000)) { try reader.readLine() }
  }

  @Test func aDumbTerminalGetsThePromptAndNoEscapeSequences() throws {
    let terminal = try PseudoTerminal()
    let dumb = TerminalCapabilities(descriptor: terminal.device, isTerminal: true) { $0 == "TERM" ? "dumb" : nil }
    let result = Background {
      var editor = LineEditor(input: dumb, outputs: [dumb], historyFile: nil, configuration: .init())
      return try editor.read(Prompt("> ", style: .bold))
    }
    terminal.wait { $0.lines == [">"] && $0.column == 2 }
    try terminal.type("hi\n")
    #expect(try result.value() == .message("hi"))
    #expect(!terminal.output.contains(0x1B))
  }
}
