import MosoRandom

/// A pattern of light that moves across the patch at a steady speed, around and around.
///
/// It is a sum of plane waves, because receptive fields are simple for these: bars and edges by their Fourier series.
struct RetinaScene: Sendable {
  /// The pattern's waves at phase zero.
  let waves: [Wave]
  /// In how many phases the pattern has come to where it was.
  let phases: Int
  /// How far the filtered light goes up and down, over all cells and phases: its root mean square.
  let contrast: Double

  /// The fewest phases that a scene has, and the most.
  static let phaseCounts = 12...32

  struct Wave: Sendable {
    /// The wave vector, in radians per distance between cells.
    let x: Double
    let y: Double
    /// How many times it goes up and down in all phases.
    let cycles: Int
    /// The height, below zero where it is dark instead of light.
    let amplitude: Double
    /// The angle at the origin in phase zero, in radians.
    let angle: Double
  }

  /// A scene of the world.
  ///
  /// Each has a stream of random numbers of its own, so that the scenes of a smaller world are the first of a larger
  /// one.
  init(rank: Int, seed: UInt64) {
    var generator = RandomNumbers(seed: seed, stream: ~UInt64(rank))
    phases = Self.phaseCounts.lowerBound + Int(generator.uniform() * Double(Self.phaseCounts.count))
    contrast = 1 + generator.uniform()
    let direction = 2 * Double.pi * generator.uniform()
    let x = cosine(direction), y = sine(direction)
    // What lies between a bar and the next that comes.
    let distance = 3 + 4 * generator.uniform()
    let step = 2 * Double.pi / distance
    func along(_ cycles: Int, amplitude: Double) -> Wave {
      Wave(x: step * Double(cycles) * x, y: step * Double(cycles) * y, cycles: cycles, amplitude: amplitude, angle: 0)
    }
    func bar(width: Double, light: Double) -> [Wave] {
      (1...6).map { along($0, amplitude: light * sine(Double.pi * Double($0) * width) / Double($0)) }
    }
    switch Int(4 * generator.uniform()) {
    case 0: waves = bar(width: 0.12 + 0.23 * generator.uniform(), light: generator.uniform() < 0.5 ? 1 : -1)
    case 1: waves = bar(width: 0.5, light: 1)
    case 2: waves = [along(1 + Int(2 * generator.uniform()), amplitude: 1)]
    default:
      waves = (0..<6).map { _ in
        let cycles = 1 + Int(3 * generator.uniform())
        let across = Double.pi * (2 * generator.uniform() - 1)
        return Wave(
          x: step * Double(cycles) * x - across * y, y: step * Double(cycles) * y + across * x, cycles: cycles,
          amplitude: 1, angle: 2 * Double.pi * generator.uniform())
      }
    }
  }

  /// What each of the cells makes of the scene, filtered in space and time, in each phase: by cell, then phase.
  func drives(of cells: [RetinaCell]) -> [[Double]] {
    let filtered = cells.map { cell in
      let kernel = RetinaCell.temporalKernel
      let light = (0..<phases).map { field(of: cell, phase: $0) }
      return (0..<phases).map { phase in
        kernel.indices.reduce(0) { $0 + kernel[$1] * light[(phase - $1 + phases) % phases] }
      }
    }
    let power = filtered.joined().reduce(0) { $0 + $1 * $1 } / Double(cells.count * phases)
    // A scene that no cell can see has no drive to scale.
    let scale = power > 0 ? contrast / power.squareRoot() : 0
    return filtered.map { $0.map { scale * $0 } }
  }

  /// What the receptive field of a cell takes in at one moment.
  private func field(of cell: RetinaCell, phase: Int) -> Double {
    cell.polarity
      * waves.reduce(0) { sum, wave in
        let moved = 2 * Double.pi * Double(wave.cycles * phase % phases) / Double(phases)
        let angle = wave.x * cell.x + wave.y * cell.y + wave.angle - moved
        return sum + wave.amplitude * cell.sensitivity(to: wave) * cosine(angle)
      }
  }
}
