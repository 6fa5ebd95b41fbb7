import MosoFormats

extension FuzzTarget {
  /// Files of JSON lines.
  package static let lines = FuzzTarget("lines", seeds: [FuzzSeed(lineText, isText: true)]) {
    (bytes: [UInt8]) throws(FormatError) in try readDocuments(bytes, path: "fuzz.jsonl")
  }

  /// JSON lines compressed with gzip: damaged before compression, after it, and in several members.
  package static let gzip = FuzzTarget(
    "gzip",
    seeds: [
      FuzzSeed(bytes(ofBase64: ParquetSeeds.gzipLines)), FuzzSeed(lineText, isText: true, finish: storedGzip),
      FuzzSeed(bytes(ofBase64: ParquetSeeds.gzipLines) + storedGzip(lineText) + [0, 0]),
    ]
  ) { (bytes: [UInt8]) throws(FormatError) in try readDocuments(bytes, path: "fuzz.jsonl.gz") }

  /// Texts compressed with Zstandard.
  package static let zstandard = FuzzTarget(
    "zstandard", seeds: [FuzzSeed(bytes(ofBase64: ParquetSeeds.zstandardLines))]
  ) { (bytes: [UInt8]) throws(FormatError) in try readDocuments(bytes, path: "fuzz.txt.zst") }

  private static let lineText = Array(
    #"""
    {"text": "Bamboo \u0067rows fast.\n", "id": 1, "meta": {"text": "inner", "score": 0.5}}
    {"id": 2, "text": "é中😀 \ud83d\ude00", "tags": ["a", null, true]}

    {"text": null}
    {"text": "first", "text": "", "score": NaN}

    """#.utf8)

  /// Reads documents until they are many; a few bytes can stand for any number.
  private static func readDocuments(_ bytes: [UInt8], path: String) throws(FormatError) {
    var options = TextDocuments.Options()
    options.maximumSize = 1 << 20
    do throws(FormatError) {
      let documents = try TextDocuments(copying: bytes, path: path, options: options)
      var size = 0
      while size < 1 << 22, let document = try documents.next() {
        precondition(String(validating: document.text, as: UTF8.self) != nil, "a text that is not UTF-8")
        precondition(document.text.count <= options.maximumSize, "a text of \(document.text.count) bytes")
        size += 100 + document.text.count
      }
    } catch {
      // Places in what was decompressed may lie beyond the file.
      if case .line(_, let line, _) = error { precondition(line >= 1, "\(error)") }
      throw error
    }
  }

  /// A gzip member that holds `content` as it is, in a block that is not compressed.
  private static func storedGzip(_ content: [UInt8]) -> [UInt8] {
    func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let content = Array(content.prefix(0xFFFF))
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    let block = [1] + littleEndian(content.count, 2) + littleEndian(~content.count, 2) + content
    return head + block + littleEndian(Int(crc32(of: content)), 4) + littleEndian(content.count, 4)
  }
}
