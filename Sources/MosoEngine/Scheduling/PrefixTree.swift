import HeapModule

/// Pages of keys and values that may be read again: a tree in which a node is one page and a path is a prefix.
///
/// Full pages are shared. Those that end a path may also be filled in part; of these, as of full ones that differ further on,
/// whoever begins alike takes a copy.
///
/// Pages are found by the tokens they hold, compared one by one, so that no collision of hashes can hand out a wrong page.
/// Each owner has a root of their own: nobody can find, or learn by timing, what somebody else has sent.
struct PrefixTree: Sendable {
  typealias NodeID = Int

  private struct Child: Hashable, Sendable {
    let parent: NodeID
    let tokens: [Int32]
  }

  private struct Node: Sendable {
    let place: Child
    let page: Int32
    /// How many sequences have the page in their tables.
    var users = 1
    var children = 0
    var lastUse: UInt64 = 0
  }

  /// A node that could be dropped when it was put here; whether it still can is asked when its turn comes.
  private struct Candidate: Comparable, Sendable {
    let lastUse: UInt64
    let node: NodeID

    static func < (one: Candidate, other: Candidate) -> Bool {
      one.lastUse == other.lastUse ? one.node > other.node : one.lastUse < other.lastUse
    }
  }

  /// Roots have negative numbers and no page.
  private var roots: [String: NodeID] = [:]
  private var nodes: [NodeID: Node] = [:]
  private var index: [Child: NodeID] = [:]
  /// The newest node of those that begin with the same few tokens.
  private var beginnings: [Child: NodeID] = [:]
  /// How many tokens such a beginning has.
  private let beginningLength: Int
  private var candidates = Heap<Candidate>()
  private var nextNode = 0
  private var clock: UInt64 = 0
  /// How many pages are kept though no sequence uses them.
  private(set) var unusedCount = 0

  init(beginningLength: Int) {
    self.beginningLength = beginningLength
  }

  var count: Int { nodes.count }

  /// The root of an owner's prefixes.
  mutating func root(of owner: String) -> NodeID {
    if let root = roots[owner] { return root }
    let root = -1 - roots.count
    roots[owner] = root
    return root
  }

  /// The page that holds `tokens` after the prefix that ends with `parent`.
  func find(_ tokens: ArraySlice<Int32>, after parent: NodeID) -> (node: NodeID, page: Int32)? {
    guard let id = index[Child(parent: parent, tokens: Array(tokens))], let node = nodes[id] else { return nil }
    return (id, node.page)
  }

  /// A page after the prefix that ends with `parent` which begins like `tokens`, and with how many of them.
  func findBeginning(of tokens: ArraySlice<Int32>, after parent: NodeID) -> (node: NodeID, page: Int32, count: Int)? {
    guard tokens.count >= beginningLength,
      let id = beginnings[Child(parent: parent, tokens: Array(tokens.prefix(beginningLength)))], let node = nodes[id]
    else { return nil }
    return (id, node.page, zip(node.place.tokens, tokens).prefix { $0 == $1 }.count)
  }

  /// Puts `page` after `parent`; its one user is whoever filled it.
  ///
  /// - Precondition: `find` finds nothing there.
  mutating func insert(_ tokens: ArraySlice<Int32>, page: Int32, after parent: NodeID) -> NodeID {
    let place = Child(parent: parent, tokens: Array(tokens))
    precondition(index[place] == nil, "a page that is there already")
    let id = nextNode
    nextNode += 1
    nodes[id] = Node(place: place, page: page)
    index[place] = id
    if let beginning = beginning(of: place) { beginnings[beginning] = id }
    nodes[parent]?.children += 1
    return id
  }

  private func beginning(of place: Child) -> Child? {
    guard place.tokens.count >= beginningLength else { return nil }
    return Child(parent: place.parent, tokens: Array(place.tokens.prefix(beginningLength)))
  }

  /// One more sequence uses `node`.
  mutating func retain(_ node: NodeID) {
    guard let users = nodes[node]?.users else { preconditionFailure("a node that is not in the tree") }
    if users == 0 { unusedCount -= 1 }
    nodes[node]?.users = users + 1
  }

  /// One sequence less uses the nodes of `path`, the last of which is the deepest.
  mutating func release(_ path: some BidirectionalCollection<NodeID>) {
    clock += 1
    for id in path.reversed() {
      guard var node = nodes[id] else { preconditionFailure("a node that is not in the tree") }
      node.users -= 1
      node.lastUse = clock
      nodes[id] = node
      if node.users == 0 {
        unusedCount += 1
        if node.children == 0 { candidates.insert(Candidate(lastUse: clock, node: id)) }
      }
    }
  }

  /// Drops the page that was used the longest time ago, and of these the one furthest from the root.
  mutating func evict() -> Int32? {
    while let candidate = candidates.popMin() {
      guard let node = nodes[candidate.node], node.users == 0, node.children == 0, node.lastUse == candidate.lastUse
      else { continue }
      nodes[candidate.node] = nil
      index[node.place] = nil
      if let beginning = beginning(of: node.place), beginnings[beginning] == candidate.node {
        beginnings[beginning] = nil
      }
      unusedCount -= 1
      if var parent = nodes[node.place.parent] {
        parent.children -= 1
        nodes[node.place.parent] = parent
        if parent.children == 0 && parent.users == 0 {
          candidates.insert(Candidate(lastUse: parent.lastUse, node: node.place.parent))
        }
      }
      return node.page
    }
    return nil
  }
}
