/// Bits that are read from the last byte to the first, the way Zstandard's entropy coders write them.
///
/// The highest bit that is set in the last byte is a mark before the first bit.
struct BackwardBits {
  /// The bytes, and eight zeros after them so that eight bytes can be loaded from any place.
  private let bytes: [UInt8]
  /// How many bits are left; below zero when more were asked for than there are, which then were zeros.
  private(set) var left: Int

  /// The bits in `content`, or `nil` when the mark is missing.
  init?(_ content: ArraySlice<UInt8>) {
    guard let last = content.last, last != 0 else { return nil }
    bytes = content + [UInt8](repeating: 0, count: 8)
    left = 8 * content.count - 1 - last.leadingZeroBitCount
  }

  /// Reads `count` bits, at most 56.
  @inline(__always)
  mutating func read(_ count: Int) -> Int {
    left -= count
    return peek(count, at: left)
  }

  /// The next `count` bits, at most 56, without reading them.
  @inline(__always)
  func peek(_ count: Int) -> Int { peek(count, at: left - count) }

  /// Passes over `count` bits.
  @inline(__always)
  mutating func skip(_ count: Int) { left -= count }

  @inline(__always)
  private func peek(_ count: Int, at place: Int) -> Int {
    guard place >= 0 else {
      // Only the bits above the start are there; the others are zeros.
      let missing = -place
      return missing >= count ? 0 : peek(count - missing, at: 0) << missing
    }
    let word = unsafe bytes.withUnsafeBytes { bytes in
      unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place >> 3, as: UInt64.self))
    }
    return Int(word >> UInt64(place & 7) & ((1 << UInt64(count)) - 1))
  }
}
