import MosoRandom

/// Makes recordings: moves the eye, and draws the spikes.
struct RetinaRecorder {
  let patch: RetinaPatch
  private var generator: RandomNumbers
  private var scene = 0
  private var phase = 0
  private var history: SpikeHistory

  init(patch: RetinaPatch, seed: UInt64, number: UInt64) {
    self.patch = patch
    generator = RandomNumbers(seed: seed, stream: number &+ 1)
    history = SpikeHistory(cells: patch.cells.count)
  }

  /// The whole recording.
  mutating func record() -> [UInt16] {
    var tokens: [UInt16] = []
    tokens.reserveCapacity(patch.tokensPerRecording)
    jump()
    for bin in 0..<patch.bins {
      if bin > 0 { move() }
      for row in 0..<patch.rows { tokens.append(draw(row)) }
    }
    return tokens
  }

  private mutating func jump() {
    scene = patch.scene(at: generator.uniform())
    phase = Int(generator.uniform() * Double(patch.phaseCount(of: scene)))
  }

  private mutating func move() {
    var rest = generator.uniform() - RetinaGaze.jump
    guard rest >= 0 else { return jump() }
    var step = 0
    while step < RetinaGaze.steps.count - 1, rest >= RetinaGaze.steps[step] {
      rest -= RetinaGaze.steps[step]
      step += 1
    }
    phase = (phase + step) % patch.phaseCount(of: scene)
  }

  private mutating func draw(_ row: Int) -> UInt16 {
    let first = row * patch.cellsPerGroup
    var word: UInt16 = 0
    for index in 0..<patch.cellsPerGroup {
      let cell = first + index
      let chance = history.recovery(of: cell) * patch.chance(ofCell: cell, scene: scene, phase: phase)
      if generator.uniform() < chance { word |= 1 << UInt16(index) }
    }
    history.record(Int(word), ofCellsFrom: first, count: patch.cellsPerGroup)
    return word
  }
}
