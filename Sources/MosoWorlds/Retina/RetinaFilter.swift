/// The best that can be known of the scene and its phase from the tokens so far, and so the best prediction of the
/// next.
///
/// This is the forward recursion of a hidden Markov model (Baum et al., 1970) whose states are the scenes in their
/// phases. A step takes time in proportion to the states, not to their pairs: a jump goes to a state with the same
/// chance wherever it comes from, and other moves go to three states only.
struct RetinaFilter {
  private let patch: RetinaPatch
  /// How likely each state is after the tokens so far; they add up to one.
  private var weights: [Double]
  /// How likely each state is where nothing is known: at the beginning and after a jump.
  private let prior: [Double]
  private var history: SpikeHistory
  /// The group of which the next token is.
  private var row = 0

  init(patch: RetinaPatch) {
    self.patch = patch
    prior = (0..<patch.sceneCount).flatMap { scene in
      let phases = patch.phaseCount(of: scene)
      return Array(repeating: patch.shares[scene] / Double(phases), count: phases)
    }
    weights = prior
    history = SpikeHistory(cells: patch.cells.count)
  }

  /// Takes in the next token, and says how surprising it was: the negative logarithm of its probability.
  mutating func observe(_ word: Int) -> Double {
    precondition(word >= 0 && word < patch.wordCount, "word \(word) of \(patch.wordCount)")
    let first = row * patch.cellsPerGroup
    for index in stride(from: 0, to: patch.cellsPerGroup, by: 2) {
      weigh(first + index, spikes: (word >> index & 1 == 1, word >> index & 2 == 2))
    }
    let probability = total()
    scale(by: 1 / probability)
    history.record(word, ofCellsFrom: first, count: patch.cellsPerGroup)
    row += 1
    if row == patch.rows {
      row = 0
      move()
    }
    return -logarithm(probability)
  }

  /// Multiplies each state's weight with the chance that it gives what a pair of cells does.
  private mutating func weigh(_ pair: Int, spikes: (Bool, Bool)) {
    let count = weights.count
    let all = patch.chances
    let left = all.span.extracting(pair * count..<(pair + 1) * count)
    let right = all.span.extracting((pair + 1) * count..<(pair + 2) * count)
    // A spike has the chance r·p and silence 1 − r·p.
    let leftRecovery = history.recovery(of: pair), rightRecovery = history.recovery(of: pair + 1)
    let leftBase: Double = spikes.0 ? 0 : 1, leftSlope = spikes.0 ? leftRecovery : -leftRecovery
    let rightBase: Double = spikes.1 ? 0 : 1, rightSlope = spikes.1 ? rightRecovery : -rightRecovery
    var weights = weights.mutableSpan
    for state in 0..<count {
      let leftChance = leftBase + leftSlope * left[state]
      let rightChance = rightBase + rightSlope * right[state]
      weights[state] *= leftChance * rightChance
    }
  }

  /// The sum of the weights, in eight parts that a processor can add up at once.
  private func total() -> Double {
    let weights = weights.span
    var parts = SIMD8<Double>.zero
    var state = 0
    while state + 8 <= weights.count {
      for part in 0..<8 { parts[part] += weights[state + part] }
      state += 8
    }
    var sum = parts.sum()
    while state < weights.count {
      sum += weights[state]
      state += 1
    }
    return sum
  }

  private mutating func scale(by factor: Double) {
    var weights = weights.mutableSpan
    for state in 0..<weights.count { weights[state] *= factor }
  }

  /// Goes on by a time bin.
  private mutating func move() {
    var moved = Array(repeating: 0.0, count: weights.count)
    for scene in 0..<patch.sceneCount {
      let first = patch.firstStates[scene]
      let phases = patch.phaseCount(of: scene)
      for phase in 0..<phases {
        let onePast = first + (phase == 0 ? phases - 1 : phase - 1)
        let twoPast = first + (phase < 2 ? phases + phase - 2 : phase - 2)
        moved[first + phase] =
          RetinaGaze.jump * prior[first + phase] + RetinaGaze.steps[0] * weights[first + phase]
          + RetinaGaze.steps[1] * weights[onePast] + RetinaGaze.steps[2] * weights[twoPast]
      }
    }
    weights = moved
  }
}

extension RetinaFilter {
  /// How likely each word is to be the next.
  func probabilities() -> [Double] {
    let first = row * patch.cellsPerGroup
    let count = weights.count
    var words = Array(repeating: 0.0, count: patch.wordCount)
    var products = words
    for state in 0..<count {
      products[0] = weights[state]
      for index in 0..<patch.cellsPerGroup {
        let cell = first + index
        let chance = history.recovery(of: cell) * patch.chances[cell * count + state]
        for word in 0..<1 << index {
          products[word | 1 << index] = products[word] * chance
          products[word] *= 1 - chance
        }
      }
      for word in words.indices { words[word] += products[word] }
    }
    return words
  }
}
