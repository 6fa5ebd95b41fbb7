import MosoRandom

/// A ganglion cell: where it looks, and what it likes to see.
struct RetinaCell: Sendable {
  /// Where the middle of its receptive field is; cells of a kind are one apart, nearly.
  let x: Double
  let y: Double
  /// One for ON cells, which like light, and minus one for OFF cells.
  let polarity: Double
  /// The standard deviation of the Gaussian that is the receptive field's centre.
  let centreRadius: Double
  /// How much what it sees moves it.
  let gain: Double
  /// How much is needed to make it spike half as readily as it ever does.
  let threshold: Double

  /// How many times wider the surround is than the centre.
  static let surroundWidth = 2.5
  /// How much of the centre's answer to even light the surround takes away.
  static let surroundWeight = 0.75
  /// What the light of so many bins ago counts: a quick answer, and a slower one that undoes most of it.
  static let temporalKernel: [Double] = (0..<10).map { lag in
    let bins = Double(lag) + 0.5
    return bins * exponential(1 - bins) - 0.8 * (bins / 3) * exponential(1 - bins / 3)
  }
  /// With how much of its chance a cell spikes that did so one bin ago, or two; later with all of it.
  static let recovery = [0.1, 0.8]
  /// The chance of a spike at the worst sight, and at the best.
  static let lowestChance = 0.01
  static let highestChance = 0.95
  /// How sharp the threshold is.
  static let sharpness = 10.0

  /// A cell somewhere near a place of the mosaic.
  init(x: Double, y: Double, polarity: Double, using generator: inout RandomNumbers) {
    func jitter() -> Double { 2 * generator.uniform() - 1 }
    self.x = x + 0.15 * jitter()
    self.y = y + 0.15 * jitter()
    self.polarity = polarity
    centreRadius = 0.45 * (1 + 0.2 * jitter())
    gain = 1 + 0.2 * jitter()
    threshold = 0.8 + 0.3 * jitter()
  }

  /// The cells of a patch: in staggered rows that are the groups, of each pair first the ON cell and then the OFF cell.
  static func mosaic(rows: Int, columns: Int, using generator: inout RandomNumbers) -> [RetinaCell] {
    var cells: [RetinaCell] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let x = Double(column) + (row.isMultiple(of: 2) ? 0 : 0.5)
        let y = Double(row) * 0.866
        cells.append(RetinaCell(x: x, y: y, polarity: 1, using: &generator))
        cells.append(RetinaCell(x: x + 0.5, y: y + 0.289, polarity: -1, using: &generator))
      }
    }
    return cells
  }

  /// How much of a plane wave the receptive field lets through: the Fourier transform of the difference of its two
  /// Gaussians.
  func sensitivity(to wave: RetinaScene.Wave) -> Double {
    let centre = (wave.x * wave.x + wave.y * wave.y) * centreRadius * centreRadius / 2
    return exponential(-centre) - Self.surroundWeight * exponential(-centre * Self.surroundWidth * Self.surroundWidth)
  }

  /// The chance of a spike in a bin, of a cell that has recovered, at a filtered light of `drive`.
  func chance(drive: Double) -> Double {
    let excess = Self.sharpness * (gain * drive - threshold)
    return Self.lowestChance + (Self.highestChance - Self.lowestChance) / (1 + exponential(-excess))
  }
}
