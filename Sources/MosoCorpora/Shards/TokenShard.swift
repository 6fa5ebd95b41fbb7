import MosoFormats

/// Documents as tokens, in a file that is read where it is touched.
public final class TokenShard: Sendable {
  private let file: MappedFile
  private let footer: ShardFooter

  /// Opens a shard.
  ///
  /// - Throws: `CorpusError` when the file is not a whole shard.
  public init(path: String) throws(CorpusError) {
    file = try CorpusError.wrapping { () throws(FileError) in try MappedFile(path: path) }
    footer = try Self.footer(of: file)
    var end = 0, byteEnd = 0
    for document in 0..<footer.documentCount {
      let entry = entry(document)
      guard entry.end >= end, entry.byteEnd >= byteEnd else {
        throw Self.broken(file, "document \(document) ending before it begins")
      }
      (end, byteEnd) = (entry.end, entry.byteEnd)
    }
    guard end == footer.tokenCount else {
      throw Self.broken(file, "\(footer.tokenCount) tokens of documents with \(end)")
    }
  }

  /// How many documents there are.
  public var documentCount: Int { footer.documentCount }
  /// How many tokens all documents have.
  public var tokenCount: Int { footer.tokenCount }
  /// How many bytes of text all documents have.
  public var byteCount: Int { documentCount == 0 ? 0 : entry(documentCount - 1).byteEnd }

  /// Where the tokens of a document are.
  public func range(of document: Int) -> Range<Int> {
    let end = entry(document).end
    return (document == 0 ? 0 : entry(document - 1).end)..<end
  }

  /// How many bytes of text a document has.
  public func byteCount(of document: Int) -> Int {
    entry(document).byteEnd - (document == 0 ? 0 : entry(document - 1).byteEnd)
  }

  /// How surprising a document is to someone who knows how documents are made, in nats, where that is known.
  public func surprisal(of document: Int) -> Double? {
    let surprisal = entry(document).surprisal
    return surprisal.isNaN ? nil : surprisal
  }

  /// Some of the tokens.
  ///
  /// - Precondition: The range lies in `0..<tokenCount`.
  public func tokens(_ range: Range<Int>) -> [Int32] {
    precondition(range.lowerBound >= 0 && range.upperBound <= tokenCount, "tokens \(range) of \(tokenCount)")
    let start = ShardFooter.magic.count
    return range.map { index in
      if footer.width == 2 {
        let value = unsafe file.baseAddress.loadUnaligned(fromByteOffset: start + 2 * index, as: UInt16.self)
        return Int32(UInt16(littleEndian: value))
      }
      return Int32(
        littleEndian: unsafe file.baseAddress.loadUnaligned(fromByteOffset: start + 4 * index, as: Int32.self))
    }
  }

  /// The SHA-256 of the file.
  public func digest() -> String { file.sha256 }

  /// The largest token, or -1 where there is none.
  func largestToken() -> Int32 {
    var largest: Int32 = -1
    var start = 0
    while start < tokenCount {
      let end = min(start + 65_536, tokenCount)
      largest = max(largest, tokens(start..<end).max() ?? -1)
      start = end
    }
    return largest
  }

  private func entry(_ document: Int) -> DocumentEntry {
    precondition(document < documentCount, "document \(document) of \(documentCount)")
    let start = ShardFooter.magic.count + footer.paddedTokens + document * DocumentEntry.size
    func number(_ index: Int) -> UInt64 {
      UInt64(littleEndian: unsafe file.baseAddress.loadUnaligned(fromByteOffset: start + 8 * index, as: UInt64.self))
    }
    return DocumentEntry(
      end: Int(clamping: number(0)), byteEnd: Int(clamping: number(1)), surprisal: Double(bitPattern: number(2)))
  }

  private static func broken(_ file: MappedFile, _ found: String) -> CorpusError {
    .unusable(
      place: file.path, found: found, expected: "a whole shard of tokens",
      hint: "remove the folder it is in and prepare the corpus again")
  }

  private static func footer(of file: MappedFile) throws(CorpusError) -> ShardFooter {
    func broken(_ found: String) -> CorpusError { Self.broken(file, found) }
    let least = ShardFooter.magic.count + ShardFooter.size
    guard file.count >= least else { throw broken("a file of \(file.count) bytes") }
    let tail: [UInt8] = (0..<ShardFooter.size).map { index in
      unsafe file.baseAddress.load(fromByteOffset: file.count - ShardFooter.size + index, as: UInt8.self)
    }
    guard Array(tail.suffix(8)) == ShardFooter.magic else { throw broken("an end that is not a shard's") }
    func number(_ index: Int) -> Int {
      (0..<8).reduce(0) { $0 | Int(tail[8 * index + $1]) << (8 * $1) }
    }
    let footer = ShardFooter(width: number(1), tokenCount: number(2), documentCount: number(3))
    guard number(0) == ShardFooter.version else { throw broken("version \(number(0))") }
    // Counts are bounded by the file's size before they are multiplied.
    guard footer.width == 2 || footer.width == 4, (0...file.count).contains(footer.tokenCount),
      (0...file.count).contains(footer.documentCount), footer.fileSize == file.count
    else {
      throw broken("\(footer.tokenCount) tokens of \(footer.documentCount) documents in \(file.count) bytes")
    }
    return footer
  }
}
