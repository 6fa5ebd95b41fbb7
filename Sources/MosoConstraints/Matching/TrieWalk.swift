/// Walks through the tree of a vocabulary with a simulation, skipping what it cannot read.
struct TrieWalk {
  let trie: TokenTrie
  var simulation: StackSimulation
  private var heads: [Int32] = []
  /// For each depth of the walk, where its heads end and how many cells there were.
  private var levels: [(heads: Int, cells: Int)] = []

  init(_ trie: TokenTrie, _ simulation: StackSimulation) {
    self.trie = trie
    self.simulation = simulation
  }

  /// Visits every node below `node` that can be read from `start`, with the heads that reading it leads to.
  mutating func walk(
    below node: Int32, from start: [Int32], _ visit: (_ node: Int, _ heads: ArraySlice<Int32>, StackSimulation) -> Void
  ) {
    heads = start
    let cellCount = simulation.cells.count
    levels = [(heads.count, cellCount)]
    let top = trie.depth[Int(node)]
    var current = Int(node) + 1
    let last = Int(trie.end[Int(node)])
    while current < last {
      let level = Int(trie.depth[current] - top)
      let (count, cells) = levels[level - 1]
      let first = level >= 2 ? levels[level - 2].heads : 0
      heads.removeSubrange(count...)
      simulation.cells.removeSubrange(cells...)
      let byte = trie.byte[current]
      for index in first..<count { simulation.step(heads[index], byte, into: &heads, base: count) }
      if heads.count == count {
        current = Int(trie.end[current])
        continue
      }
      visit(current, heads[count...], simulation)
      if level < levels.count {
        levels[level] = (heads.count, simulation.cells.count)
      } else {
        levels.append((heads.count, simulation.cells.count))
      }
      current += 1
    }
    simulation.cells.removeSubrange(cellCount...)
  }
}
