/// The tokens that can be read within one frame, and where in the tree of the vocabulary the frame may end.
///
/// Most of the work of a mask is in here, and it does not depend on what is below the frame.
final class FrameMask: Sendable {
  /// A node of the tree at which the frame may end; what follows is read by the frame below.
  struct Exit {
    let node: Int32
    /// How much the frame has counted until there.
    let weight: Int32
  }

  /// The tokens after which the frame goes on or has just ended.
  let words: [UInt64]
  /// For frames whose bounds are looked at later: tokens in the order of the count that they need.
  let tokensByNeed: [Int32]
  /// Where the tokens of each need begin in `tokensByNeed`; one entry more than needs.
  let needStart: [Int]
  let exits: [Exit]
  /// Whether the rule's bounds have yet to be applied.
  let isUniform: Bool
  /// How many frames, from this one on, the bound of depth was far enough away for.
  let height: Int32

  /// Walks through the whole tree from one frame.
  init(_ trie: TokenTrie, _ tables: GrammarTables, state: Int32, count: Int32) {
    let rule = tables.rules[Int(tables.states[Int(state)].rule)]
    isUniform = rule.isUniform
    var simulation = StackSimulation(tables)
    simulation.ignoresBounds = rule.isUniform
    simulation.cells = [
      .init(state: state, count: rule.isUniform ? 0 : count, parent: StackSimulation.outside, depth: 1)
    ]
    var words = [UInt64](repeating: 0, count: trie.silent.count)
    simulation.addSpecialTokens(of: state, count, depth: 1, silent: trie.silent, to: &words)
    var exits: [Exit] = []
    var needs: [[Int32]] = []
    var walk = TrieWalk(trie, simulation)
    let isUniform = isUniform
    var deepest: Int32 = 1
    walk.walk(below: 0, from: [0]) { node, heads, simulation in
      let tokens = Int(trie.tokenStart[node])..<Int(trie.tokenStart[node + 1])
      for head in heads where head >= 0 { deepest = max(deepest, simulation.cells[Int(head)].depth) }
      if isUniform {
        for head in heads where head >= 0 {
          let cell = simulation.cells[Int(head)]
          let state = tables.states[Int(cell.state)]
          if state.isFinal { exits.append(Exit(node: Int32(node), weight: cell.count)) }
          guard !state.isLast, let table = rule.tables.last?.table,
            let least = table.next(from: Int(cell.state - rule.start), least: 0)
          else { continue }
          let need = Int(cell.count) + least
          while needs.count <= need { needs.append([]) }
          for index in tokens { needs[need].append(trie.nodeTokens[index]) }
        }
      } else {
        for index in tokens { words.insert(trie.nodeTokens[index]) }
        if Int(trie.end[node]) > node + 1,
          heads.contains(where: { simulation.mayEnd($0, downTo: StackSimulation.outside) })
        {
          exits.append(Exit(node: Int32(node), weight: 0))
        }
      }
    }
    for tokens in needs { for token in tokens { words.insert(token) } }
    self.words = words
    height = deepest + 1 + tables.maximumDepth
    self.exits = exits
    tokensByNeed = needs.flatMap { $0 }
    var start = 0
    needStart =
      [0]
      + needs.map { tokens in
        start += tokens.count
        return start
      }
  }

  /// Adds the tokens within the frame to `mask`.
  ///
  /// - Parameter room: How much the frame may still count.
  func add(to mask: inout [UInt64], room: Int) {
    guard isUniform, room < needStart.count - 1 else { return mask.formUnion(words) }
    let split = needStart[min(room + 1, needStart.count - 1)]
    if split > tokensByNeed.count / 2 {
      var allowed = words
      for token in tokensByNeed[split...] { allowed.remove(token) }
      mask.formUnion(allowed)
    } else {
      for token in tokensByNeed[..<split] { mask.insert(token) }
    }
  }
}
