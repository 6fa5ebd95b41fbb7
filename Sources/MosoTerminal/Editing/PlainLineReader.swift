/// Reads lines from a pipe or a file, without echo, editing or escape sequences.
public struct PlainLineReader: Sendable {
  private let descriptor: Int32
  private let byteLimit: Int
  private var bytes: [UInt8] = []
  /// Where the next line starts in `bytes`, and how far no newline has been found.
  private var start = 0
  private var scanned = 0
  private var isAtEnd = false

  private static let chunkSize = 1 << 16

  /// Reads from `descriptor`, and no line or message that is longer than `byteLimit`.
  public init(descriptor: Int32 = 0, byteLimit: Int = 1 << 22) {
    self.descriptor = descriptor
    self.byteLimit = byteLimit
  }

  /// The next line without its ending, or `nil` after the last; bytes that are no UTF-8 become `U+FFFD`.
  ///
  /// - Throws: `TerminalError` when reading fails or the line is too long.
  public mutating func readLine() throws(TerminalError) -> String? {
    while true {
      if let newline = bytes[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = bytes[start..<newline]
        start = newline + 1
        scanned = start
        return Self.decode(line)
      }
      scanned = bytes.count
      if isAtEnd {
        guard start < bytes.count else { return nil }
        defer { start = bytes.count }
        return Self.decode(bytes[start...])
      }
      guard bytes.count - start <= byteLimit else { throw .lineTooLong(limit: byteLimit) }
      bytes.removeFirst(start)
      scanned -= start
      start = 0
      let chunk = try SystemInput.read(descriptor, count: Self.chunkSize)
      isAtEnd = chunk.isEmpty
      bytes += chunk
    }
  }

  /// The next message: one line, or several that a `"""` block or backslashes at their ends join; `nil` after the last.
  public mutating func readMessage() throws(TerminalError) -> String? {
    guard var text = try readLine() else { return nil }
    while true {
      if MultilineText.isOpenBlock(text) {
        guard let line = try readLine() else { break }
        text += "\n" + line
      } else if MultilineText.endsWithBackslash(text) {
        guard let line = try readLine() else { break }
        text = text.dropLast() + "\n" + line
      } else {
        break
      }
      guard text.utf8.count <= byteLimit else { throw .lineTooLong(limit: byteLimit) }
    }
    return MultilineText.unquoted(text)
  }

  private static func decode(_ line: ArraySlice<UInt8>) -> String {
    let withoutReturn = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    return String(decoding: withoutReturn, as: UTF8.self)
  }
}
