/// The numbers of the pages of a key-value memory, and which of them nobody uses.
struct PagePool: Sendable {
  let capacity: Int
  /// Pages never used so far; a list of all of them would itself take memory.
  private var unused: Range<Int32>
  private var freed: [Int32] = []

  init(capacity: Int) {
    self.capacity = capacity
    unused = 0..<Int32(clamping: capacity)
  }

  var freeCount: Int { unused.count + freed.count }

  /// The page that was given back last, which is the likeliest to be in the processor's caches.
  mutating func take() -> Int32? { freed.popLast() ?? unused.popFirst() }

  mutating func give(_ page: Int32) { freed.append(page) }
}
