public import MosoTokenizers
import Synchronization

/// A grammar for the tokens of one vocabulary, with the masks that have been made so far.
///
/// It may be used from many threads; each text that is generated has a ``ConstraintMatcher`` of its own.
public final class Constraint: Sendable {
  /// The vocabulary.
  public let trie: TokenTrie
  let tables: GrammarTables
  private let frameMasks = Mutex(MaskCache<FrameKey, FrameMask>())
  private let masks = Mutex(MaskCache<[Int32], TokenMask>())

  /// The most memory for the masks of frames and for those of whole stacks, each.
  private static let cacheBytes = 16 << 20

  /// What decides the mask of a frame: its state, and how far its counter is from the rule's bounds.
  struct FrameKey: Hashable {
    let state: Int32
    let least: Int32
    let most: Int32
  }

  /// Prepares a grammar for a vocabulary.
  ///
  /// - Throws: An error when nothing of the grammar can be written with the bytes of the vocabulary.
  public init(_ grammar: Grammar, _ trie: TokenTrie) throws(GrammarError) {
    self.trie = trie
    tables = try GrammarTables(grammar, bytes: trie.singleBytes, tokenCount: trie.vocabularySize)
  }

  /// Prepares a grammar for a tokenizer that is used only once; otherwise share its ``TokenTrie``.
  public convenience init(_ grammar: Grammar, _ tokenizer: Tokenizer) throws(GrammarError) {
    try self.init(grammar, TokenTrie(tokenizer))
  }

  /// What the grammar and the masks made so far take, in bytes, without the vocabulary's tree.
  public var memory: Int {
    tables.memory + frameMasks.withLock { $0.bytes } + masks.withLock { $0.bytes }
  }

  /// The tokens that may follow the stacks of `simulation` that end in `heads`.
  func mask(_ simulation: StackSimulation, _ heads: [Int32]) -> TokenMask {
    let key = self.key(of: simulation, heads)
    if let mask = masks.withLock({ $0[key] }) { return mask }
    let mask = makeMask(simulation, heads)
    masks.withLock { $0.keep(mask, for: key, size: 8 * mask.words.count + 4 * key.count + 128, limit: Self.cacheBytes) }
    return mask
  }

  private func makeMask(_ simulation: StackSimulation, _ heads: [Int32]) -> TokenMask {
    var words = [UInt64](repeating: 0, count: trie.silent.count)
    var walk = TrieWalk(trie, simulation)
    for head in heads { add(head, &walk, to: &words) }
    if heads.contains(where: { simulation.mayEnd($0, downTo: StackSimulation.complete) }) {
      words.formUnion(trie.endOfGeneration)
    }
    return TokenMask(words: words, vocabularySize: trie.vocabularySize)
  }

  /// Adds the tokens that a stack can read, out of the masks of its frames.
  private func add(_ head: Int32, _ walk: inout TrieWalk, to words: inout [UInt64]) {
    guard head >= 0 else { return }
    let cell = walk.simulation.cells[Int(head)]
    let mask = frameMask(cell)
    // Near the bound of depth it matters what is below a frame.
    guard cell.depth - 1 + mask.height <= GrammarTables.frameLimit else { return addDirectly(head, &walk, to: &words) }
    let bounds = tables.rules[Int(tables.states[Int(cell.state)].rule)].bounds
    let maximum = bounds?.maximum ?? .max
    mask.add(to: &words, room: maximum - Int(cell.count))
    for exit in mask.exits {
      if mask.isUniform {
        guard bounds?.contains(Int(cell.count + exit.weight)) ?? true else { continue }
        let node = Int(exit.node)
        for index in Int(trie.tokenStart[node])..<Int(trie.tokenStart[node + 1]) {
          words.insert(trie.nodeTokens[index])
        }
      }
      addTokens(below: exit.node, from: cell.parent, &walk, to: &words)
    }
    if tables.mayEnd(cell.state, cell.count) { add(cell.parent, &walk, to: &words) }
  }

  private func addTokens(below node: Int32, from head: Int32, _ walk: inout TrieWalk, to words: inout [UInt64]) {
    guard head >= 0, Int(trie.end[Int(node)]) > Int(node) + 1 else { return }
    let trie = trie
    walk.walk(below: node, from: [head]) { node, _, _ in
      for index in Int(trie.tokenStart[node])..<Int(trie.tokenStart[node + 1]) { words.insert(trie.nodeTokens[index]) }
    }
  }

  /// Adds the tokens that a stack can read, by following it through the whole tree.
  private func addDirectly(_ head: Int32, _ walk: inout TrieWalk, to words: inout [UInt64]) {
    addTokens(below: 0, from: head, &walk, to: &words)
    var head = head
    while head >= 0 {
      let cell = walk.simulation.cells[Int(head)]
      walk.simulation.addSpecialTokens(of: cell.state, cell.count, depth: cell.depth, silent: trie.silent, to: &words)
      head = tables.mayEnd(cell.state, cell.count) ? cell.parent : StackSimulation.complete
    }
  }

  private func frameMask(_ cell: StackSimulation.Cell) -> FrameMask {
    let rule = tables.rules[Int(tables.states[Int(cell.state)].rule)]
    if let standard = rule.standard {
      let frame = TokenTrie.SharedFrame(rule: standard, state: cell.state - rule.start)
      if let mask = trie.sharedMasks.withLock({ $0[frame] }) { return mask }
      let mask = FrameMask(trie, tables, state: cell.state, count: cell.count)
      trie.sharedMasks.withLock { $0[frame] = mask }
      return mask
    }
    let key = frameKey(cell)
    if let mask = frameMasks.withLock({ $0[key] }) { return mask }
    let mask = makeFrameMask(cell, rule)
    frameMasks.withLock { $0.keep(mask, for: key, size: mask.memory, limit: Self.cacheBytes) }
    return mask
  }

  private func makeFrameMask(_ cell: StackSimulation.Cell, _ rule: GrammarTables.Rule) -> FrameMask {
    let usual = rule.usualState
    guard rule.bounds == nil, usual != cell.state, tables.reads(cell.state, like: usual) else {
      return FrameMask(trie, tables, state: cell.state, count: cell.count)
    }
    let known = frameMask(StackSimulation.Cell(state: usual, count: 0, parent: StackSimulation.outside, depth: 1))
    return FrameMask(trie, tables, state: cell.state, like: usual, known)
  }

  /// What decides the mask of a frame; counters that are far from their bounds are alike.
  private func frameKey(_ cell: StackSimulation.Cell) -> FrameKey {
    let rule = tables.rules[Int(tables.states[Int(cell.state)].rule)]
    guard let bounds = rule.bounds, let table = rule.tables.last?.table else {
      return FrameKey(state: cell.state, least: 0, most: -1)
    }
    let (least, most) = distances(Int(cell.count), bounds, table)
    return rule.isUniform
      ? FrameKey(state: cell.state, least: 0, most: -1) : FrameKey(state: cell.state, least: least, most: most)
  }

  /// How much a counter has to and may still count; -1 for as much as it likes.
  private func distances(_ count: Int, _ bounds: CountBounds, _ table: CountTable) -> (least: Int32, most: Int32) {
    var least = max(bounds.minimum - count, 0)
    let most = bounds.maximum.map { $0 - count } ?? .max
    let far = trie.longestToken + table.settled
    guard most >= max(least, far) + far + table.repeatLength else {
      return (Int32(clamping: least), Int32(clamping: most))
    }
    if least > far { least = far + 1 + (least - far - 1) % table.repeatLength }
    return (Int32(clamping: least), -1)
  }

  /// The stacks as numbers: two that have the same are followed by the same tokens.
  private func key(of simulation: StackSimulation, _ heads: [Int32]) -> [Int32] {
    var key: [Int32] = []
    for head in heads {
      var next = head
      while next >= 0 {
        let cell = simulation.cells[Int(next)]
        let rule = tables.rules[Int(tables.states[Int(cell.state)].rule)]
        key.append(cell.state)
        if let bounds = rule.bounds, let table = rule.tables.last?.table {
          let (least, most) = distances(Int(cell.count), bounds, table)
          key.append(least)
          key.append(most)
        }
        next = cell.parent
      }
      key.append(next)
    }
    return key
  }
}
