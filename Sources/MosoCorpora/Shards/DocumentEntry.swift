/// What a shard knows of a document: one row of the table behind its tokens.
struct DocumentEntry: Sendable, Hashable {
  /// Where its tokens end, counted from the first of the shard; they begin where those of the document before end.
  var end: Int
  /// The bytes of text up to its end, counted from the first of the shard.
  var byteEnd: Int
  /// How surprising it is to someone who knows how documents are made, in nats; not a number where that is not known.
  var surprisal: Double

  /// The bytes of a row.
  static let size = 24
}

/// The numbers at the end of a shard.
///
/// A shard is `MOSOTOKS`, the tokens as little-endian numbers of two or four bytes, zeros up to a multiple of eight, a row of
/// three 64-bit numbers for each document (the end of its tokens, the end of its bytes, its surprisal) and these 40 bytes:
/// the version, the bytes of a token, the number of tokens, the number of documents, and `MOSOTOKS` again.
struct ShardFooter {
  static let magic = Array("MOSOTOKS".utf8)
  static let size = 40
  static let version = 1

  var width: Int
  var tokenCount: Int
  var documentCount: Int

  /// The bytes of the whole file.
  var fileSize: Int {
    Self.magic.count + paddedTokens + documentCount * DocumentEntry.size + Self.size
  }

  /// The bytes of the tokens with the zeros behind them.
  var paddedTokens: Int { (tokenCount * width + 7) / 8 * 8 }

  var bytes: [UInt8] {
    [Self.version, width, tokenCount, documentCount].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    } + Self.magic
  }
}
