import Testing

@testable import MosoWorlds

@Suite("Recordings are as surprising as they are said to be")
struct RetinaCalibrationTests {
  @Test("words come as often as predicted, whatever word the group gave before")
  func frequencies() {
    let patch = RetinaPatch(seed: 5, rows: 2, columns: 2, scenes: 12, bins: 40)
    let world = RetinaWorld(patch: patch, seed: 1)
    let words = patch.wordCount
    var excess = Array(repeating: 0.0, count: words * words), variance = excess
    var differences: [Double] = []
    for number in 0..<600 {
      var filter = RetinaFilter(patch: patch)
      let tokens = world.tokens(number)
      var difference = 0.0
      for (place, token) in tokens.enumerated() {
        let probabilities = filter.probabilities()
        let entropy = probabilities.reduce(0) { $0 - $1 * logarithm($1) }
        difference += filter.observe(Int(token)) - entropy
        guard place >= patch.rows else { continue }
        let row = Int(tokens[place - patch.rows]) * words
        for word in 0..<words {
          excess[row + word] += (word == Int(token) ? 1 : 0) - probabilities[word]
          variance[row + word] += probabilities[word] * (1 - probabilities[word])
        }
      }
      differences.append(difference / Double(tokens.count))
    }
    // Each count has a mean and a variance that are known, so that together they are in line with chance or they are
    // not.
    let scores = zip(excess, variance).filter { $1 > 5 }.map { $0 / $1.squareRoot() }
    #expect(scores.count > 100)
    #expect(scores.allSatisfy { $0.magnitude < 4.5 })
    let square = scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count)
    #expect((0.7...1.3).contains(square), "\(square)")
    // Surprisal less predicted entropy is zero on average.
    let estimate = EntropyEstimate(recordings: differences)
    #expect(estimate.standardError < 0.006)
    #expect(estimate.mean.magnitude < 4 * estimate.standardError, "\(estimate)")
  }

  @Test("who knows all about the patch is spared half of the surprise, not less and not much more")
  func explained() {
    let world = RetinaWorld()
    let words = world.patch.wordCount
    var counts = Array(repeating: 0.0, count: words)
    for number in 0..<1_000 { for token in world.tokens(number) { counts[Int(token)] += 1 } }
    let total = counts.reduce(0, +)
    let unigram = counts.reduce(0) { $1 > 0 ? $0 - $1 / total * logarithm($1 / total) : $0 }
    let entropy = world.entropy(of: 0..<20)
    #expect(entropy.standardError < 0.05)
    let share = 1 - entropy.mean / unigram
    #expect((0.45...0.55).contains(share), "\(share)")
    let spikes = counts.enumerated().reduce(0) { $0 + $1.element * Double($1.offset.nonzeroBitCount) }
    let rate = spikes / total / Double(world.patch.cellsPerGroup)
    #expect((0.1...0.3).contains(rate), "\(rate)")
  }

  @Test("a standard error is that of a mean")
  func standardError() {
    let estimate = EntropyEstimate(recordings: [1, 2, 3, 4])
    #expect(estimate.mean == 2.5)
    #expect((estimate.standardError - 0.645_497_224_367_902_8).magnitude < 1e-15)
  }
}
