import Testing

@testable import MosoFormats

@Suite("JSONReader") struct JSONReaderTests {
  @Test("A vocabulary is read into one array of bytes")
  func vocabulary() throws {
    let json = Array(
      #"{"model": {"skip": [1, {"a": "\n"}], "vocab": {"a": 0, "\u0120b": 1, "é": 2}, "more": null}}"#.utf8)
    var text: [UInt8] = []
    var words: [(Range<Int>, Int)] = []
    try JSONReader.read(json) { reader in
      try reader.beginObject()
      while let key = try reader.nextKey() {
        #expect(key == "model")
        try reader.beginObject()
        while let key = try reader.nextKey() {
          guard key == "vocab" else {
            try reader.skipValue()
            continue
          }
          try reader.beginObject()
          while let range = try reader.nextKey(appendingTo: &text) { words.append((range, try reader.integer())) }
        }
      }
      try reader.expectEnd()
    }
    #expect(words.map { String(decoding: text[$0.0], as: UTF8.self) } == ["a", "Ġb", "é"])
    #expect(words.map(\.1) == [0, 1, 2])
  }

  @Test("Strings are lent as bytes, unescaped where needed")
  func stringBytes() throws {
    let strings = try JSONReader.read(Array(#"["", "plain", "tab\t", "é"]"#.utf8)) { reader in
      var strings: [[UInt8]] = []
      try reader.beginArray()
      while try reader.nextElement() {
        strings.append(
          try reader.withStringBytes { bytes in
            bytes.withUnsafeBytes { Array($0) }
          })
      }
      return strings
    }
    #expect(strings == ["", "plain", "tab\t", "é"].map { Array($0.utf8) })
  }

  @Test("Each kind is told before it is read")
  func kinds() throws {
    try JSONReader.read(Array(#"[null, true, -1, "s", [], {}]"#.utf8)) { reader in
      var kinds: [JSONKind] = []
      try reader.beginArray()
      while try reader.nextElement() {
        kinds.append(try reader.peekKind())
        try reader.skipValue()
      }
      #expect(kinds == [.null, .bool, .number, .string, .array, .object])
    }
  }

  @Test("A value of another kind is an error that says both")
  func wrongKind() throws {
    func error(_ text: String, _ body: (inout JSONReader) throws -> Void) throws -> String {
      try #require(throws: JSONError.self) { try JSONReader.read(Array(text.utf8), body) }.description
    }
    #expect(try error("[1]") { try $0.beginObject() } == "line 1, column 1 (byte 0): found '[', expected an object")
    #expect(try error(" 1") { try $0.beginArray() } == "line 1, column 2 (byte 1): found '1', expected an array")
    #expect(try error("1") { _ = try $0.string() }.hasSuffix("found '1', expected a string in quotes"))
    #expect(try error("\"1\"") { _ = try $0.integer() }.hasSuffix("found '\"', expected a number"))
    #expect(try error("1.5") { _ = try $0.integer() }.contains("found the number 1.5, expected a whole number"))
    #expect(try error("0") { _ = try $0.bool() }.hasSuffix("expected true or false"))
  }

  @Test("An empty text is an error")
  func empty() throws {
    #expect(throws: JSONError.self) { try JSONReader.read([]) { reader in try reader.skipValue() } }
  }
}
