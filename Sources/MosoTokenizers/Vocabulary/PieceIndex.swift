/// A hash table from the text of a token to the token: open addressing, at most three quarters full.
///
/// Texts of up to eleven bytes, which is nearly all, are kept in the table itself, so that a look-up touches memory in one
/// place; for longer ones the table says where they are.
struct PieceIndex: Sendable {
  /// What a text is compared by.
  private struct Key: Equatable {
    /// The first eight bytes or, for a long text, where it starts (lower half) and its length (upper half).
    var low: UInt64
    /// The length (upper byte) and the other three bytes or, for a long text, 255 and a part of its hash.
    var high: UInt32
  }

  private struct Slot {
    var key = Key(low: 0, high: 0)
    /// The token plus one; zero is an empty slot.
    var token: UInt32 = 0
  }

  private var slots: [Slot]
  private let mask: Int
  private let hash = ByteHash()

  private static var longestInPlace: Int { 11 }

  init(capacity: Int = 0) {
    var size = 16
    while size * 3 < capacity * 4 { size *= 2 }
    slots = [Slot](repeating: Slot(), count: size)
    mask = size - 1
  }

  /// Adds the token whose text is at `range`, or returns the one of the same text that is there already.
  mutating func insert(_ token: Int32, range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Int32? {
    let bytes = unsafe UnsafeBufferPointer(rebasing: text[range])
    if let earlier = unsafe find(bytes, in: text) { return earlier }
    let (key, hashed) = unsafe key(for: bytes, start: range.lowerBound)
    var slot = Int(truncatingIfNeeded: hashed) & mask
    while slots[slot].token != 0 { slot = (slot + 1) & mask }
    slots[slot] = Slot(key: key, token: UInt32(token) + 1)
    return nil
  }

  /// The token whose text is `bytes`.
  @inline(__always)
  func find(_ bytes: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int32? {
    let (key, hashed) = unsafe key(for: bytes, start: 0)
    var slot = Int(truncatingIfNeeded: hashed) & mask
    if bytes.count > Self.longestInPlace { return unsafe findLong(bytes, high: key.high, slot: slot, in: text) }
    while slots[slot].token != 0 {
      if slots[slot].key == key { return Int32(truncatingIfNeeded: slots[slot].token - 1) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @inline(never)
  private func findLong(
    _ bytes: UnsafeBufferPointer<UInt8>, high: UInt32, slot: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Int32? {
    var slot = slot
    while slots[slot].token != 0 {
      let key = slots[slot].key
      if key.high == high, Int(key.low >> 32) == bytes.count {
        let start = Int(key.low & 0xFFFF_FFFF)
        let found = unsafe UnsafeBufferPointer(rebasing: text[start..<start + bytes.count])
        if let one = found.baseAddress, let other = bytes.baseAddress,
          unsafe ByteHash.areEqual(one, other, count: bytes.count)
        {
          return Int32(truncatingIfNeeded: slots[slot].token - 1)
        }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// What a text is compared by, and its hash.
  @inline(__always)
  private func key(for bytes: UnsafeBufferPointer<UInt8>, start: Int) -> (Key, hash: UInt64) {
    let count = bytes.count
    guard let base = bytes.baseAddress, count > 0 else { return (Key(low: 0, high: 0), hash(0)) }
    if count > Self.longestInPlace {
      let hashed = unsafe hash(base, count: count)
      let low = UInt64(start) | UInt64(count) << 32
      return (Key(low: low, high: 0xFF00_0000 | UInt32(truncatingIfNeeded: hashed >> 40)), hashed)
    }
    var key = unsafe Key(low: ByteHash.word(base, count: min(count, 8)), high: UInt32(count) << 24)
    if count > 8 {
      let last = unsafe UnsafeRawPointer(base).loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      key.high |= last >> UInt32(8 * (12 - count))
    }
    return (key, hash(key.low, UInt64(key.high)))
  }
}
