import Testing

@testable import MosoReports

@Suite("Text from anywhere")
struct VisibleTextTests {
  @Test(
    "what is not seen or misleads is shown as its code",
    arguments: [
      ("plain ✓ 漢字 é", "plain ✓ 漢字 é"), ("\u{1B}[31m", "‹U+001B›[31m"), ("a\u{0}b", "a‹U+0000›b"),
      ("\u{7F}\u{9B}", "‹U+007F›‹U+009B›"),
      ("\u{202E}x\u{2066}", "‹U+202E›x‹U+2066›"), ("\u{2028}", "‹U+2028›"),
      ("a\r\nb\rc\n\r", "a\nb‹U+000D›c\n‹U+000D›"), ("👩‍👩‍👧\t", "👩‍👩‍👧\t"), ("", ""),
    ])
  func lines(_ text: String, _ expected: String) {
    #expect(VisibleText.lines(text) == expected)
  }

  @Test("characters that no document may hold are shown as their codes")
  func forbidden() {
    let text = String(String.UnicodeScalarView([0xFFFE, 0xFDD0, 0x1FFFF].compactMap { Unicode.Scalar($0 as UInt32) }))
    #expect(VisibleText.lines(text) == "‹U+FFFE›‹U+FDD0›‹U+1FFFF›")
  }

  @Test("a line has no newline and no tab, and ASCII nothing else")
  func line() {
    #expect(VisibleText.line("a\nb\r\nc\td") == "a b c d")
    #expect(VisibleText.asciiLine("10⁶ é\u{1B}") == "10? ??U+001B?")
  }

  @Test("nothing becomes markup, whatever follows it")
  func markup() {
    #expect(Markup.escaped("<a href=\"&\">") == "&lt;a href=&quot;&amp;&quot;&gt;")
    // To a String, each of these is one character that is neither < nor &.
    #expect(Markup.escaped("<\u{338}script>&\u{301}") == "&lt;\u{338}script&gt;&amp;\u{301}")
    var markup = Markup()
    markup.element("p", ["title": "\"<\n>"], "</p>\u{0}")
    #expect(markup.text == "<p title=\"&quot;&lt; &gt;\">&lt;/p&gt;‹U+0000›</p>")
  }

  @Test(
    "coordinates have one decimal at most",
    arguments: [
      (1.0, "1"), (-0.04, "0"), (-0.06, "-0.1"), (2.25, "2.3"),
      (1e300, "1000000"), (-.infinity, "0"), (.nan, "0"), (99.95, "100"),
    ])
  func coordinates(_ value: Double, _ text: String) {
    #expect(Markup.coordinate(value) == text)
  }

  @Test("text is cut and wrapped to what fits")
  func width() {
    #expect(TextWidth.columns("漢字ab") == 6 && TextWidth.columns("e\u{301}") == 1 && TextWidth.columns("🐉") == 2)
    #expect(TextWidth.truncated("training", toColumns: 5, isUTF8: true) == "trai…")
    #expect(TextWidth.truncated("漢字漢字", toColumns: 6, isUTF8: false) == "漢字~")
    #expect(
      TextWidth.truncated("ab", toColumns: 2, isUTF8: true) == "ab"
        && TextWidth.truncated("ab", toColumns: 0, isUTF8: true) == "")
    let lines = TextWidth.wrapped("one two three four five six", ems: 6, limit: 2)
    #expect(lines.count == 2 && lines[0] == "one two" && lines[1].hasSuffix("…"))
    #expect(lines.allSatisfy { TextWidth.ems($0) <= 6 } && TextWidth.wrapped("", ems: 5, limit: 2) == [])
  }
}
