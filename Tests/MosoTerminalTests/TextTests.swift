import Testing

@testable import MosoTerminal

@Suite struct TerminalCapabilitiesTests {
  private func capabilities(_ environment: [String: String], isTerminal: Bool = true) -> TerminalCapabilities {
    TerminalCapabilities(descriptor: -1, isTerminal: isTerminal) { environment[$0] }
  }

  @Test func colourFollowsTheTerminalAndTheUsersWishes() {
    #expect(capabilities(["TERM": "xterm"]).allowsColour)
    #expect(!capabilities(["TERM": "xterm"], isTerminal: false).allowsColour)
    #expect(!capabilities(["TERM": "dumb"]).allowsColour && !capabilities(["TERM": "dumb"]).movesCursor)
    #expect(!capabilities([:]).allowsColour)
    #expect(!capabilities(["TERM": "xterm", "NO_COLOR": "1"]).allowsColour)
    #expect(capabilities(["TERM": "xterm", "NO_COLOR": ""]).allowsColour)
    #expect(capabilities(["CLICOLOR_FORCE": "1"], isTerminal: false).allowsColour)
    #expect(!capabilities(["CLICOLOR_FORCE": "0"], isTerminal: false).allowsColour)
    #expect(!capabilities(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]).allowsColour)
    #expect(!capabilities(["CLICOLOR_FORCE": "1"], isTerminal: false).movesCursor)
  }

  @Test func theEncodingIsTheLocales() {
    #expect(capabilities(["LANG": "de_DE.UTF-8"]).isUTF8)
    #expect(capabilities(["LANG": "C.utf8"]).isUTF8)
    #expect(capabilities([:]).isUTF8 && capabilities(["LC_ALL": "C", "LANG": "x.latin1"]).isUTF8)
    #expect(!capabilities(["LANG": "de_DE.ISO-8859-15@euro"]).isUTF8)
    #expect(!capabilities(["LC_ALL": "ja_JP.eucJP", "LANG": "ja_JP.UTF-8"]).isUTF8)
    #expect(capabilities(["LC_ALL": "", "LC_CTYPE": "en_GB.UTF-8", "LANG": "en_GB.ISO8859-1"]).isUTF8)
  }

  @Test func withoutAWindowTheSizeIsTheEnvironmentsOrTheUsualOne() {
    #expect(capabilities([:], isTerminal: false).size == TerminalSize(columns: 80, rows: 24))
    let set = capabilities(["COLUMNS": "132", "LINES": "43"], isTerminal: false)
    #expect(set.size == TerminalSize(columns: 132, rows: 43))
    #expect(
      capabilities(["COLUMNS": "-3", "LINES": "many"], isTerminal: false).size == TerminalSize(columns: 80, rows: 24))
  }

  @Test func theSizeIsAskedForAnew() throws {
    let terminal = try PseudoTerminal(columns: 33, rows: 7)
    let capabilities = terminal.capabilities
    #expect(TerminalCapabilities(descriptor: terminal.device).isTerminal)
    #expect(capabilities.size == TerminalSize(columns: 33, rows: 7))
    terminal.resize(columns: 50, rows: 9, tellingThisProcess: false)
    #expect(capabilities.size == TerminalSize(columns: 50, rows: 9))
  }
}

@Suite struct StyleTests {
  @Test func aStyleIsWrittenOnlyWhereItIsAllowed() {
    #expect(Style.bold.applied(to: "x", when: true) == "\u{1B}[1mx\u{1B}[0m")
    #expect(Style([.bold, .red]).applied(to: "x", when: true) == "\u{1B}[1;31mx\u{1B}[0m")
    #expect(Style.bold.applied(to: "x", when: false) == "x")
    #expect(Style([]).applied(to: "x", when: true) == "x")
    #expect(Style.bold.applied(to: "", when: true) == "")
  }
}

@Suite struct QuantityFormatTests {
  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (98_000_000, "98.0 MB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
    (1_234_567_890, "1.2 GB"), (Int.max, "9.2 EB"), (-5, "-5 B"),
  ])
  func bytesAreDecimal(_ count: Int, _ text: String) {
    #expect(QuantityFormat.bytes(count) == text)
  }

  @Test(arguments: [
    (0.0, "0 ms"), (0.0004, "0 ms"), (0.85, "850 ms"), (0.9994, "999 ms"), (0.9996, "1.0 s"), (4.25, "4.3 s"),
    (9.96, "10 s"),
    (59.4, "59 s"), (59.6, "1 min 00 s"), (80, "1 min 20 s"), (3599.4, "59 min 59 s"), (3600, "1 h 00 min"),
    (7500, "2 h 05 min"), (172_800, "2 days"), (.infinity, "?"), (.nan, "?"), (-1, "0 ms"), (1e300, "?"),
  ])
  func durationsHaveTheUnitsPeopleUse(_ seconds: Double, _ text: String) {
    #expect(QuantityFormat.duration(seconds: seconds) == text)
  }

  @Test func ratesHaveThreeDigits() {
    #expect(QuantityFormat.threeDigits(130.4) == "130")
    #expect(QuantityFormat.threeDigits(12.34) == "12.3")
    #expect(QuantityFormat.threeDigits(4.2) == "4.20")
    #expect(QuantityFormat.threeDigits(99.96) == "100")
    #expect(QuantityFormat.byteRate(12_345_678) == "12.3 MB/s")
    #expect(QuantityFormat.byteRate(.nan) == "? B/s")
  }

  @Test func numbersAreFixedAndGrouped() {
    #expect(QuantityFormat.fixed(-0.04, digits: 1) == "0.0")
    #expect(QuantityFormat.fixed(-1.25, digits: 2) == "-1.25")
    #expect(QuantityFormat.fixed(0.05, digits: 2) == "0.05")
    #expect(QuantityFormat.fixed(1e30, digits: 2) == "1e+30")
    #expect(QuantityFormat.fixed(2.5, digits: 0) == "3")
    #expect(QuantityFormat.count(150_000) == "150,000" && QuantityFormat.count(-1234) == "-1,234")
    #expect(QuantityFormat.count(999) == "999" && QuantityFormat.count(Int.min) == "-9,223,372,036,854,775,808")
  }
}

@Suite struct TableTests {
  private var table: Table {
    var table = Table([
      Table.Column("name", isFlexible: true), Table.Column("size", .trailing), Table.Column("note", isFlexible: true),
    ])
    table.add(["smollm2", "98.0 MB", "the default"])
    table.add(["漢字のモデル", "1.2 GB", ""])
    return table
  }

  @Test func columnsAreAlignedByWhatIsSeen() {
    #expect(
      table.rendered(width: nil, isStyled: false) == """
        name             size  note
        smollm2       98.0 MB  the default
        漢字のモデル   1.2 GB

        """)
  }

  @Test func aTableIsCutToFitATerminalAndNotInAPipe() {
    var table = self.table
    table.add([String(repeating: "long", count: 20), "5 B", String(repeating: "note ", count: 20)])
    for width in [40, 60, 100] {
      let lines = table.rendered(width: width, isStyled: false).split(separator: "\n")
      #expect(lines.allSatisfy { $0.displayWidth <= width })
      #expect(lines.last?.contains("…") == true)
    }
    #expect(!table.rendered(width: nil, isStyled: false).contains("…"))
    #expect(table.rendered(width: 3, isStyled: false).split(separator: "\n").count == 4, "a hopeless width ends too")
  }

  @Test func titlesAreBoldOnlyWhereStyleIsAllowed() {
    #expect(table.rendered(width: 80, isStyled: true).hasPrefix("\u{1B}[1mname\u{1B}[0m"))
    #expect(!table.rendered(width: 80, isStyled: false).contains("\u{1B}"))
  }

  @Test func aHostileCellIsOneHarmlessLine() {
    var table = Table([Table.Column(""), Table.Column("")])
    table.add(["a\nb\u{1B}[2J\t", "c\r\u{9B}"])
    #expect(table.rendered(width: nil, isStyled: false) == "a b␛[2J   c␍\u{FFFD}\n")
    #expect(table.rendered(width: nil, isStyled: false, isUTF8: false) == "a b?[2J   c??\n")
  }

  @Test func shortItemsShareRows() {
    #expect(TextColumns.rows(["a", "bb", "c", "漢"], width: 6) == ["a   c", "bb  漢"])
    #expect(TextColumns.rows(["a", "b"], width: 0) == ["a", "b"])
    #expect(TextColumns.rows([], width: 10) == [])
  }
}
