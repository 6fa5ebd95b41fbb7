import MosoFormats

@testable import MosoConstraints

/// A deterministic generator of numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}

/// What a random walk through a constraint wrote.
struct RandomWalk {
  var tokens: [Int32] = []
  var text: [UInt8] = []
  /// Whether the walk came to an end by itself.
  var isComplete = false

  /// What ends values, and what the patterns of the tests want before they end.
  private static let closing = Set(["\"", "]", "}", "ing", "b", "@", "0", ":"].map { Array($0.utf8) })

  /// Chooses allowed tokens at random; after `patience` tokens it prefers those that close something.
  ///
  /// - Parameter check: Looks at every state on the way.
  init(
    _ constraint: Constraint, _ random: inout SeededRandom, patience: Int,
    check: (ConstraintMatcher, TokenMask) throws -> Void = { _, _ in }
  ) rethrows {
    var matcher = ConstraintMatcher(constraint)
    let trie = constraint.trie
    while tokens.count < patience * 40 {
      let mask = matcher.allowed()
      try check(matcher, mask)
      let allowed = (0..<Int32(trie.vocabularySize)).filter { mask.contains($0) }
      guard !allowed.isEmpty else { return }
      var token = allowed[Int.random(in: 0..<allowed.count, using: &random)]
      if matcher.mayEnd, matcher.mustEnd || Int.random(in: 0..<3, using: &random) == 0 || tokens.count > patience {
        token = allowed.first { trie.endOfGeneration.contains($0) } ?? token
      } else if tokens.count > patience {
        let closing = allowed.filter { Self.closing.contains(Array(trie.bytes(of: $0))) }
        token = closing.randomElement(using: &random) ?? token
      }
      guard matcher.accept(token) else { return }
      tokens.append(token)
      text += trie.bytes(of: token)
      if matcher.isEnded {
        isComplete = true
        return
      }
    }
  }
}
