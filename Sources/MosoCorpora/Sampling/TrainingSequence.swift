/// Tokens that are trained on together: one document, or several behind each other that do not see each other.
public struct TrainingSequence: Sendable, Hashable {
  /// The tokens that the model reads.
  public var tokens: [Int32]
  /// The token that each should predict; negative where nothing is to be learned.
  public var targets: [Int32]
  /// Where documents begin among the tokens, ascending; the first is 0.
  public var starts: [Int]

  /// - Precondition: There are as many targets as tokens, and at least one of each.
  public init(tokens: [Int32], targets: [Int32], starts: [Int] = [0]) {
    precondition(
      tokens.count == targets.count && !tokens.isEmpty, "\(targets.count) targets for \(tokens.count) tokens")
    precondition(starts.first == 0 && starts.allSatisfy { $0 < tokens.count }, "documents begin at \(starts)")
    self.tokens = tokens
    self.targets = targets
    self.starts = starts
  }

  /// Consecutive tokens, each of which should predict the next.
  ///
  /// - Parameter start: The token that begins documents; where it stands, a new one begins.
  public init(_ tokens: some Collection<Int32>, documentStart start: Int32? = nil) {
    let read = Array(tokens.dropLast())
    let starts = [0] + read.indices.dropFirst().filter { read[$0] == start }
    self.init(tokens: read, targets: Array(tokens.dropFirst()), starts: starts)
  }

  /// How many tokens have a target.
  public var targetCount: Int { targets.reduce(0) { $1 < 0 ? $0 : $0 + 1 } }
}
