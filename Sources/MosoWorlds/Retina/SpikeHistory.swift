/// How long ago each cell has spiked, as far as that still matters to it.
struct SpikeHistory: Sendable {
  /// For each cell the bins since its last spike, less one; cells that have recovered stay at the length of the
  /// recovery.
  private var ages: [Int]

  /// All cells have recovered.
  init(cells: Int) { ages = Array(repeating: RetinaCell.recovery.count, count: cells) }

  /// With how much of its chance a cell spikes.
  func recovery(of cell: Int) -> Double {
    ages[cell] < RetinaCell.recovery.count ? RetinaCell.recovery[ages[cell]] : 1
  }

  /// Takes down the word of a group of cells in a time bin.
  mutating func record(_ word: Int, ofCellsFrom first: Int, count: Int) {
    for index in 0..<count {
      let spikes = word >> index & 1 == 1
      ages[first + index] = spikes ? 0 : min(ages[first + index] + 1, RetinaCell.recovery.count)
    }
  }
}
