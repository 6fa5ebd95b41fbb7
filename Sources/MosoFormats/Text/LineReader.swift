/// The lines of a stream, one after the other, with no more in memory than the longest of them and one piece.
struct LineReader {
  /// The number of the line that `next` returned last, counted from 1.
  private(set) var number = 0
  /// Where that line starts in the text, counted in bytes after decompression.
  private(set) var offset = 0

  let path: String
  private let stream: any ByteStream
  private let limit: Int
  private var piece: [UInt8] = []
  /// The first byte of the piece that is in no line yet.
  private var position = 0
  /// Where the next line starts in the text.
  private var nextOffset = 0

  /// Reads `stream`, whose lines may be `limit` bytes long.
  init(_ stream: any ByteStream, limit: Int) {
    self.stream = stream
    self.limit = limit
    path = stream.path
  }

  /// The next line without the `\n` that ends it, or `nil` when there are no more; the last one may lack its end.
  ///
  /// - Throws: `FormatError.line` for one that is longer than the limit, and what the stream throws.
  mutating func next() throws(FormatError) -> [UInt8]? {
    offset = nextOffset
    number += 1
    var line: [UInt8] = []
    while true {
      if position == piece.count {
        piece = try stream.next()
        position = 0
        guard !piece.isEmpty else { return line.isEmpty ? nil : line }
      }
      let end = SystemCalls.index(of: UInt8(ascii: "\n"), in: piece, from: position)
      let part = piece[position..<(end ?? piece.count)]
      guard line.count + part.count <= limit else { throw tooLong() }
      line += part
      nextOffset += part.count
      position = part.endIndex
      if end != nil {
        position += 1
        nextOffset += 1
        return line
      }
    }
  }

  private func tooLong() -> FormatError {
    .line(
      path: path, line: number,
      JSONError(
        offset: limit, line: 1, column: limit + 1, found: "a line that goes on",
        expected: "lines of at most \(limit) bytes; split it, or allow longer ones"))
  }
}
