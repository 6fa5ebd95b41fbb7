/// Takes bytes from a stream in the numbers in which they are needed.
struct StreamInput {
  private let stream: any ByteStream
  private var piece: [UInt8] = []
  private var position = 0
  /// Where the next byte is in the stream.
  private(set) var offset = 0

  init(_ stream: any ByteStream) {
    self.stream = stream
  }

  /// What errors call the file.
  var path: String { stream.path }

  /// The next `count` bytes, or fewer where the stream ends.
  mutating func take(_ count: Int) throws(FormatError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      if position == piece.count {
        piece = try stream.next()
        position = 0
        if piece.isEmpty { break }
      }
      let part = piece[position..<min(piece.count, position + count - bytes.count)]
      bytes += part
      position = part.endIndex
    }
    offset += bytes.count
    return bytes
  }

  /// Passes over the next `count` bytes and returns how many there were.
  mutating func skip(_ count: Int) throws(FormatError) -> Int {
    var left = count
    while left > 0 {
      let bytes = try take(min(left, 1 << 16))
      guard !bytes.isEmpty else { break }
      left -= bytes.count
    }
    return count - left
  }
}
