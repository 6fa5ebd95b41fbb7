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
  mutating func append(_ bytes: some Collection<UInt8>, kind: TokenKind) {
    text.append(contentsOf: bytes)
    starts.append(UInt32(text.count))
    kinds.append(kind)
  }

  /// Makes the index of all tokens for which `isText`; returns two tokens of the same text if there are any.
  mutating func makeIndex(where isText: (Int) -> Bool) -> (first: Int32, second: Int32)? {
    var index = PieceIndex(capacity: count)
    var duplicate: (first: Int32, second: Int32)?
    unsafe text.withUnsafeBufferPointer { text in
      for token in 0..<count where isText(token) {
        let range = range(of: token)
        if let earlier = unsafe index.insert(Int32(token), range: range, in: text, starts: starts) {
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
      unsafe index.find(bytes, in: text, starts: starts)
    }
  }

  /// The token of a text, if the index has it.
  func token(for bytes: [UInt8]) -> Int32? { token(at: 0..<bytes.count, in: bytes) }
}

/// A hash table from the text of a token to the token: open addressing, at most half full.
struct PieceIndex: Sendable {
  /// The upper half of the hash and, below, the token plus one; zero is an empty slot.
  private var slots: [UInt64]
  private let mask: Int
  private let hash = ByteHash()

  init(capacity: Int = 0) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    mask = size - 1
  }

  /// Adds a token, or returns the one of the same text that is there already.
  mutating func insert(
    _ token: Int32, range: Range<Int>, in text: UnsafeBufferPointer<UInt8>, starts: [UInt32]
  ) -> Int32? {
    let key = unsafe UnsafeBufferPointer(rebasing: text[range])
    let hashed = unsafe hashed(key)
    var slot = Int(truncatingIfNeeded: hashed) & mask
    while slots[slot] != 0 {
      if let found = unsafe match(slots[slot], hashed: hashed, key: key, in: text, starts: starts) { return found }
      slot = (slot + 1) & mask
    }
    slots[slot] = hashed & ~0xFFFF_FFFF | UInt64(UInt32(bitPattern: token) + 1)
    return nil
  }

  @inline(__always)
  func find(_ key: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, starts: [UInt32]) -> Int32? {
    let hashed = unsafe hashed(key)
    var slot = Int(truncatingIfNeeded: hashed) & mask
    while slots[slot] != 0 {
      if let found = unsafe match(slots[slot], hashed: hashed, key: key, in: text, starts: starts) { return found }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @inline(__always)
  private func hashed(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard let base = key.baseAddress else { return hash(0) }
    return unsafe hash(base, count: key.count)
  }

  /// The token in a slot, if its text is `key`.
  @inline(__always)
  private func match(
    _ slot: UInt64, hashed: UInt64, key: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>,
    starts: [UInt32]
  ) -> Int32? {
    guard (slot ^ hashed) >> 32 == 0 else { return nil }
    let token = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
    let start = Int(starts[token])
    guard Int(starts[token + 1]) - start == key.count else { return nil }
    return unsafe key.elementsEqual(text[start..<start + key.count]) ? Int32(truncatingIfNeeded: token) : nil
  }
}
