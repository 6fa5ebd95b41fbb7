/// Merges the symbols of one word, lowest rank first and leftmost among equals, until no two neighbours merge.
///
/// Short words are scanned for the lowest rank each time; long ones keep their pairs in a heap, so that a megabyte without a
/// single cut takes n log n steps. The scratch arrays are kept from word to word.
struct WordMerger {
  /// The symbols of the word: filled in by the caller, merged in place.
  var symbols: [UInt32] = []

  /// What each symbol and the next would merge into, for `mergeByScanning`.
  private var pairs: [UInt64] = []
  private var chain = PairHeap()

  /// Words of up to this many symbols are scanned.
  private static var longestScanned: Int { 48 }

  /// Merges `symbols`.
  mutating func merge(with table: borrowing MergeTable) {
    if symbols.count < 2 { return }
    if symbols.count <= Self.longestScanned {
      mergeByScanning(with: table)
    } else {
      chain.merge(&symbols, with: table)
    }
  }

  private mutating func mergeByScanning(with table: borrowing MergeTable) {
    var count = symbols.count
    pairs.removeAll(keepingCapacity: true)
    for index in 0..<count - 1 { pairs.append(table[symbols[index], symbols[index + 1]]) }
    while count > 1 {
      var best = 0
      var lowest = pairs[0] >> 32
      for index in 1..<max(count - 1, 1) where pairs[index] >> 32 < lowest {
        lowest = pairs[index] >> 32
        best = index
      }
      let merged = pairs[best]
      if merged == MergeTable.none { break }
      symbols[best] = UInt32(truncatingIfNeeded: merged)
      symbols.remove(at: best + 1)
      count -= 1
      pairs.remove(at: best)
      if best < count - 1 { pairs[best] = table[symbols[best], symbols[best + 1]] }
      if best > 0 { pairs[best - 1] = table[symbols[best - 1], symbols[best]] }
    }
  }
}

/// Merging by a heap of pairs over a doubly linked list of symbols.
private struct PairHeap {
  /// Rank in the upper half and position in the lower: the smallest is the next to merge.
  private var heap: [UInt64] = []
  /// What the symbol at each position and its right neighbour would merge into.
  private var pairs: [UInt64] = []
  private var next: [UInt32] = []
  private var previous: [UInt32] = []

  private static var end: UInt32 { .max }

  mutating func merge(_ symbols: inout [UInt32], with table: borrowing MergeTable) {
    let count = symbols.count
    next = (0..<count).map { UInt32(truncatingIfNeeded: $0 + 1) }
    next[count - 1] = Self.end
    previous = (0..<count).map { UInt32(truncatingIfNeeded: $0 - 1) }
    pairs = [UInt64](repeating: MergeTable.none, count: count)
    heap.removeAll(keepingCapacity: true)
    for position in 0..<count - 1 {
      let pair = table[symbols[position], symbols[position + 1]]
      pairs[position] = pair
      if pair != MergeTable.none { heap.append(key(of: pair, at: position)) }
    }
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(from: index) }

    while let lowest = popLowest() {
      let position = Int(lowest & 0xFFFF_FFFF)
      let pair = pairs[position]
      // The pair may have changed, or gone, since it was put in.
      if pair == MergeTable.none || pair >> 32 != lowest >> 32 { continue }
      symbols[position] = UInt32(truncatingIfNeeded: pair)
      let removed = Int(next[position])
      pairs[removed] = MergeTable.none
      next[position] = next[removed]
      if next[removed] != Self.end { previous[Int(next[removed])] = UInt32(truncatingIfNeeded: position) }
      update(position, in: symbols, with: table)
      if previous[position] != Self.end { update(Int(previous[position]), in: symbols, with: table) }
    }

    var kept = 0
    var position: UInt32 = 0
    while position != Self.end {
      symbols[kept] = symbols[Int(position)]
      kept += 1
      position = next[Int(position)]
    }
    symbols.removeLast(count - kept)
    if count > 1 << 16 { (heap, pairs, next, previous) = ([], [], [], []) }
  }

  /// Looks at the pair that starts at `position` again after one of its symbols has changed.
  private mutating func update(_ position: Int, in symbols: [UInt32], with table: borrowing MergeTable) {
    let right = next[position]
    let pair = right == Self.end ? MergeTable.none : table[symbols[position], symbols[Int(right)]]
    pairs[position] = pair
    if pair != MergeTable.none { push(key(of: pair, at: position)) }
  }

  private func key(of pair: UInt64, at position: Int) -> UInt64 { pair & ~0xFFFF_FFFF | UInt64(position) }

  private mutating func push(_ key: UInt64) {
    heap.append(key)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent] <= heap[child] { break }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func popLowest() -> UInt64? {
    guard let lowest = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      siftDown(from: 0)
    }
    return lowest
  }

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      if heap[parent] <= heap[child] { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
