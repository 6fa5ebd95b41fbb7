/// Pairs by how often they occurred when they were put in: the most frequent first, then the one with the smallest symbols.
struct PairQueue {
  struct Entry {
    var count: Int
    var pair: SymbolPair
    var index: Int

    func comes(before other: Entry) -> Bool {
      count == other.count ? pair < other.pair : count > other.count
    }
  }

  private var heap: [Entry] = []

  mutating func push(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if !heap[child].comes(before: heap[parent]) { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> Entry? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return top }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].comes(before: heap[child]) { child += 1 }
      if !heap[child].comes(before: heap[parent]) { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return top
  }
}
