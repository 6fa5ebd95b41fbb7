/// How long a model may think: when its thoughts take more tokens, they are ended for it.
public struct ThoughtBudget: Sendable, Hashable {
  /// The most tokens of thoughts.
  public var most: Int
  /// What begins thoughts, as text.
  public var opening: String
  /// What ends them, as text.
  public var closing: String
  /// The tokens that are written in the model's place when its time is over.
  public var closingTokens: [Int32]
  /// Whether the prompt has begun the thoughts.
  public var isOpen: Bool

  /// A budget for thoughts between two markers.
  public init(most: Int, opening: String, closing: String, closingTokens: [Int32], isOpen: Bool) {
    self.most = most
    self.opening = opening
    self.closing = closing
    self.closingTokens = closingTokens
    self.isOpen = isOpen
  }
}

/// Follows an answer and says when its thoughts have to end.
struct ThoughtTimer: Sendable {
  private enum Phase { case before, thinking, after }

  private let budget: ThoughtBudget
  private var phase: Phase
  private var count = 0
  /// What was written lately, as far as it may be a part of a marker.
  private var tail: [UInt8] = []
  private var forced: ArraySlice<Int32> = []

  init(_ budget: ThoughtBudget) {
    self.budget = budget
    phase = budget.isOpen ? .thinking : .before
  }

  /// The token that has to come next; `nil` when the model may choose.
  mutating func nextForced() -> Int32? { forced.popFirst() }

  /// Takes note of a token by its bytes; of a control token, its spelling.
  mutating func append(_ bytes: [UInt8]) {
    guard phase != .after else { return }
    tail += bytes
    switch phase {
    case .before:
      let marker = Array(budget.opening.utf8)
      let text = tail.drop { $0 == 0x20 || $0 == 0x0A }
      if text.starts(with: marker) {
        phase = .thinking
        tail = []
      } else if !marker.starts(with: text) {
        phase = .after
      }
    case .thinking:
      count += 1
      let marker = Array(budget.closing.utf8)
      if Self.contains(tail, marker) {
        phase = .after
        forced = []
      } else if count >= budget.most && forced.isEmpty {
        forced = budget.closingTokens[...]
      }
      tail = tail.suffix(marker.count - 1)
    case .after: break
    }
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard text.count >= part.count else { return false }
    return (0...text.count - part.count).contains { text[$0..<$0 + part.count].elementsEqual(part) }
  }
}
