/// Remembers where in a text a piece was met last and which tokens it became, since most words of a text come again.
///
/// A piece is kept as its place in the text and the place of its tokens in the output: nothing is copied. A place in the
/// table belongs to whichever piece came last.
struct RecentPieces {
  private struct Entry {
    var start: UInt32 = 0
    var firstToken: UInt32 = 0
    var length: UInt16 = 0
    var tokenCount: UInt16 = 0
  }

  private var entries: [Entry]
  private let mask: Int
  private let hash = ByteHash()

  /// Pieces longer than this are not remembered.
  static var longest: Int { 128 }

  /// Makes a table that suits a text of `byteCount` bytes.
  init(byteCount: Int) {
    var size = 64
    while size < 1 << 15, size * 16 < byteCount { size *= 2 }
    entries = [Entry](repeating: Entry(), count: size)
    mask = size - 1
  }

  /// The place in the table for the piece at `range`.
  @inline(__always)
  func slot(of range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Int {
    guard let base = text.baseAddress else { return 0 }
    return unsafe Int(truncatingIfNeeded: hash(base + range.lowerBound, count: range.count)) & mask
  }

  /// Where the tokens of the piece at `range` are in the output, if it is the one that `slot` remembers.
  @inline(__always)
  func tokens(at slot: Int, range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    let entry = entries[slot]
    guard Int(entry.length) == range.count, let base = text.baseAddress,
      unsafe ByteHash.areEqual(base + Int(entry.start), base + range.lowerBound, count: range.count)
    else { return nil }
    return Int(entry.firstToken)..<Int(entry.firstToken) + Int(entry.tokenCount)
  }

  /// Remembers the tokens of the piece at `range`.
  @inline(__always)
  mutating func remember(_ range: Range<Int>, tokens: Range<Int>, at slot: Int) {
    guard range.upperBound <= UInt32.max, tokens.upperBound <= UInt32.max else { return }
    entries[slot] = Entry(
      start: UInt32(truncatingIfNeeded: range.lowerBound), firstToken: UInt32(truncatingIfNeeded: tokens.lowerBound),
      length: UInt16(truncatingIfNeeded: range.count), tokenCount: UInt16(truncatingIfNeeded: tokens.count))
  }
}
