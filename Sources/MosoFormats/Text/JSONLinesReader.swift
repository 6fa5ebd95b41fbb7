/// The texts under one key of the JSON objects that stand one a line in a file.
///
/// Blank lines and objects whose text is `null` are passed over. Half of a surrogate pair (`"\ud83d"`) becomes U+FFFD and
/// `NaN` is a number, because Python's `json` writes both into such files.
struct JSONLinesReader: DocumentReader {
  private var lines: LineReader
  private let key: String

  private static let options = JSONReadingOptions(allowsNonFiniteNumbers: true, replacesLoneSurrogates: true)
  /// Reads lines of at most `limit` bytes from `stream`.
  ///
  /// - Parameter key: A key of each object, or several with dots between them for objects in objects.
  init(_ stream: any ByteStream, key: String, limit: Int) {
    lines = LineReader(stream, limit: limit)
    self.key = key
  }

  mutating func next() throws(FormatError) -> TextDocument? {
    while let line = try lines.next() {
      guard line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { continue }
      do throws(JSONError) {
        guard let text = try Self.text(of: line, key: key) else { continue }
        return TextDocument(text: text, origin: .init(path: lines.path, place: .line(lines.number)))
      } catch {
        throw .line(path: lines.path, line: lines.number, error)
      }
    }
    return nil
  }

  /// The string at `key` in the object that `line` is, or `nil` when there is `null`.
  static func text(of line: [UInt8], key: String) throws(JSONError) -> [UInt8]? {
    try JSONReader.read(line, options: options) { (reader) throws(JSONError) in
      var search = Search()
      if try reader.peekKind() == .array {
        throw reader.failure(
          at: reader.offset, expected: "an object on every line; write each element of the array on a line of its own")
      }
      try search.readObject(&reader, key: key[...])
      try reader.expectEnd()
      guard search.isFound else {
        throw reader.failure(
          at: 0, found: search.keys.isEmpty ? "an object without keys" : "an object with the keys \(search.shownKeys)",
          expected: "the key \(quoted(key)); say which key holds the text")
      }
      return search.text
    }
  }

  /// What was found at a key so far; of a key that comes twice the last value counts.
  private struct Search {
    var isFound = false
    var text: [UInt8]?
    /// The first keys that were seen, for the error that says that none of them was meant.
    var keys: [String] = []
    private var keyCount = 0
    private static let keyLimit = 8

    var shownKeys: String {
      let more = keyCount > keys.count ? " and \(keyCount - keys.count) more" : ""
      return keys.map { quoted($0) }.joined(separator: ", ") + more
    }

    /// Reads an object, and takes the string at `key` from it or from an object in it.
    mutating func readObject(_ reader: inout JSONReader, key: Substring) throws(JSONError) {
      try reader.beginObject()
      let dot = key.firstIndex(of: ".")
      while let name = try reader.nextKey() {
        if name.utf8.elementsEqual(key.utf8) {
          try readText(&reader)
        } else if let dot, name.utf8.elementsEqual(key[..<dot].utf8), try reader.peekKind() == .object {
          try readObject(&reader, key: key[key.index(after: dot)...])
        } else {
          keyCount += 1
          if keys.count < Self.keyLimit { keys.append(name) }
          try reader.skipValue()
        }
      }
    }

    private mutating func readText(_ reader: inout JSONReader) throws(JSONError) {
      isFound = true
      text = nil
      guard try !reader.readNull() else { return }
      var bytes: [UInt8] = []
      _ = try reader.string(appendingTo: &bytes)
      text = bytes
    }
  }
}
