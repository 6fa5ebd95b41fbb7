/// How often each word occurs: what merges are learned from.
///
/// The words lie one after another in one buffer, and a table of their hashes finds them.
struct WordCounts: Sendable {
  /// The bytes of all words.
  private(set) var text: [UInt8] = []
  /// Where each word begins in `text`; it ends where the next one begins.
  private(set) var starts: [Int] = [0]
  /// How often each word occurs.
  private(set) var counts: [Int] = []
  /// The word at each place of the table, or -1. The number of places is a power of two.
  private var table: [Int32] = Array(repeating: -1, count: 1 << 12)
  private let hash = ByteHash()

  /// The number of different words.
  var count: Int { counts.count }

  /// Where a word lies in `text`.
  func range(_ word: Int) -> Range<Int> { starts[word]..<starts[word + 1] }

  /// Counts the pieces that `splitters` cut a text into, each cutting the pieces of the one before.
  mutating func add(_ text: borrowing ClassifiedText, _ splitters: [Splitter]) {
    add(text, splitters[...], from: 0, limit: text.bytes.count)
  }

  private mutating func add(
    _ text: borrowing ClassifiedText, _ splitters: ArraySlice<Splitter>, from start: Int, limit: Int
  ) {
    guard let splitter = splitters.first else {
      return unsafe text.bytes.withUnsafeBufferPointer { bytes in
        unsafe add(UnsafeBufferPointer(rebasing: bytes[start..<limit]), times: 1)
      }
    }
    var start = start
    while start < limit {
      let end = splitter.endOfPiece(from: start, limit: limit, in: text)
      add(text, splitters.dropFirst(), from: start, limit: end)
      start = end
    }
  }

  /// Counts all that another has counted.
  mutating func add(_ other: WordCounts) {
    unsafe other.text.withUnsafeBufferPointer { bytes in
      for word in 0..<other.count {
        unsafe add(UnsafeBufferPointer(rebasing: bytes[other.range(word)]), times: other.counts[word])
      }
    }
  }

  private mutating func add(_ word: UnsafeBufferPointer<UInt8>, times: Int) {
    guard let base = word.baseAddress, word.count > 0 else { return }
    var place = Int(truncatingIfNeeded: unsafe hash(base, count: word.count)) & (table.count - 1)
    while table[place] >= 0 {
      let found = Int(table[place])
      let range = range(found)
      let isSame =
        unsafe range.count == word.count
        && text.withUnsafeBufferPointer { bytes in
          unsafe bytes.baseAddress.map { unsafe ByteHash.areEqual($0 + range.lowerBound, base, count: word.count) }
            ?? false
        }
      if isSame {
        counts[found] += times
        return
      }
      place = (place + 1) & (table.count - 1)
    }
    table[place] = Int32(counts.count)
    unsafe text.append(contentsOf: word)
    starts.append(text.count)
    counts.append(times)
    if counts.count * 2 > table.count { grow() }
  }

  private mutating func grow() {
    let size = table.count * 2
    table = Array(repeating: -1, count: size)
    for word in 0..<count {
      let range = range(word)
      let hash = unsafe text.withUnsafeBufferPointer { bytes in
        unsafe bytes.baseAddress.map { unsafe self.hash($0 + range.lowerBound, count: range.count) } ?? 0
      }
      var place = Int(truncatingIfNeeded: hash) & (size - 1)
      while table[place] >= 0 { place = (place + 1) & (size - 1) }
      table[place] = Int32(word)
    }
  }
}
