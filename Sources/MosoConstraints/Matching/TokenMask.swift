/// Which tokens may come next: one bit for each token of the vocabulary.
public struct TokenMask: Sendable {
  /// The bits; token 0 is the lowest bit of the first word, and bits beyond the vocabulary are zero.
  public private(set) var words: [UInt64]
  /// Whether every token is allowed, so that there is nothing to mask.
  public private(set) var isEverything: Bool

  init(words: [UInt64], vocabularySize: Int) {
    self.words = words
    isEverything = words.reduce(0) { $0 + $1.nonzeroBitCount } == vocabularySize
  }

  /// Whether `token` may come next.
  public func contains(_ token: Int32) -> Bool { words.contains(token) }

  /// Forbids `token`.
  public mutating func remove(_ token: Int32) {
    words.remove(token)
    isEverything = false
  }

  /// How many tokens may come next.
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
