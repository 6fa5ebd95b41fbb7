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
  /// In the order of their nodes.
  let exits: [Exit]
  /// Whether the rule's bounds have yet to be applied.
  let isUniform: Bool
  /// How many frames, from this one on, the bound of depth was far enough away for.
  let height: Int32

  /// Walks through the whole tree from one frame.
  init(_ trie: TokenTrie, _ tables: GrammarTables, state: Int32, count: Int32) {
    var walk = FrameWalk(trie, tables, state: state, count: count)
    walk.walkAll()
    words = walk.words
    exits = walk.exits
    isUniform = walk.isUniform
    height = walk.deepest + 1 + tables.maximumDepth
    tokensByNeed = walk.needs.flatMap { $0 }
    var start = 0
    needStart =
      [0]
      + walk.needs.map { tokens in
        start += tokens.count
        return start
      }
  }

  /// Walks only where the frame reads something else than a frame like it, whose mask is known.
  init(_ trie: TokenTrie, _ tables: GrammarTables, state: Int32, like other: Int32, _ mask: FrameMask) {
    var walk = FrameWalk(trie, tables, state: state, count: 0)
    walk.walkDifferences(from: other, mask)
    words = walk.words
    exits = walk.exits
    isUniform = false
    height = max(mask.height, walk.deepest + 1 + tables.maximumDepth)
    tokensByNeed = []
    needStart = [0]
  }

  /// What it takes, in bytes.
  var memory: Int {
    8 * words.count + 4 * tokensByNeed.count + 8 * needStart.count + MemoryLayout<Exit>.stride * exits.count + 128
  }

  /// Adds the tokens within the frame to `mask`.
  ///
  /// - Parameter room: How much the frame may still count.
  func add(to mask: inout [UInt64], room: Int) {
    guard isUniform, room < needStart.count - 2 else { return mask.formUnion(words) }
    let split = needStart[room + 1]
    if split > tokensByNeed.count / 2 {
      var allowed = words
      for token in tokensByNeed[split...] { allowed.remove(token) }
      mask.formUnion(allowed)
    } else {
      for token in tokensByNeed[..<split] { mask.insert(token) }
    }
  }
}
