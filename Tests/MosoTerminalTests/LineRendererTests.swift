import Testing

@testable import MosoTerminal

@Suite struct LineRendererTests {
  private let prompt = Prompt("> ", continuation: ". ")

  /// What a terminal must show for a view: the layout's rows, and the cursor where the layout has the caret.
  private func check(
    _ terminal: VirtualTerminal, _ view: LineRenderer.View, top: Int = 0, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let layout = LineLayout(
      prompt: view.prompt, characters: view.characters, caret: view.caret, notice: view.notice,
      columns: terminal.columns)
    var expected = layout.shownLines
    if expected.count <= terminal.rows {
      while expected.last == "" { expected.removeLast() }
      #expect(Array(terminal.lines.dropFirst(top)) == expected, comment, sourceLocation: sourceLocation)
      #expect(terminal.row == top + layout.caretRow, comment, sourceLocation: sourceLocation)
    } else {
      let caretText = expected[layout.caretRow]
      #expect(
        terminal.lines.count > terminal.row ? terminal.lines[terminal.row] == caretText : caretText.isEmpty, comment)
    }
    #expect(terminal.column == layout.caretColumn, comment, sourceLocation: sourceLocation)
    #expect(terminal.unknownSequences == [], sourceLocation: sourceLocation)
  }

  private func view(_ text: String, caret: Int? = nil, notice: [String] = []) -> LineRenderer.View {
    let characters = Array(text)
    return LineRenderer.View(prompt: prompt, characters: characters, caret: caret ?? characters.count, notice: notice)
  }

  @Test(arguments: [
    "", "short", "exactly ", "exactly 10", "one\ntwo", "漢字漢字漢字", "a漢字漢字漢字", "wraps over several rows\nand goes on",
    "\n\n", "exactly \nexactly ", "tab\tstop", "e\u{301}👩\u{200D}💻🇫🇷x", "12345678漢", "1234567漢字",
  ])
  func aTextIsLaidOutAsTheTerminalShowsIt(_ text: String) {
    for columns in [2, 3, 10, 11, 40] {
      for caret in 0...text.count {
        var renderer = LineRenderer(isStyled: true)
        var terminal = VirtualTerminal(columns: columns, rows: 60)
        let view = view(text, caret: caret)
        terminal.feed(renderer.render(view, size: TerminalSize(columns: columns, rows: 60)))
        check(terminal, view, "\(columns) columns, caret \(caret)")
      }
    }
  }

  @Test(arguments: [1, 2, 3])
  func everyStepOfARandomSessionShowsWhatAFreshDrawingWouldShow(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pieces = ["a", "word ", "漢", "e\u{301}", "👩\u{200D}💻", "🇫🇷", "\n", "longer text that wraps", "\t", "\u{301}"]
    for columns in [7, 10, 20] {
      let size = TerminalSize(columns: columns, rows: 100)
      var state = LineEditorState()
      var renderer = LineRenderer(isStyled: false)
      var terminal = VirtualTerminal(columns: columns, rows: 100)
      terminal.feed("earlier output\r\n")
      let top = terminal.row
      for step in 0..<600 {
        let key: KeyEvent =
          switch Int.random(in: 0..<10, using: &generator) {
          case 0...3: .paste(pieces.randomElement(using: &generator)!)
          case 4: .left
          case 5: .backspace
          case 6: .control("a")
          case 7: .right
          case 8: .end
          default: state.text.count > 60 ? .control("u") : .up
          }
        _ = state.handle(key)
        let notice = step % 17 == 0 ? ["a notice", "that is too long for its row"] : []
        let view = LineRenderer.View(
          prompt: prompt, characters: state.buffer.characters, caret: state.caret, notice: notice)
        terminal.feed(renderer.render(view, size: size))
        check(terminal, view, top: top, "seed \(seed), \(columns) columns, step \(step), \(key)")
      }
      terminal.feed(renderer.finish(size: size) + "next")
      #expect(terminal.lines.last == "next")
    }
  }

  @Test func typingAtTheEndWritesOnlyWhatWasTyped() {
    var renderer = LineRenderer(isStyled: true)
    let size = TerminalSize(columns: 20, rows: 5)
    _ = renderer.render(view("hell"), size: size)
    #expect(renderer.render(view("hello"), size: size) == "o \r\u{1B}[7C")
    #expect(renderer.render(view("hello"), size: size) == "\r\u{1B}[7C")
  }

  @Test func aTextTallerThanTheWindowIsShownAroundTheCaretAndInFullAtTheEnd() {
    let text = (1...20).map { "line \($0)" }.joined(separator: "\n")
    let size = TerminalSize(columns: 20, rows: 6)
    var renderer = LineRenderer(isStyled: false)
    var terminal = VirtualTerminal(columns: 20, rows: 6)
    terminal.feed("before\r\n")
    terminal.feed(renderer.render(view(text), size: size))
    #expect(terminal.lines == (15...20).map { ". line \($0)" })
    for caret in stride(from: text.count, through: 0, by: -1) {
      let view = view(text, caret: caret)
      terminal.feed(renderer.render(view, size: size))
      check(terminal, view, "caret \(caret)")
    }
    #expect(terminal.lines == ["> line 1"] + (2...6).map { ". line \($0)" })
    terminal.feed(renderer.finish(size: size) + "next")
    let all = terminal.scrolledOutLines + terminal.lines
    #expect(Array(all.suffix(21)) == ["> line 1"] + (2...20).map { ". line \($0)" } + ["next"])
  }

  @Test(arguments: VirtualTerminal.ResizeBehaviour.allCases)
  func anotherSizeKeepsTheTextAndWhatStandsAboveIt(_ behaviour: VirtualTerminal.ResizeBehaviour) {
    var generator = SeededGenerator(seed: 11)
    let texts = ["short", "a text that wraps over a few rows of the window", "漢字漢字漢字漢字漢字x\nsecond line", ""]
    for text in texts {
      for caret in [0, text.count / 2, text.count] {
        var renderer = LineRenderer(isStyled: false)
        var terminal = VirtualTerminal(columns: 30, rows: 16)
        terminal.feed("above\r\n")
        let view = view(text, caret: caret)
        terminal.feed(renderer.render(view, size: TerminalSize(columns: 30, rows: 16)))
        for step in 0..<20 {
          let size = TerminalSize(
            columns: Int.random(in: 8...50, using: &generator), rows: Int.random(in: 14...18, using: &generator))
          terminal.resize(columns: size.columns, rows: size.rows, behaviour: behaviour)
          let cursor = CursorPosition(row: terminal.row, column: terminal.column)
          let isHopeless = terminal.hasLostCursor
          terminal.feed(renderer.resize(to: size, cursor: cursor))
          terminal.feed(renderer.render(view, size: size))
          if isHopeless { break }
          // However rows have moved in and out of the window, together they are what was there before.
          let all = (terminal.scrolledOutLines + terminal.lines).drop { $0.isEmpty }
          let layout = LineLayout(
            prompt: prompt, characters: view.characters, caret: caret, columns: size.columns)
          var expected = ["above"] + layout.shownLines
          while expected.last == "" { expected.removeLast() }
          #expect(Array(all) == expected, "\(text), caret \(caret), step \(step), \(size)")
          #expect(terminal.unknownSequences == [])
        }
      }
    }
  }

  @Test func withoutAnAnswerTheTextIsStillThereAfterAResize() {
    for columns in [8, 20, 50] {
      var renderer = LineRenderer(isStyled: false)
      var terminal = VirtualTerminal(columns: 30, rows: 40)
      terminal.feed("above\r\n")
      let view = view("a text that wraps over a few rows of the window", caret: 20)
      terminal.feed(renderer.render(view, size: TerminalSize(columns: 30, rows: 40)))
      terminal.resize(columns: columns, rows: 40)
      terminal.feed(renderer.render(view, size: TerminalSize(columns: columns, rows: 40)))
      #expect(terminal.lines.first == "above")
      check(terminal, view, top: 1)
    }
  }

  @Test func aTallTextSurvivesEverySize() {
    let text = (1...30).map { "line number \($0)" }.joined(separator: "\n")
    for behaviour in VirtualTerminal.ResizeBehaviour.allCases {
      var renderer = LineRenderer(isStyled: false)
      var terminal = VirtualTerminal(columns: 40, rows: 10)
      let view = view(text, caret: text.count / 2)
      terminal.feed(renderer.render(view, size: TerminalSize(columns: 40, rows: 10)))
      for size in [TerminalSize(columns: 12, rows: 10), .init(columns: 12, rows: 5), .init(columns: 60, rows: 12)] {
        terminal.resize(columns: size.columns, rows: size.rows, behaviour: behaviour)
        let cursor = CursorPosition(row: terminal.row, column: terminal.column)
        terminal.feed(renderer.resize(to: size, cursor: cursor))
        terminal.feed(renderer.render(view, size: size))
        check(terminal, view, "\(behaviour) \(size)")
      }
    }
  }

  @Test func aClusterOfSeveralLettersIsNotLeftToTheTerminalToWrap() {
    var renderer = LineRenderer(isStyled: false)
    let output = renderer.render(view("1234567क्ष"), size: TerminalSize(columns: 10, rows: 5))
    #expect(output.hasPrefix("> 1234567\u{1B}[K\r\nक्ष"))
  }

  @Test func controlCharactersInTheTextAreDrawnAndNotObeyed() {
    var renderer = LineRenderer(isStyled: false)
    let output = renderer.render(view("a\u{1B}[2Jb\u{9B}c"), size: TerminalSize(columns: 40, rows: 5))
    #expect(output.contains("a␛[2Jb\u{FFFD}c"))
  }
}

extension LineLayout {
  /// The rows as a terminal shows them, without spaces at their ends.
  fileprivate var shownLines: [String] {
    rows.indices.map { index in
      let text = text(of: index)
      var line = text.prompt + text.rest
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
