/// A file of text as one document, or as several between lines that say where one ends.
struct PlainTextReader: DocumentReader {
  private let path: String
  private let limit: Int
  private let separator: [UInt8]?
  private let stream: any ByteStream
  private var lines: LineReader
  private var isAtEnd = false

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Reads `stream`.
  ///
  /// - Parameters:
  ///   - separator: The line that stands between two documents; `nil` for all of the text as one.
  ///   - limit: How many bytes a document may have.
  init(_ stream: any ByteStream, separator: String?, limit: Int) {
    path = stream.path
    self.limit = limit
    self.separator = separator.map { Array($0.utf8) }
    self.stream = stream
    lines = LineReader(stream, limit: limit)
  }

  /// The next document; those without a character are passed over, and so is a byte order mark.
  mutating func next() throws(FormatError) -> TextDocument? {
    guard !isAtEnd else { return nil }
    guard let separator else { return try whole() }
    while !isAtEnd {
      if let document = try part(until: separator) { return document }
    }
    return nil
  }

  /// All of the text, or `nil` when there is none.
  private mutating func whole() throws(FormatError) -> TextDocument? {
    isAtEnd = true
    var text: [UInt8] = []
    while true {
      let piece = try stream.next()
      guard !piece.isEmpty else { break }
      guard piece.count <= limit - text.count else { throw tooLong(at: 0) }
      text += piece
    }
    return try document(text, at: 0, place: .whole)
  }

  /// The text up to the next separator, or `nil` when there is none.
  private mutating func part(until separator: [UInt8]) throws(FormatError) -> TextDocument? {
    var text: [UInt8] = []
    var start: (offset: Int, line: Int)?
    while true {
      guard let line = try lines.next() else {
        isAtEnd = true
        break
      }
      if line.elementsEqual(separator) || line.last == 0x0D && line.dropLast().elementsEqual(separator) { break }
      if start == nil { start = (lines.offset, lines.number) }
      guard line.count < limit - text.count else { throw tooLong(at: start?.offset ?? 0) }
      text += line
      text.append(UInt8(ascii: "\n"))
    }
    guard let start else { return nil }
    return try document(text, at: start.offset, place: .line(start.line))
  }

  private func document(_ text: [UInt8], at offset: Int, place: TextDocument.Place) throws(FormatError) -> TextDocument?
  {
    if let invalid = firstInvalidUTF8(in: text) {
      throw .malformed(
        path: path, offset: offset + invalid, field: "text",
        found: "the byte 0x\(String(text[invalid], radix: 16, uppercase: true))",
        expected: "text encoded as UTF-8; convert the file, for example with iconv")
    }
    let hasMark = offset == 0 && text.starts(with: Self.byteOrderMark)
    let text = hasMark ? Array(text.dropFirst(Self.byteOrderMark.count)) : text
    guard !text.isEmpty else { return nil }
    return TextDocument(text: text, origin: .init(path: path, place: place))
  }

  private func tooLong(at offset: Int) -> FormatError {
    .malformed(
      path: path, offset: offset, field: "text", found: "more than \(limit) bytes in one document",
      expected: "at most so many; name the line that separates documents, or allow longer ones")
  }
}
