/// The walk through the tree of a vocabulary that makes the mask of a frame.
///
/// States that read bytes only, which are almost all that read many tokens, are followed without a stack; a state that
/// calls another rule is left to the simulation.
struct FrameWalk {
  private let trie: TokenTrie
  private let tables: GrammarTables
  private let rule: GrammarTables.Rule
  private let start: Int32
  private let startCount: Int32
  let isUniform: Bool
  private(set) var words: [UInt64]
  private(set) var exits: [FrameMask.Exit] = []
  /// For uniform rules, the tokens by the count that they need.
  private(set) var needs: [[Int32]] = []
  private(set) var deepest: Int32 = 1

  init(_ trie: TokenTrie, _ tables: GrammarTables, state: Int32, count: Int32) {
    self.trie = trie
    self.tables = tables
    rule = tables.rules[Int(tables.states[Int(state)].rule)]
    isUniform = rule.isUniform
    start = state
    startCount = rule.isUniform ? 0 : count
    words = [UInt64](repeating: 0, count: trie.silent.count)
  }

  /// Walks through the whole tree.
  mutating func walkAll() {
    StackSimulation(tables).addSpecialTokens(of: start, startCount, depth: 1, silent: trie.silent, to: &words)
    if tables.states[Int(start)].hasCalls {
      simulate(below: 0, start, startCount)
    } else {
      follow(below: 0, start, startCount)
    }
    for tokens in needs { for token in tokens { words.insert(token) } }
  }

  /// Follows the single path of a state through everything below a node.
  private mutating func follow(below node: Int32, _ state: Int32, _ count: Int32) {
    let trie = trie
    let tables = tables
    let isCounted = rule.bounds != nil
    let top = trie.depth[Int(node)]
    var levels: [(state: Int32, count: Int32)] = [(state, count)]
    levels.reserveCapacity(trie.longestToken + 1)
    var current = Int(node) + 1
    let last = Int(trie.end[Int(node)])
    while current < last {
      let level = Int(trie.depth[current] - top)
      let (state, count) = levels[level - 1]
      guard let edge = tables.byteEdge(from: state, reading: trie.byte[current]) else {
        current = Int(trie.end[current])
        continue
      }
      let target = edge.target
      let counted = count + edge.weight
      if isCounted, !isUniform, !tables.isViable(target, counted) {
        current = Int(trie.end[current])
        continue
      }
      visit(current, target, counted)
      let next = tables.states[Int(target)]
      if next.hasCalls {
        simulate(below: Int32(current), target, counted)
        current = Int(trie.end[current])
        continue
      }
      if next.isLast {
        current = Int(trie.end[current])
        continue
      }
      levels.removeSubrange(level...)
      levels.append((target, counted))
      current += 1
    }
  }

  /// Notes what a node means for the frame.
  private mutating func visit(_ node: Int, _ number: Int32, _ count: Int32) {
    let first = Int(trie.tokenStart[node])
    let last = Int(trie.tokenStart[node + 1])
    let state = tables.states[Int(number)]
    if isUniform {
      if state.isFinal { exits.append(.init(node: Int32(node), weight: count)) }
      guard first < last, !state.isLast, let table = rule.tables.last?.table,
        let least = table.next(from: Int(number - rule.start), least: 0)
      else { return }
      let need = Int(count) + least
      while needs.count <= need { needs.append([]) }
      for index in first..<last { needs[need].append(trie.nodeTokens[index]) }
      return
    }
    for index in first..<last { words.insert(trie.nodeTokens[index]) }
    if state.isFinal, Int(trie.end[node]) > node + 1, tables.mayEnd(number, count) {
      exits.append(.init(node: Int32(node), weight: 0))
    }
  }

  /// Follows a state that calls rules, which uniform rules do not have.
  private mutating func simulate(below node: Int32, _ state: Int32, _ count: Int32) {
    let trie = trie
    var simulation = StackSimulation(tables)
    simulation.cells = [.init(state: state, count: count, parent: StackSimulation.outside, depth: 1)]
    var walk = TrieWalk(trie, simulation)
    walk.walk(below: node, from: [0]) { node, heads, simulation in
      for index in Int(trie.tokenStart[node])..<Int(trie.tokenStart[node + 1]) { words.insert(trie.nodeTokens[index]) }
      for head in heads where head >= 0 { deepest = max(deepest, simulation.cells[Int(head)].depth) }
      if Int(trie.end[node]) > node + 1,
        heads.contains(where: { simulation.mayEnd($0, downTo: StackSimulation.outside) })
      {
        exits.append(.init(node: Int32(node), weight: 0))
      }
    }
  }

  /// Walks only where `start` and `other` read something else; everywhere else the mask of `other` holds.
  ///
  /// - Precondition: The rule does not count, and `GrammarTables.reads(_:like:)` is true of both states.
  mutating func walkDifferences(from other: Int32, _ mask: FrameMask) {
    words = mask.words
    var known = mask.exits[...]
    var current = 1
    var levels: [(state: Int32, other: Int32)] = [(start, other)]
    while current < trie.byte.count {
      let level = Int(trie.depth[current])
      let (state, like) = levels[level - 1]
      let own = tables.byteEdge(from: state, reading: trie.byte[current])
      let others = tables.byteEdge(from: like, reading: trie.byte[current])
      let end = Int(trie.end[current])
      if own?.target == others?.target {
        while let exit = known.first, exit.node < end { exits.append(known.removeFirst()) }
        current = end
        continue
      }
      let isSimple = others.map { !tables.states[Int($0.target)].hasCalls } ?? false
      guard let own, isSimple, let others, !tables.states[Int(own.target)].hasCalls else {
        // Nothing of what is known helps below this node.
        for index in Int(trie.tokenStart[current])..<Int(trie.tokenStart[end]) { words.remove(trie.nodeTokens[index]) }
        while let exit = known.first, exit.node < end { known.removeFirst() }
        if let own { restart(at: current, own.target) }
        current = end
        continue
      }
      if let exit = known.first, exit.node == current { known.removeFirst() }
      visit(current, own.target, 0)
      levels.removeSubrange(level...)
      levels.append((own.target, others.target))
      current += 1
    }
  }

  private mutating func restart(at node: Int, _ state: Int32) {
    visit(node, state, 0)
    if tables.states[Int(state)].hasCalls {
      simulate(below: Int32(node), state, 0)
    } else {
      follow(below: Int32(node), state, 0)
    }
  }
}
