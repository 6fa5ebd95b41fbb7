/// Where the text of one sequence stands in a grammar: a value, so that a copy can go another way.
///
/// ```swift
/// var matcher = ConstraintMatcher(constraint)
/// while !matcher.isEnded {
///   let token = sample(allowing: matcher.allowed())
///   matcher.accept(token)
/// }
/// ```
public struct ConstraintMatcher: Sendable {
  private let constraint: Constraint
  private var cells: [StackSimulation.Cell]
  private var heads: [Int32]
  /// Whether generation has been ended by a token that does so.
  public private(set) var isEnded = false

  /// A matcher before the first token.
  public init(_ constraint: Constraint) {
    self.constraint = constraint
    let start = constraint.tables.start
    cells = [.init(state: start, count: 0, parent: StackSimulation.complete, depth: 1)]
    heads = [0]
  }

  /// The tokens that may come next. There always is one, until generation has ended.
  public func allowed() -> TokenMask {
    let trie = constraint.trie
    guard !isEnded else { return TokenMask(words: trie.silent.map { _ in 0 }, vocabularySize: trie.vocabularySize) }
    return constraint.mask(simulation, heads)
  }

  /// Goes on by a token.
  ///
  /// - Returns: Whether the token is allowed; if it is not, nothing has changed.
  @discardableResult
  public mutating func accept(_ token: Int32) -> Bool {
    guard !isEnded else { return false }
    let trie = constraint.trie
    if trie.endOfGeneration.contains(token), mayEnd {
      isEnded = true
      return true
    }
    var simulation = simulation
    var next: [Int32] = []
    for head in heads { simulation.step(head, token: token, isSilent: trie.silent.contains(token), into: &next) }
    let bytes = trie.bytes(of: token)
    // Each stack by itself and with more room than a mask has, so that what a mask has found is found again.
    simulation.headLimit = 4 * StackSimulation.maximumHeads
    for head in bytes.isEmpty ? [] : heads {
      var current = [head]
      for byte in bytes where !current.isEmpty {
        var following: [Int32] = []
        for head in current { simulation.step(head, byte, into: &following, base: 0) }
        current = following
      }
      next += current
    }
    guard !next.isEmpty else { return false }
    keep(next, of: simulation)
    return true
  }

  /// Whether what has been written is complete, so that generation may end here.
  public var mayEnd: Bool {
    guard !isEnded else { return true }
    let simulation = simulation
    return heads.contains { simulation.mayEnd($0, downTo: StackSimulation.complete) }
  }

  /// Whether nothing can be added to what has been written.
  public var mustEnd: Bool { isEnded || heads.allSatisfy { $0 < 0 } }

  private var simulation: StackSimulation {
    var simulation = StackSimulation(constraint.tables)
    simulation.cells = cells
    return simulation
  }

  /// Keeps the cells of `heads` alone, each only once.
  private mutating func keep(_ next: [Int32], of simulation: StackSimulation) {
    var kept: [StackSimulation.Cell] = []
    var numbers: [StackSimulation.Cell: Int32] = [:]
    var result: [Int32] = []
    for head in next {
      var path: [StackSimulation.Cell] = []
      var current = head
      while current >= 0 {
        path.append(simulation.cells[Int(current)])
        current = path[path.count - 1].parent
      }
      var below = current
      for var cell in path.reversed() {
        cell.parent = below
        if let number = numbers[cell] {
          below = number
        } else {
          below = Int32(kept.count)
          numbers[cell] = below
          kept.append(cell)
        }
      }
      if !result.contains(below) { result.append(below) }
    }
    cells = kept
    heads = Array(result.prefix(StackSimulation.maximumHeads))
  }
}
