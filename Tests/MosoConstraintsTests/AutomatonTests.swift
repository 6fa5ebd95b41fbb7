import MosoFormats
import Testing

@testable import MosoConstraints

@Suite("Automata of characters") struct AutomatonTests {
  private func pattern(_ text: String) throws -> CharacterAutomaton {
    try PatternReader.read(text, path: "$").searched(budget: GrammarBudget(), path: "$")
  }

  @Test(
    "Patterns find what ECMA-262 says",
    arguments: [
      ("^$", [""], ["a"]), ("a", ["a", "bab"], ["", "b"]), ("^a|b$", ["ax", "xb", "a"], ["xa", "bx"]),
      ("^(?:a|b$)", ["ac", "b"], ["bc"]), ("^[^a-c]$", ["d", "é", "\n"], ["a", "b", "dd"]),
      ("^\\d\\D\\w\\W\\s\\S$", ["1a_-\u{A0}x", "0xZ!\u{FEFF}é"], ["aaa-  ", "1a_- \u{2028}"]),
      ("^a{2}b{1,}c{0,2}d?$", ["aab", "aabbbccd"], ["ab", "aa", "aabccc"]), ("^a{,2}$", ["a{,2}"], ["aa"]),
      ("^a+?b*?c??$", ["a", "aabbc"], ["b"]), ("^(a(b(c)?)?)+$", ["a", "ab", "abca"], ["", "b", "ac"]),
      ("^\\x41\\u0042\\u{1F600}\\ud83d\\ude00\\cJ$", ["AB😀😀\n"], ["AB"]), ("^[\\b\\-\\]x-]+$", ["\u{8}-]x"], ["\\"]),
      ("^.$", ["a", "😀", "\u{85}"], ["\n", "\u{2028}", "ab"]), ("^(?<year>\\d+)-$", ["12-"], ["-"]),
      ("^\\/\\.\\{\\}$", ["/.{}"], [""]), ("^[]$", [], ["", "a"]), ("^[^]$", ["a", "\n"], [""]),
      ("^(|a)b$", ["b", "ab"], ["a"]), ("^a$|^b", ["a", "bc"], ["ab"]), ("x^y", [], ["xy"]),
      ("^[\\w.]+$", ["a.b"], ["-"]),
      ("^[\\d-x]+$", ["1-x"], ["a"]), ("^\\0$", ["\u{0}"], ["0"]), ("}]", ["}]"], ["}"]),
    ] as [(String, [String], [String])])
  func patterns(source: String, found: [String], missed: [String]) throws {
    let automaton = try pattern(source)
    for text in found { #expect(automaton.accepts(text), "\(source) should be found in \(text.debugDescription)") }
    for text in missed {
      #expect(!automaton.accepts(text), "\(source) should not be found in \(text.debugDescription)")
    }
    for text in found { #expect(!automaton.inverted.accepts(text)) }
    for text in missed { #expect(automaton.inverted.accepts(text)) }
  }

  @Test(
    "Formats are those of the standards",
    arguments: [
      (
        "date", ["2024-02-29", "2000-02-29", "1999-12-31"],
        ["2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "24-1-1"]
      ),
      ("time", ["23:59:59Z", "00:00:00.123456789-23:59"], ["24:00:00Z", "12:60:00Z", "12:00:00", "12:00Z"]),
      ("date-time", ["2024-02-29T12:00:00Z"], ["2024-02-30T12:00:00Z", "2024-02-29 12:00:00Z"]),
      ("duration", ["P1Y", "P1Y2M3DT4H5M6S", "PT5S", "P3W", "P2MT1M"], ["P", "PT", "P1Y2D", "P1W2D", "1D", "PT1H2S"]),
      ("email", ["a.b@c.de", "x+y@z.org"], ["a", "@b.c", "a@b", ".a@b.c", "a b@c.d", "a@-b.c"]),
      ("hostname", ["a", "a-1.b", "A.B.C"], ["", "-a", "a-", "a..b", "a_b"]),
      ("ipv4", ["0.0.0.0", "255.249.99.1"], ["256.1.1.1", "01.1.1.1", "1.1.1"]),
      (
        "ipv6", ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1::2:3"],
        ["1", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9"]
      ),
      (
        "uuid", ["123e4567-E89B-12d3-a456-426614174000"],
        ["123e4567e89b12d3a456426614174000", "g23e4567-e89b-12d3-a456-426614174000"]
      ),
      (
        "uri", ["http://a.b/c?d=e#f", "mailto:a@b", "urn:x:y", "a:/"], ["//a", "a b:c", "http://a b", "1a:b", "x:%zz"]
      ),
      ("uri-reference", ["", "a/b", "/x", "../y", "?q", "#f", "http://x"], ["a b", "%"]),
      ("json-pointer", ["", "/a/0", "/~0~1"], ["a", "/~2"]),
      ("relative-json-pointer", ["0", "1/a", "2#"], ["", "01", "-1"]),
    ] as [(String, [String], [String])])
  func formats(name: String, valid: [String], invalid: [String]) throws {
    let source = try #require(StringFormat.pattern(of: name))
    let automaton = try PatternReader.read(source, path: "$").matchedWhole(budget: GrammarBudget(), path: "$")
    for text in valid { #expect(automaton.accepts(text), "\(text) is a \(name)") }
    for text in invalid { #expect(!automaton.accepts(text), "\(text) is no \(name)") }
  }

  @Test("Unknown formats are annotations") func unknownFormats() { #expect(StringFormat.pattern(of: "int64") == nil) }

  private func range(_ low: String?, _ high: String?, includesLow: Bool, includesHigh: Bool) -> DecimalRange {
    func bound(_ text: String?, _ isIncluded: Bool) -> DecimalBound? {
      text.flatMap { DecimalText(text: $0) }.map { DecimalBound(value: $0, isIncluded: isIncluded) }
    }
    return DecimalRange(lower: bound(low, includesLow), upper: bound(high, includesHigh))
  }

  @Test("Ranges of whole numbers are exact") func integers() throws {
    let numbers = NumberAutomaton(budget: GrammarBudget(), path: "$")
    for (low, high) in [(-12, 13), (0, 0), (7, 120), (-99, -9), (-1, 1), (95, 1_005), (-1_100, -990)] {
      for (includesLow, includesHigh) in [(true, true), (false, true), (true, false)] {
        let range = range("\(low)", "\(high)", includesLow: includesLow, includesHigh: includesHigh)
        let automaton = try numbers.integers(range, multipleOf: 1)
        let thirds = try numbers.integers(range, multipleOf: 3)
        for number in -1_300...1_300 {
          let isInside = (includesLow ? number >= low : number > low) && (includesHigh ? number <= high : number < high)
          #expect(automaton.accepts("\(number)") == isInside, "\(number) in \(low)...\(high)")
          #expect(thirds.accepts("\(number)") == (isInside && number % 3 == 0), "\(number) in \(low)...\(high)")
        }
        for text in ["", "-", "-0", "00", "01", "+1", "1.0", " 1", "--1"] { #expect(!automaton.accepts(text)) }
      }
    }
  }

  @Test("Ranges of decimal numbers are exact") func decimals() throws {
    let numbers = NumberAutomaton(budget: GrammarBudget(), path: "$")
    // Bounds in thousandths, so that what is expected is computed with whole numbers.
    for (low, high) in [(-1_250, 2_005), (1, 999), (0, 10_500), (-3_100, -95), (995, 1_000), (-5, 0)] {
      for (includesLow, includesHigh) in [(true, true), (false, false)] {
        let automaton = try numbers.numbers(
          range(Self.thousandths(low), Self.thousandths(high), includesLow: includesLow, includesHigh: includesHigh))
        for number in stride(from: -4_000, through: 11_000, by: 1) where number % 5 == 0 || abs(number) < 120 {
          let isInside = (includesLow ? number >= low : number > low) && (includesHigh ? number <= high : number < high)
          let text = Self.thousandths(number)
          #expect(automaton.accepts(text) == isInside, "\(text) in \(low)...\(high) thousandths")
          if number % 1_000 == 0 { #expect(automaton.accepts("\(number / 1_000)") == isInside) }
        }
      }
    }
  }

  private static func thousandths(_ number: Int) -> String {
    let digits = String(abs(number) % 1_000)
    let fraction = String(repeating: "0", count: 3 - digits.count) + digits
    return "\(number < 0 ? "-" : "")\(abs(number) / 1_000).\(fraction)"
  }

  @Test("Decimals are compared without rounding") func comparing() throws {
    let ordered = ["-1e3", "-12.5", "-0.01", "0", "1e-7", "0.1", "0.10000000000000001", "9.99", "10", "1.5e2", "1e20"]
    let numbers = try ordered.map { try #require(DecimalText(text: $0)) }
    for (index, one) in numbers.enumerated() {
      for (place, other) in numbers.enumerated() { #expect((one < other) == (index < place)) }
    }
    #expect(DecimalText(text: "-0.0") == DecimalText(text: "0e5"))
    #expect(DecimalText(text: "1e999999999999") == nil)
    #expect(DecimalText(text: "x") == nil)
  }

  @Test("Characters are cut into bytes exactly") func bytes() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<60 {
      let ends = [
        UInt32.random(in: 0...0x10FFFF, using: &random) >> UInt32.random(in: 0...14, using: &random),
        UInt32.random(in: 0...0x10FFFF, using: &random) >> UInt32.random(in: 0...14, using: &random),
      ].sorted()
      let sequences = UTF8Ranges.sequences(of: ends[0]...ends[1])
      for _ in 0..<40 {
        let value = UInt32.random(in: 0...0x10FFFF, using: &random) >> UInt32.random(in: 0...14, using: &random)
        for value in [value, ends[0], ends[1], ends[0] &- 1, ends[1] + 1] {
          guard let scalar = Unicode.Scalar(value) else { continue }
          let bytes = Array(String(Character(scalar)).utf8)
          let matches = sequences.count { $0.count == bytes.count && zip($0, bytes).allSatisfy { $0.contains($1) } }
          #expect(matches == ((ends[0]...ends[1]).contains(value) ? 1 : 0), "\(value) in \(ends)")
        }
      }
    }
  }
}
