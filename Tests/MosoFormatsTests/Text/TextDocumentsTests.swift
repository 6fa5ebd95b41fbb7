import Testing

@testable import MosoFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("TextDocuments") struct TextDocumentsTests {
  private func documents(
    _ text: String, path: String, options: TextDocuments.Options = .init()
  ) throws -> [TextDocument] {
    try all(TextDocuments(copying: Array(text.utf8), path: path, options: options))
  }

  private func all(_ documents: TextDocuments) throws -> [TextDocument] {
    var result: [TextDocument] = []
    while let document = try documents.next() { result.append(document) }
    #expect(try documents.next() == nil)
    return result
  }

  private func failure(_ text: [UInt8], path: String, options: TextDocuments.Options = .init()) -> String? {
    let error = #expect(throws: FormatError.self) {
      try all(TextDocuments(copying: text, path: path, options: options))
    }
    return error?.description
  }

  // MARK: JSON lines

  @Test("Every text of a file of lines is what Python wrote, compressed or not", arguments: ["", ".gz", ".zst"])
  func lines(ending: String) throws {
    let found = try all(TextDocuments(path: fixturePath("Text/corpus.jsonl\(ending)")))
    let expected = try fixtureText("Text/corpus.jsonl").split(separator: "\n").map {
      try JSONValue(parsing: String($0))["text"]?.stringValue ?? ""
    }
    #expect(found.map(\.string) == expected)
    #expect(found.count == 40)
    #expect(found.map(\.origin.place) == (1...40).map { .line($0) })
    #expect(found[16].origin.description == "\(fixturePath("Text/corpus.jsonl\(ending)")):17")
  }

  @Test("A key leads into objects, and a key with a dot is one too")
  func keys() throws {
    var options = TextDocuments.Options()
    options.key = "meta.text"
    let found = try all(TextDocuments(path: fixturePath("Text/corpus.jsonl"), options: options))
    #expect(found.map(\.string) == (0..<40).map { "inner \($0)" })
    #expect(
      try documents(#"{"meta": {"text": "in"}, "meta.text": "out"}"#, path: "x.json", options: options)[0].string
        == "out")
    #expect(try documents(#"{"meta": 1, "meta.text": "out"}"#, path: "x.json", options: options)[0].string == "out")
    options.key = "a.b.c"
    #expect(
      try documents(#"{"a": {"b": {"x": 1, "c": "deep"}}}"#, path: "x.json", options: options)[0].string == "deep")
  }

  @Test("Blank lines and nulls are passed over, line ends of every kind are understood")
  func blanks() throws {
    let text =
      "\u{FEFF}{\"text\": \"a\"}\r\n\n  \t\r\n{\"text\": null}\n{\"text\": \"\"}\n{\"text\":\"\\ud83d!\", \"n\": NaN}"
    let found = try documents(text, path: "x.ndjson")
    #expect(found.map(\.string) == ["a", "", "\u{FFFD}!"])
    #expect(found.map(\.origin.place) == [.line(1), .line(5), .line(6)])
    #expect(try documents("", path: "x.jsonl").isEmpty)
    #expect(try documents(#"{"text": "a", "text": "b"}"#, path: "x.jsonl")[0].string == "b")
  }

  @Test("An error names the line, the column and the byte in it")
  func badLines() {
    let good = Array("{\"text\": \"é\"}\n\n".utf8)
    #expect(
      failure(good + Array("{\"text\": 1}".utf8), path: "c.jsonl")
        == "c.jsonl:3: column 10 (byte 9): found '1', expected a string in quotes")
    #expect(
      failure(good + Array("{\"text\": \"x\"".utf8), path: "c.jsonl")
        == "c.jsonl:3: column 13 (byte 12): found the end of the text, expected ',' or '}'")
    #expect(
      failure(good + Array("{\"text\": \"é".utf8) + [0xFF, 0x22, 0x7D], path: "c.jsonl")
        == "c.jsonl:3: column 12 (byte 12): found the byte 0xFF, expected text encoded as UTF-8")
    #expect(
      failure(good + Array("{\"text\": \"x\"} {\"text\": \"y\"}".utf8), path: "c.jsonl")
        == "c.jsonl:3: column 15 (byte 14): found '{', expected the end of the text")
    #expect(
      failure(good + Array("{\"content\": 1, \"meta\": {}}\n".utf8), path: "c.jsonl")
        == "c.jsonl:3: column 1 (byte 0): found an object with the keys \"content\", \"meta\", "
        + "expected the key \"text\"; say which key holds the text")
    #expect(
      failure(good + Array("{}".utf8), path: "c.jsonl")
        == "c.jsonl:3: column 1 (byte 0): found an object without keys, expected the key \"text\"; "
        + "say which key holds the text")
    #expect(
      failure(Array("[{\"text\": \"a\"}]".utf8), path: "c.json")
        == "c.json:1: column 1 (byte 0): found '[', expected an object on every line; "
        + "write each element of the array on a line of its own")
  }

  @Test("Of many keys an error names the first")
  func manyKeys() {
    let keys = (0..<100).map { "\"k\($0)\": 0" }.joined(separator: ", ")
    #expect(
      failure(Array("{\(keys)}".utf8), path: "c.jsonl")?.contains("\"k6\", \"k7\" and 92 more, expected") == true)
  }

  @Test("A line may be as long as the limit and no longer")
  func longLines() throws {
    var options = TextDocuments.Options()
    let line = "{\"text\": \"\(String(repeating: "x", count: 500_000))\"}"
    options.maximumSize = line.utf8.count
    #expect(
      try documents("\(line)\n\(line)", path: "c.jsonl", options: options).map(\.text.count) == [500_000, 500_000])
    options.maximumSize -= 1
    #expect(
      failure(Array("\n\(line)".utf8), path: "c.jsonl", options: options)
        == "c.jsonl:2: column \(line.utf8.count) (byte \(line.utf8.count - 1)): found a line that goes on, "
        + "expected lines of at most \(line.utf8.count - 1) bytes; split it, or allow longer ones")
  }

  @Test("After an error the same error comes again")
  func errorsStay() throws {
    let documents = try TextDocuments(copying: Array("{}\n{\"text\": \"a\"}".utf8), path: "c.jsonl")
    let first = #expect(throws: FormatError.self) { try documents.next() }
    let second = #expect(throws: FormatError.self) { try documents.next() }
    #expect(first == second)
  }

  // MARK: Plain text

  @Test("A file of text is one document", arguments: ["txt", "md", "TXT", "text"])
  func plain(ending: String) throws {
    let found = try documents("\u{FEFF}Bamboo\r\n\ngrows é中😀", path: "a/b.c/x.\(ending)")
    #expect(found.map(\.string) == ["Bamboo\r\n\ngrows é中😀"])
    #expect(found[0].origin.description == "a/b.c/x.\(ending)")
    #expect(try documents("", path: "x.\(ending)").isEmpty)
    #expect(try documents("\u{FEFF}", path: "x.\(ending)").isEmpty)
  }

  @Test("A file of text is cut at lines that separate documents")
  func separators() throws {
    var options = TextDocuments.Options()
    options.separator = "<|end|>"
    let text = "one\ntwo\n<|end|>\r\n\n<|end|>\n<|end|>\nnot <|end|>\n  <|end|>\nlast"
    let found = try documents(text, path: "x.txt", options: options)
    #expect(found.map(\.string) == ["one\ntwo\n", "\n", "not <|end|>\n  <|end|>\nlast\n"])
    #expect(found.map(\.origin.place) == [.line(1), .line(4), .line(7)])
    #expect(try documents("<|end|>\n", path: "x.txt", options: options).isEmpty)
  }

  @Test("A byte that is no UTF-8 is named by its place", arguments: [nil, "--"] as [String?])
  func encoding(separator: String?) {
    var options = TextDocuments.Options()
    options.separator = separator
    for bad in [[0xFF], [0xC3, 0x28], [0xE4, 0xB8], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF]]
      as [[UInt8]]
    {
      #expect(
        failure(Array("é first\n--\nsecond é".utf8) + bad, path: "x.txt", options: options)
          == "x.txt, byte 21, text: found the byte 0x\(String(bad[0], radix: 16, uppercase: true)), "
          + "expected text encoded as UTF-8; convert the file, for example with iconv")
    }
  }

  @Test("A text may be as long as the limit and no longer, compressed or not")
  func longTexts() throws {
    var options = TextDocuments.Options()
    options.maximumSize = 8 << 20
    let path = fixturePath("Text/zeros.gz")
    options.kind = .plain
    #expect(try all(TextDocuments(path: path, options: options)).map(\.text.count) == [8 << 20])
    options.maximumSize -= 1
    let error = #expect(throws: FormatError.self) { try all(TextDocuments(path: path, options: options)) }
    #expect(
      error?.description == "\(path), byte 0, text: found more than 8388607 bytes in one document, "
        + "expected at most so many; name the line that separates documents, or allow longer ones")
    options.maximumSize = 10
    options.separator = "--"
    #expect(try documents("123456789\n--\n123456789", path: "x.txt", options: options).count == 2)
    #expect(
      failure(Array("1\n--\n1234\n56789\n".utf8), path: "x.txt", options: options)
        == "x.txt, byte 5, text: found more than 10 bytes in one document, "
        + "expected at most so many; name the line that separates documents, or allow longer ones")
  }

  // MARK: Parquet

  @Test("The rows of a Parquet file are documents, those without a text are passed over")
  func parquet() throws {
    let path = fixturePath("Parquet/structs.parquet")
    let json = try JSONValue(contentsOf: fixturePath("Parquet/structs.json"))
    for column in ["text", "meta.text", "meta.inner.deep.text"] {
      var options = TextDocuments.Options()
      options.key = column
      let found = try all(TextDocuments(path: path, options: options))
      let expected = try #require(json["columns"]?[column]?.arrayValue).enumerated().filter { $0.element != .null }
      #expect(found.map { JSONValue.string($0.string) } == expected.map(\.element))
      #expect(found.map(\.origin.place) == expected.map { .row($0.offset + 1) })
      #expect(found[0].origin.description == "\(path), row \(expected[0].offset + 1)")
      #expect(found.count > 10)
      #expect(found.count < 40)
      let copied = try all(
        TextDocuments(copying: fixtureBytes("Parquet/structs.parquet"), path: path, options: options))
      #expect(copied == found)
    }
    var options = TextDocuments.Options()
    options.key = "meta.inner.deep.n"
    let error = #expect(throws: FormatError.self) { try TextDocuments(path: path, options: options) }
    #expect(
      error?.description == "\(path) has no texts in the column \"meta.inner.deep.n\"; "
        + "it holds whole numbers of 64 bits; name a column of texts")
    options.key = "text"
    options.maximumSize = 20
    let long = #expect(throws: FormatError.self) { try all(TextDocuments(path: path, options: options)) }
    #expect(long?.description.contains("column \"text\", row 1, text: found ") == true)
  }

  @Test("Bytes in a row that are no UTF-8 are named")
  func parquetEncoding() throws {
    var bytes = try fixtureBytes("Parquet/one-row.parquet")
    // The value after its length; the text also stands in the statistics.
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [4, 0, 0, 0] + Array("only".utf8)) })
    bytes[place + 6] = 0xFE
    #expect(
      failure(bytes, path: "x.parquet")?.hasSuffix(
        "column \"text\", row 1, text: found the byte 0xFE at its byte 2, expected text encoded as UTF-8; "
          + "name a column of texts, or write the file again") == true)
  }

  // MARK: Files

  @Test("A name without a known ending is refused, unless it is said what it holds")
  func kinds() throws {
    #expect(
      failure([], path: "notes.doc")
        == "notes.doc has no ending that says how it holds texts; expected .txt, .md, .jsonl or .json, each also with "
        + ".gz or .zst, or .parquet; rename it or say its kind")
    #expect(failure([], path: "jsonl")?.hasPrefix("jsonl has no ending") == true)
    #expect(failure([], path: "x.parquet.gz")?.hasPrefix("x.parquet.gz has no ending") == true)
    var options = TextDocuments.Options()
    options.kind = .jsonLines
    #expect(try documents("{\"text\": \"a\"}", path: "notes.doc", options: options).map(\.string) == ["a"])
    try withTemporaryFolder { folder in
      for name in ["none.txt", "none.doc", "none.parquet"] {
        #expect(throws: FormatError.file(.missing(path: "\(folder)/\(name)"))) {
          try TextDocuments(path: "\(folder)/\(name)")
        }
      }
      options.kind = .plain
      #expect(throws: FormatError.file(.isDirectory(path: folder))) {
        try TextDocuments(path: folder, options: options)
      }
    }
  }

  @Test("A stream without a name is decompressed by its first bytes", arguments: ["", ".gz", ".zst"])
  func streams(ending: String) throws {
    var options = TextDocuments.Options()
    options.kind = .jsonLines
    let bytes = try fixtureBytes("Text/corpus.jsonl\(ending)")
    let found = try all(
      TextDocuments(reading: MemoryStream(bytes, path: "standard input", pieceSize: 100), options: options))
    #expect(found.count == 40)
    #expect(found[0].origin.description == "standard input:1")
    let plain = try all(TextDocuments(reading: MemoryStream(bytes, path: "standard input"), options: .init()))
    #expect(try plain.map(\.text) == [fixtureBytes("Text/corpus.jsonl")])
    options.kind = .parquet
    let error = #expect(throws: FormatError.self) {
      try TextDocuments(reading: MemoryStream(bytes, path: "standard input"), options: options)
    }
    #expect(
      error?.description
        == "standard input has no end to begin with, as Parquet needs; write it to a file and name that")
  }

  @Test("What comes through a pipe is read as it comes")
  func pipes() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/pipe.jsonl.gz"
      #expect(mkfifo(path, 0o600) == 0)
      let bytes = try fixtureBytes("Text/corpus.jsonl.gz")
      // Opened both ways nobody has to wait for somebody else, and a pipe holds more than this file has.
      let descriptor = open(path, O_RDWR)
      #expect(bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count)
      let documents = try TextDocuments(path: path)
      close(descriptor)
      let found = try all(documents)
      #expect(found.count == 40)
    }
  }
}
