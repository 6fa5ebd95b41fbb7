import MosoRandom
import Testing

@testable import MosoWorlds

@Suite("The forward recursion gives a recording its exact probability")
struct RetinaFilterTests {
  static let patches = [
    RetinaPatch(seed: 5, rows: 2, columns: 2, scenes: 5, bins: 8),
    RetinaPatch(seed: 6, rows: 1, columns: 1, scenes: 1, bins: 8),
    RetinaPatch(seed: 7, rows: 3, columns: 3, scenes: 20, bins: 20),
  ]

  /// Words of no world.
  static func noise(_ patch: RetinaPatch, count: Int) -> [UInt16] {
    var generator = RandomNumbers(seed: 1, stream: 2)
    return (0..<count).map { _ in UInt16(generator.uniform() * Double(patch.wordCount)) }
  }

  @Test(
    "the probabilities of all next words add up to one, and are those of which words are surprising", arguments: 0..<3)
  func sums(_ index: Int) {
    let patch = Self.patches[index]
    var filter = RetinaFilter(patch: patch)
    for word in RetinaWorld(patch: patch).tokens(1) + Self.noise(patch, count: 10) {
      let probabilities = filter.probabilities()
      #expect((probabilities.reduce(0, +) - 1).magnitude < 1e-13)
      #expect(probabilities.allSatisfy { $0 > 0 })
      let surprisal = filter.observe(Int(word))
      #expect((surprisal + logarithm(probabilities[Int(word)])).magnitude < 1e-12)
    }
  }

  @Test("the reader, which goes another way, comes to the same", arguments: 0..<3)
  func reader(_ index: Int) throws {
    let patch = Self.patches[index], reader = RetinaReader(patch: patch)
    for tokens in [
      RetinaWorld(patch: patch, seed: 8).tokens(0), Self.noise(patch, count: 4 * patch.tokensPerRecording),
    ] {
      var filter = RetinaFilter(patch: patch)
      for (word, expected) in zip(tokens, try reader.surprisals(of: tokens)) {
        #expect((filter.observe(Int(word)) - expected).magnitude < 1e-10)
      }
      for (found, expected) in zip(filter.probabilities(), try reader.probabilities(after: tokens)) {
        #expect((found - expected).magnitude < 1e-10)
      }
    }
  }

  @Test("summing over all ways that the eye can go comes to the same", arguments: [0, 1, 2])
  func everyWay(_ number: Int) throws {
    let patch = RetinaPatch(seed: 33, rows: 2, columns: 1, scenes: 2, bins: 4)
    try #require(patch.stateCount <= 28)
    let tokens =
      number == 2 ? Self.noise(patch, count: patch.tokensPerRecording) : RetinaWorld(patch: patch).tokens(number)
    let ways = HiddenWays(patch: patch, tokens: tokens.map(Int.init))
    var filter = RetinaFilter(patch: patch)
    var surprisal = 0.0
    for bin in 0..<patch.bins {
      for row in 0..<patch.rows { surprisal += filter.observe(Int(tokens[bin * patch.rows + row])) }
      let expected = -logarithm(ways.probability(bins: bin + 1))
      #expect((surprisal - expected).magnitude < 1e-12)
    }
  }
}

/// Every way from state to state, one by one.
private struct HiddenWays {
  /// How likely each state is at first.
  private var first: [Double] = []
  /// How likely each state follows each.
  private var transitions: [[Double]] = []
  /// How likely the words of each bin are in each state.
  private var answers: [[Double]] = []

  init(patch: RetinaPatch, tokens: [Int]) {
    let scenes = (0..<patch.sceneCount).map { RetinaScene(rank: $0, seed: patch.seed) }
    let states = scenes.indices.flatMap { scene in (0..<scenes[scene].phases).map { (scene: scene, phase: $0) } }
    let harmonic = scenes.indices.reduce(0) { $0 + 1 / Double($1 + 1) }
    first = states.map { 1 / Double($0.scene + 1) / harmonic / Double(scenes[$0.scene].phases) }
    transitions = states.map { from in
      zip(states, first).map { to, landing in
        var chance = landing / 32
        if to.scene == from.scene {
          let phases = scenes[from.scene].phases
          switch (to.phase - from.phase + phases) % phases {
          case 0, 2: chance += 3 / 32
          case 1: chance += 25 / 32
          default: break
          }
        }
        return chance
      }
    }
    let drives = scenes.map { $0.drives(of: patch.cells) }
    answers = (0..<patch.bins).map { bin in
      states.map { state in
        patch.cells.indices.reduce(1) { product, cell in
          let (row, bit) = cell.quotientAndRemainder(dividingBy: patch.cellsPerGroup)
          func spikes(_ bin: Int) -> Bool { bin >= 0 && tokens[bin * patch.rows + row] >> bit & 1 == 1 }
          let recovery = spikes(bin - 1) ? 0.1 : spikes(bin - 2) ? 0.8 : 1
          let chance = recovery * patch.cells[cell].chance(drive: drives[state.scene][cell][state.phase])
          return product * (spikes(bin) ? chance : 1 - chance)
        }
      }
    }
  }

  /// How likely the words of so many bins are.
  func probability(bins: Int) -> Double {
    func sum(from state: Int, in bin: Int) -> Double {
      if bin == bins - 1 { return answers[bin][state] }
      var following = 0.0
      for next in first.indices { following += transitions[state][next] * sum(from: next, in: bin + 1) }
      return answers[bin][state] * following
    }
    return first.indices.reduce(0) { $0 + first[$1] * sum(from: $1, in: 0) }
  }
}
