import Crypto
import MosoFormats

/// Writes a shard: tokens of documents one after another, and a table of where each ends.
///
/// The file appears under its name when it is complete.
final class ShardWriter {
  private let file: AtomicFile
  private let width: Int
  private var table: [UInt8] = []
  private var hash = SHA256()
  private(set) var documentCount = 0
  private(set) var tokenCount = 0
  private(set) var byteCount = 0

  /// - Parameter width: The bytes of a token: 2 or 4.
  init(path: String, width: Int) throws(CorpusError) {
    self.width = width
    file = try CorpusError.wrapping { () throws(FileError) in try AtomicFile(path: path) }
    try append(ShardFooter.magic)
  }

  /// Adds a document.
  func append(_ tokens: [Int32], byteCount: Int, surprisal: Double?) throws(CorpusError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tokens.count * width)
    for token in tokens {
      bytes.append(UInt8(truncatingIfNeeded: token))
      bytes.append(UInt8(truncatingIfNeeded: token >> 8))
      if width == 4 {
        bytes.append(UInt8(truncatingIfNeeded: token >> 16))
        bytes.append(UInt8(truncatingIfNeeded: token >> 24))
      }
    }
    try append(bytes)
    documentCount += 1
    tokenCount += tokens.count
    self.byteCount += byteCount
    let row = [UInt64(tokenCount), UInt64(self.byteCount), (surprisal ?? .nan).bitPattern]
    for number in row {
      for byte in 0..<8 { table.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(byte)))) }
    }
  }

  /// Writes the rest and gives the file its name.
  ///
  /// - Returns: The SHA-256 of all of it.
  func finish() throws(CorpusError) -> String {
    let footer = ShardFooter(width: width, tokenCount: tokenCount, documentCount: documentCount)
    try append([UInt8](repeating: 0, count: footer.paddedTokens - tokenCount * width))
    try append(table)
    try append(footer.bytes)
    try CorpusError.wrapping { () throws(FileError) in
      try file.complete()
      try file.publish()
    }
    return hash.finalize().hexadecimal
  }

  private func append(_ bytes: [UInt8]) throws(CorpusError) {
    hash.update(data: bytes)
    try CorpusError.wrapping { () throws(FileError) in try file.append(bytes) }
  }
}
