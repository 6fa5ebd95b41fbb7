/// Follows a grammar byte by byte through all the ways in which it can read a text.
///
/// A way is a stack of frames: which state of which rule, and how far the rule has counted. Frames are cells that point
/// to the one below, so that ways which differ only at their tops share the rest.
struct StackSimulation {
  struct Cell: Hashable {
    var state: Int32
    var count: Int32
    /// The frame below, or `complete` or `outside`.
    var parent: Int32
    /// How many frames there are up to this one.
    var depth: Int32
  }

  /// Below the first frame of a document: nothing can follow.
  static let complete: Int32 = -1
  /// Below a frame that is looked at without what is below it.
  static let outside: Int32 = -2
  /// Ways that are followed at once; further ones are given up, which allows less and never too much.
  static let maximumHeads = 64

  let tables: GrammarTables
  var cells: [Cell] = []
  var headLimit = Self.maximumHeads
  /// Whether counters only count: nothing is refused for the bounds of a rule, and ended rules stay on the stack.
  var ignoresBounds = false

  init(_ tables: GrammarTables) { self.tables = tables }

  /// Adds to `heads`, whose entries from `base` on are new, what `head` becomes by reading `byte`.
  mutating func step(_ head: Int32, _ byte: UInt8, into heads: inout [Int32], base: Int) {
    guard head >= 0 else { return }
    let cell = cells[Int(head)]
    read(byte, cell.state, cell.count, cell.parent, cell.depth, &heads, base)
  }

  private mutating func read(
    _ byte: UInt8, _ number: Int32, _ count: Int32, _ parent: Int32, _ depth: Int32, _ heads: inout [Int32], _ base: Int
  ) {
    let state = tables.states[Int(number)]
    for index in Int(state.firstByteEdge)..<Int(state.endByteEdge) {
      let edge = tables.byteEdges[index]
      guard byte <= edge.high else { continue }
      if byte >= edge.low { push(edge.target, count + edge.weight, parent, depth, &heads, base) }
      break
    }
    for index in Int(state.firstCall)..<Int(state.endCall) {
      let call = tables.calls[index]
      guard tables.rules[Int(call.rule)].firstBytes.contains(byte),
        let (below, level) = enter(call, count, parent, depth)
      else { continue }
      read(byte, tables.rules[Int(call.rule)].start, 0, below, level, &heads, base)
    }
    if parent >= 0, mayEnd(number, count) {
      let below = cells[Int(parent)]
      read(byte, below.state, below.count, below.parent, below.depth, &heads, base)
    }
  }

  /// Adds to `heads` what `head` becomes by reading a special token.
  mutating func step(_ head: Int32, token: Int32, isSilent: Bool, into heads: inout [Int32]) {
    guard head >= 0 else { return }
    let cell = cells[Int(head)]
    read(token: token, isSilent, cell.state, cell.count, cell.parent, cell.depth, &heads)
  }

  private mutating func read(
    token: Int32, _ isSilent: Bool, _ number: Int32, _ count: Int32, _ parent: Int32, _ depth: Int32,
    _ heads: inout [Int32]
  ) {
    let state = tables.states[Int(number)]
    var target = isSilent ? state.control : -1
    for index in Int(state.firstToken)..<Int(state.endToken) where tables.tokens[index].token == token {
      target = tables.tokens[index].target ?? -1
    }
    if target >= 0 { push(target, count, parent, depth, &heads, 0) }
    for index in Int(state.firstCall)..<Int(state.endCall) {
      let call = tables.calls[index]
      guard let (below, level) = enter(call, count, parent, depth) else { continue }
      read(token: token, isSilent, tables.rules[Int(call.rule)].start, 0, below, level, &heads)
    }
    if parent >= 0, mayEnd(number, count) {
      let below = cells[Int(parent)]
      read(token: token, isSilent, below.state, below.count, below.parent, below.depth, &heads)
    }
  }

  /// The frame to come back to after a call, and the depth of the called frame; `nil` when the call is not possible.
  private mutating func enter(
    _ call: RuleAutomaton.CallEdge, _ count: Int32, _ parent: Int32, _ depth: Int32
  ) -> (below: Int32, depth: Int32)? {
    let after = count + call.weight
    guard isPossible(call.target, after, depth: depth) else { return nil }
    let isTail = isOver(call.target, after)
    let level = isTail ? depth : depth + 1
    if isTail { return (parent, level) }
    cells.append(Cell(state: call.target, count: after, parent: parent, depth: depth))
    return (Int32(cells.count - 1), level)
  }

  private mutating func push(
    _ state: Int32, _ count: Int32, _ parent: Int32, _ depth: Int32, _ heads: inout [Int32], _ base: Int
  ) {
    guard isPossible(state, count, depth: depth), heads.count - base < headLimit else { return }
    if isOver(state, count) {
      if !heads[base...].contains(parent) { heads.append(parent) }
      return
    }
    let cell = Cell(state: state, count: count, parent: parent, depth: depth)
    for head in heads[base...] where head >= 0 && cells[Int(head)] == cell { return }
    cells.append(cell)
    heads.append(Int32(cells.count - 1))
  }

  /// Whether a frame can be ended from a state, within the bounds of its rule and of the depth of the stack.
  private func isPossible(_ state: Int32, _ count: Int32, depth: Int32) -> Bool {
    if !ignoresBounds, !tables.isViable(state, count) { return false }
    guard depth + tables.maximumDepth > GrammarTables.frameLimit else { return true }
    return depth - 1 + tables.depth(state, count) <= GrammarTables.frameLimit
  }

  /// Whether a frame has ended and nothing can be added to it.
  private func isOver(_ state: Int32, _ count: Int32) -> Bool {
    tables.states[Int(state)].isLast && !ignoresBounds && tables.mayEnd(state, count)
  }

  private func mayEnd(_ state: Int32, _ count: Int32) -> Bool {
    ignoresBounds ? tables.states[Int(state)].isFinal : tables.mayEnd(state, count)
  }

  /// Whether the frame of a head and all those below it may end where they are, down to `bottom`.
  func mayEnd(_ head: Int32, downTo bottom: Int32) -> Bool {
    var head = head
    while head >= 0 {
      let cell = cells[Int(head)]
      guard mayEnd(cell.state, cell.count) else { return false }
      head = cell.parent
    }
    return head == bottom
  }

  /// Adds to `mask` the special tokens that can be read in the frame of a state, without leaving it.
  func addSpecialTokens(
    of number: Int32, _ count: Int32, depth: Int32, silent: [UInt64], to mask: inout [UInt64], level: Int = 0
  ) {
    let state = tables.states[Int(number)]
    if state.control >= 0 {
      var allowed = silent
      for index in Int(state.firstToken)..<Int(state.endToken) { allowed.removeIfPresent(tables.tokens[index].token) }
      mask.formUnion(allowed)
    }
    for index in Int(state.firstToken)..<Int(state.endToken) where tables.tokens[index].target != nil {
      mask.insertIfPresent(tables.tokens[index].token)
    }
    for index in Int(state.firstCall)..<Int(state.endCall) {
      let call = tables.calls[index]
      guard isPossible(call.target, count + call.weight, depth: depth) else { continue }
      addSpecialTokens(
        of: tables.rules[Int(call.rule)].start, 0, depth: depth + 1, silent: silent, to: &mask, level: level + 1)
    }
  }
}

extension [UInt64] {
  fileprivate mutating func insertIfPresent(_ token: Int32) {
    if token >= 0, Int(token) >> 6 < count { insert(token) }
  }

  fileprivate mutating func removeIfPresent(_ token: Int32) {
    if token >= 0, Int(token) >> 6 < count { remove(token) }
  }
}
