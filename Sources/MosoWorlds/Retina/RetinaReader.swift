/// Reads tokens, whoever made them, and says how likely they are as the patch sends them.
///
/// It goes the plain way, slowly: it keeps the logarithm of the joint probability of all tokens so far and each scene
/// in each phase, and never divides. `RetinaWorld` goes a faster way, and this shows that it comes to the same.
public struct RetinaReader: Sendable {
  private let patch: RetinaPatch

  /// A reader who knows a patch.
  public init(patch: RetinaPatch) { self.patch = patch }

  /// For each token the negative logarithm of its probability after those before it, in nats.
  ///
  /// There may be any number of tokens, not only as many as in the patch's own recordings.
  ///
  /// - Throws: `RetinaError` where a token is not a word of the patch's groups.
  public func surprisals(of tokens: [UInt16]) throws(RetinaError) -> [Double] {
    var joint = JointProbability(patch: patch)
    var surprisals: [Double] = []
    for (place, token) in tokens.enumerated() {
      try check(token, at: place)
      let before = joint.logarithmOfTokens
      joint.observe(Int(token))
      surprisals.append(before - joint.logarithmOfTokens)
    }
    return surprisals
  }

  /// How likely each word is to come after the tokens.
  ///
  /// - Throws: `RetinaError` where a token is not a word of the patch's groups.
  /// - Complexity: O(words × states × cells of a group), and what reading the tokens takes.
  public func probabilities(after tokens: [UInt16]) throws(RetinaError) -> [Double] {
    var joint = JointProbability(patch: patch)
    for (place, token) in tokens.enumerated() {
      try check(token, at: place)
      joint.observe(Int(token))
    }
    return (0..<patch.wordCount).map { word in
      var next = joint
      next.observe(word)
      return exponential(next.logarithmOfTokens - joint.logarithmOfTokens)
    }
  }

  private func check(_ token: UInt16, at place: Int) throws(RetinaError) {
    guard token < patch.wordCount else {
      throw .unknownWord(token, place: place, words: patch.wordCount)
    }
  }
}

/// Why tokens could not be read.
public enum RetinaError: Error, Equatable, Sendable {
  /// A token that no group of cells gives: the token, which one it is, counted from zero, and how many words there are.
  case unknownWord(UInt16, place: Int, words: Int)
}

extension RetinaError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownWord(let token, let place, let words):
      "token \(place) of the recording is \(token), but the words of this patch are 0 to \(words - 1); "
        + "read it with a patch of as many columns as it was made with, and without separators"
    }
  }
}

/// How likely it is that the tokens so far come and end in each state.
private struct JointProbability {
  private let patch: RetinaPatch
  /// By scene, then phase.
  private var logarithms: [[Double]]
  /// For each cell the bins since its last spike; more than it remembers where there was none.
  private var silence: [Int]
  private var count = 0

  init(patch: RetinaPatch) {
    self.patch = patch
    logarithms = (0..<patch.sceneCount).map { scene in
      let phases = patch.phaseCount(of: scene)
      return Array(repeating: logarithm(patch.shares[scene]) - logarithm(Double(phases)), count: phases)
    }
    silence = Array(repeating: .max / 2, count: patch.cells.count)
  }

  /// The logarithm of the probability of the tokens so far.
  var logarithmOfTokens: Double { logarithmOfSum(logarithms.map(logarithmOfSum)) }

  mutating func observe(_ word: Int) {
    let row = count % patch.rows
    if row == 0, count > 0 { moveEye() }
    count += 1
    let bits = String(patch.wordCount + word, radix: 2).dropFirst().reversed()
    for (index, bit) in bits.enumerated() {
      let cell = row * patch.cellsPerGroup + index
      let bins = silence[cell] + 1
      let recovery = bins <= RetinaCell.recovery.count ? RetinaCell.recovery[bins - 1] : 1
      for scene in logarithms.indices {
        for phase in logarithms[scene].indices {
          let chance = recovery * patch.chance(ofCell: cell, scene: scene, phase: phase)
          logarithms[scene][phase] += logarithm(bit == "1" ? chance : 1 - chance)
        }
      }
      silence[cell] = bit == "1" ? 0 : bins
    }
  }

  private mutating func moveEye() {
    let before = logarithms
    let jump = logarithm(RetinaGaze.jump) + logarithmOfTokens
    for scene in before.indices {
      let phases = before[scene].count
      let landing = jump + logarithm(patch.shares[scene]) - logarithm(Double(phases))
      for phase in 0..<phases {
        let ways = RetinaGaze.steps.enumerated().map { step, chance in
          logarithm(chance) + before[scene][(phase - step + phases) % phases]
        }
        logarithms[scene][phase] = logarithmOfSum(ways + [landing])
      }
    }
  }

  /// The logarithm of the sum of numbers of which the logarithms are given.
  private func logarithmOfSum(_ logarithms: [Double]) -> Double {
    let largest = logarithms.reduce(-Double.infinity, max)
    return largest + logarithm(logarithms.reduce(0) { $0 + exponential($1 - largest) })
  }
}
