/// How often each pair of neighbouring symbols occurs, and in which words.
struct PairCounts {
  /// The pairs in the order in which they were first seen.
  private(set) var pairs: [SymbolPair] = []
  /// How often each occurs.
  private(set) var counts: [Int] = []
  /// The words in which it came up, some of them more than once, and some that no longer have it.
  private var words: [[Int32]] = []
  /// The pair at each place of a table of hashes, or -1.
  private var table: [Int32] = Array(repeating: -1, count: 1 << 16)

  /// Adds `change` to how often a pair occurs; it did in `word`.
  ///
  /// - Returns: The number of the pair.
  @discardableResult
  mutating func add(_ pair: SymbolPair, _ change: Int, in word: Int32?) -> Int {
    let index = index(of: pair)
    counts[index] += change
    if let word, words[index].last != word { words[index].append(word) }
    return index
  }

  /// The words in which a pair may be, which are forgotten.
  mutating func takeWords(_ index: Int) -> [Int32] {
    defer { words[index] = [] }
    return words[index]
  }

  private mutating func index(of pair: SymbolPair) -> Int {
    let mask = table.count - 1
    var place = pair.hash & mask
    while table[place] >= 0 {
      if pairs[Int(table[place])] == pair { return Int(table[place]) }
      place = (place + 1) & mask
    }
    let index = pairs.count
    table[place] = Int32(index)
    pairs.append(pair)
    counts.append(0)
    words.append([])
    if pairs.count * 2 > table.count { grow() }
    return index
  }

  private mutating func grow() {
    let size = table.count * 2
    table = Array(repeating: -1, count: size)
    for (index, pair) in pairs.enumerated() {
      var place = pair.hash & (size - 1)
      while table[place] >= 0 { place = (place + 1) & (size - 1) }
      table[place] = Int32(index)
    }
  }
}

/// Two symbols next to each other.
struct SymbolPair: Equatable, Comparable {
  var left: Int32
  var right: Int32

  static func < (one: SymbolPair, other: SymbolPair) -> Bool {
    one.left == other.left ? one.right < other.right : one.left < other.left
  }

  /// Spread over all bits, by Fibonacci's multiplier.
  var hash: Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    let product = key &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: (product >> 20) ^ (product >> 44))
  }
}
