/// An automaton under construction: several edges may read the same, and some read nothing.
struct NondeterministicAutomaton {
  /// What an edge reads.
  enum Symbol: Hashable {
    case bytes(UInt8, UInt8)
    case call(rule: Int32, weight: Int32)
    case token(Int32)
    /// Any control token but these.
    case control(except: [Int32])
  }

  struct Edge {
    var symbol: Symbol
    var target: Int32
  }

  private(set) var edges: [[Edge]] = [[]]
  private(set) var skips: [[Int32]] = [[]]

  mutating func addState() -> Int32 {
    edges.append([])
    skips.append([])
    return Int32(edges.count - 1)
  }

  mutating func connect(_ from: Int32, _ symbol: Symbol, to target: Int32) {
    edges[Int(from)].append(Edge(symbol: symbol, target: target))
  }

  mutating func skip(_ from: Int32, to target: Int32) {
    skips[Int(from)].append(target)
  }

  /// Adds an edge to a new state, which is returned.
  mutating func append(_ symbol: Symbol, from: Int32) -> Int32 {
    let target = addState()
    connect(from, symbol, to: target)
    return target
  }

  /// Reads `text` byte for byte.
  mutating func append(literal text: some Sequence<UInt8>, from: Int32) -> Int32 {
    var state = from
    for byte in text { state = append(.bytes(byte, byte), from: state) }
    return state
  }

  /// Reads a byte and at most one space after it, as models are used to after a colon or a comma.
  mutating func append(punctuation byte: UInt8, from: Int32) -> Int32 {
    let state = append(.bytes(byte, byte), from: from)
    let end = append(.bytes(0x20, 0x20), from: state)
    skip(state, to: end)
    return end
  }
}
