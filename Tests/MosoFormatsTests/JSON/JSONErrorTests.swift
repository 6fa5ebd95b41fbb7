import Testing

@testable import MosoFormats

@Suite("JSONError") struct JSONErrorTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let offset: Int
    let expected: String
    var testDescription: String { text }

    init(_ text: String, _ offset: Int, _ expected: String) {
      self.text = text
      self.offset = offset
      self.expected = expected
    }
  }

  @Test(
    "Each mistake is found at its byte",
    arguments: [
      Mistake("", 0, "a value"),
      Mistake("  ", 2, "a value"),
      Mistake("[1,]", 3, "a value"),
      Mistake("[1 2]", 3, "',' or ']'"),
      Mistake("[,1]", 1, "a value"),
      Mistake("[1}", 2, "',' or ']'"),
      Mistake(#"{"a" 1}"#, 5, "':' after a key"),
      Mistake(#"{"a":1,}"#, 7, "a key in quotes"),
      Mistake("{a:1}", 1, "a key in quotes or '}'"),
      Mistake("{1:1}", 1, "a key in quotes or '}'"),
      Mistake(#"{"a":1]"#, 6, "',' or '}'"),
      Mistake("[1] x", 4, "the end of the text"),
      Mistake("tru", 0, "true or false"),
      Mistake("nul", 0, "null"),
      Mistake("nully", 4, "the end of the text"),
      Mistake("01", 1, "no digit after a leading 0"),
      Mistake("-", 1, "a digit after the minus sign"),
      Mistake("+1", 0, "a value"),
      Mistake(".5", 0, "a value"),
      Mistake("1.", 2, "a digit after the decimal point"),
      Mistake("1.e5", 2, "a digit after the decimal point"),
      Mistake("1e", 2, "a digit in the exponent"),
      Mistake("1e+", 3, "a digit in the exponent"),
      Mistake("0x10", 1, "the end of the text"),
      Mistake("1e999", 0, "a number below 1.8e308 in size"),
      Mistake("\"abc", 4, "the quote that ends a string"),
      Mistake("\"abc\\", 5, "the quote that ends a string"),
      Mistake("\"abc\\\"", 6, "the quote that ends a string"),
      Mistake(#""\x""#, 2, #"one of " \ / b f n r t u after a backslash"#),
      Mistake(#""\u12g4""#, 5, #"four hexadecimal digits after \u"#),
      Mistake(#""\u123""#, 6, #"four hexadecimal digits after \u"#),
      Mistake("\"a\nb\"", 2, "an escape such as \\n instead of a control character in a string"),
      Mistake("'a'", 0, "a value"),
      Mistake("/* no */ 1", 0, "a value"),
      Mistake("\u{0}", 0, "a value"),
      Mistake("1\u{0}", 1, "the end of the text"),
      Mistake("[1,\u{A0}2]", 3, "a value"),
    ])
  func mistakes(mistake: Mistake) throws {
    let error = try #require(throws: JSONError.self) { try JSONValue(parsing: mistake.text) }
    #expect(error.offset == mistake.offset)
    #expect(error.expected == mistake.expected)
    #expect(error.description.contains("(byte \(mistake.offset))"))
    // Skipping a value checks it as strictly as reading it.
    let skipped = try #require(throws: JSONError.self) {
      try JSONReader.read(Array(mistake.text.utf8)) { reader in
        try reader.skipValue()
        try reader.expectEnd()
      }
    }
    #expect(skipped == error)
  }

  @Test("The line and the column count characters, not bytes")
  func lineAndColumn() throws {
    let error = try #require(throws: JSONError.self) { try JSONValue(parsing: "{\n  \"é\": 1,\n  \"é\"; 2}") }
    #expect(error.line == 3)
    #expect(error.column == 6)
    #expect(error.offset == 19)
    #expect(error.description == "line 3, column 6 (byte 19): found ';', expected ':' after a key")
  }

  @Test(
    "Text that is not UTF-8 is refused at its byte",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xFF],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1], [0xF5, 0x80],
    ] as [[UInt8]])
  func invalidEncoding(bytes: [UInt8]) throws {
    for padding in 0..<10 {
      let text = Array("[\"\(String(repeating: "x", count: padding))é".utf8) + bytes + Array("  \"]".utf8)
      let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
      #expect(error.offset == padding + 4)
      #expect(error.expected == "text encoded as UTF-8")
    }
  }

  @Test("Nesting is bounded for reading and for skipping")
  func nesting() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
    }
    _ = try JSONValue(parsing: nested(128))
    let error = try #require(throws: JSONError.self) { try JSONValue(parsing: nested(129)) }
    #expect(error.offset == 128)
    #expect(error.expected == "at most 128 levels")
    _ = try JSONValue(parsing: nested(512), options: JSONReadingOptions(maximumDepth: 512))
    #expect(throws: JSONError.self) { try JSONValue(parsing: nested(1_000_000)) }
    #expect(throws: JSONError.self) {
      try JSONReader.read(nested(1_000_000)) { reader in try reader.skipValue() }
    }
  }

  @Test("A number of absurd length is refused instead of converted")
  func longNumber() throws {
    let error = try #require(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: "9", count: 2_000_000))
    }
    #expect(error.found == "a number of 2000000 characters")
    _ = try JSONValue(parsing: "0." + String(repeating: "3", count: 1_000))
  }

  @Test("A text cut anywhere gives an error and never a value")
  func cutAnywhere() throws {
    let text = Array(
      #"{"a":[1,-2.5e3,true,null,"xé\n\ud83d\ude00"],"b":{"c":false},"long key for eight bytes":[[]]}"#.utf8)
    _ = try JSONValue(parsing: text)
    for length in 0..<text.count {
      #expect(throws: JSONError.self, "cut at \(length)") { try JSONValue(parsing: Array(text[..<length])) }
    }
  }
}

extension JSONErrorTests {
  @Test("The encodings that are accepted are those that Swift accepts")
  func encodings() {
    // Every lead byte with second bytes around each limit, and third and fourth bytes right and wrong.
    let seconds: [UInt8] = [0x00, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
    let tails: [[UInt8]] = [[], [0x80], [0xBF], [0x41], [0x80, 0x80], [0xBF, 0xC0], [0x80, 0x80, 0x80]]
    for lead in UInt8(0x20)...0xFF where lead != UInt8(ascii: "\\") {
      for second in seconds where second >= 0x20 && second != UInt8(ascii: "\"") {
        for tail in tails where lead != UInt8(ascii: "\"") {
          let content = [lead, second] + tail
          let expected = String(validating: content, as: UTF8.self)
          let quote = [UInt8(ascii: "\"")]
          #expect((try? JSONValue(parsing: quote + content + quote))?.stringValue == expected, "\(content)")
        }
      }
    }
  }
}
