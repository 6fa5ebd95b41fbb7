/// The texts of all tokens in one buffer, and an index from text to token.
///
/// The text of a token is what merges and look-ups see: for a byte-level vocabulary the bytes themselves, for SentencePiece
/// the piece with its U+2581 for spaces. Control tokens and the like have a text too, but the index leaves them out: no
/// text can become one by way of merges.
struct Vocabulary: Sendable {
  private var text: [UInt8] = []
  /// Where the text of each token starts, and the end of the last one.
  private var starts: [UInt32] = [0]
  private(set) var kinds: [TokenKind] = []
  private var index = PieceIndex()

  var count: Int { kinds.count }

  /// Makes room for `count` tokens of `bytes` bytes in all.
  mutating func reserveCapacity(_ count: Int, bytes: Int) {
    text.reserveCapacity(bytes)
    starts.reserveCapacity(count + 1)
    kinds.reserveCapacity(count)
  }

  /// Appends the next token.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, kind: TokenKind) {
    unsafe text.append(contentsOf: bytes)
    starts.append(UInt32(text.count))
    kinds.append(kind)
  }

  /// Makes the index of all tokens for which `isText`; returns two tokens of the same text if there are any.
  mutating func makeIndex(where isText: (Int) -> Bool) -> (first: Int32, second: Int32)? {
    var index = PieceIndex(capacity: count)
    var duplicate: (first: Int32, second: Int32)?
    unsafe text.withUnsafeBufferPointer { text in
      for token in 0..<count where isText(token) {
        if let earlier = unsafe index.insert(Int32(token), range: range(of: token), in: text) {
          duplicate = (earlier, Int32(token))
          return
        }
      }
    }
    self.index = index
    return duplicate
  }

  /// Where the text of `token` is.
  @inline(__always)
  private func range(of token: Int) -> Range<Int> { Int(starts[token])..<Int(starts[token + 1]) }

  /// The text of `token`.
  func text(of token: Int) -> ArraySlice<UInt8> { text[range(of: token)] }

  /// How many bytes the text of `token` has.
  func length(of token: Int) -> Int { range(of: token).count }

  /// The token of the text at `range` of `bytes`, if the index has it.
  @inline(__always)
  func token(at range: Range<Int>, in bytes: [UInt8]) -> Int32? {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe token(for: UnsafeBufferPointer(rebasing: bytes[range]))
    }
  }

  /// The token of a text, if the index has it.
  @inline(__always)
  func token(for bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    unsafe text.withUnsafeBufferPointer { text in
      unsafe index.find(bytes, in: text)
    }
  }

  /// Whether `token` has this text.
  @inline(__always)
  func isToken(_ token: Int, textOf bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard token < count, case let range = range(of: token), range.count == bytes.count else { return false }
    return unsafe text.withUnsafeBufferPointer { text in
      guard let one = bytes.baseAddress, let other = text.baseAddress else { return true }
      return unsafe ByteHash.areEqual(one, other + range.lowerBound, count: range.count)
    }
  }

  /// The token of a text, if the index has it.
  func token(for bytes: [UInt8]) -> Int32? { token(at: 0..<bytes.count, in: bytes) }
}
