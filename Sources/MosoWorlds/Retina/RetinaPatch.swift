import MosoRandom

/// A patch of retina and what there is for it to see: the cells in their mosaic, the scenes, and how readily each cell
/// spikes at each.
///
/// All of it follows from a seed. Scenes are met as words are in a language, the second half as often as the first and
/// so on (Zipf's law), so that there is always something rare left to be learned.
public struct RetinaPatch: Sendable {
  /// Which retina and which scenes.
  public let seed: UInt64
  /// How many rows of cells there are, each of which is a group and gives a token in each time bin.
  public let rows: Int
  /// How many pairs of an ON cell and an OFF cell there are in a row.
  public let columns: Int
  /// How many scenes there are.
  public let sceneCount: Int
  /// How many time bins a recording has.
  public let bins: Int

  /// Row by row.
  let cells: [RetinaCell]
  /// The number of the first state of each scene, and at last the number of all states. A state is a scene in a phase.
  let firstStates: [Int]
  /// How often each scene is met.
  let shares: [Double]
  /// The sums of the scenes' shares up to each.
  let cumulativeShares: [Double]
  /// How readily each cell spikes in each state if it has recovered: by cell, then state.
  let chances: [Double]

  /// How many pairs of a cell and a scene there may be; this many take some 50 MB.
  private static let mostPairs = 1 << 18

  /// Draws the cells and the scenes, and tabulates the chances of spikes.
  ///
  /// - Precondition: All numbers are within the bounds given here, and cells times scenes are 262,144 at most.
  /// - Parameters:
  ///   - seed: Another seed is another retina with other scenes.
  ///   - rows: How many groups of cells there are, 64 at most.
  ///   - columns: How many pairs of cells are in a group, 8 at most.
  ///   - scenes: How many scenes there are, 4,096 at most; the first of many are those of a world with fewer.
  ///   - bins: How many time bins a recording has, 65,536 at most.
  public init(seed: UInt64 = 1, rows: Int = 4, columns: Int = 3, scenes sceneCount: Int = 500, bins: Int = 64) {
    precondition((1...64).contains(rows), "a patch has 1 to 64 rows, not \(rows)")
    precondition((1...8).contains(columns), "a patch has 1 to 8 columns, not \(columns)")
    precondition((1...4_096).contains(sceneCount), "a patch sees 1 to 4,096 scenes, not \(sceneCount)")
    precondition((1...65_536).contains(bins), "a recording has 1 to 65,536 bins, not \(bins)")
    let pairs = 2 * rows * columns * sceneCount
    precondition(pairs <= Self.mostPairs, "cells times scenes are \(pairs), more than \(Self.mostPairs)")
    self.seed = seed
    self.rows = rows
    self.columns = columns
    self.sceneCount = sceneCount
    self.bins = bins
    var generator = RandomNumbers(seed: seed, stream: 0)
    let cells = RetinaCell.mosaic(rows: rows, columns: columns, using: &generator)
    self.cells = cells
    let scenes = (0..<sceneCount).map { RetinaScene(rank: $0, seed: seed) }
    let firstStates = scenes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.phases) }
    self.firstStates = firstStates
    let total = (1...sceneCount).reduce(0) { $0 + 1 / Double($1) }
    shares = (1...sceneCount).map { 1 / Double($0) / total }
    cumulativeShares = shares.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
    let states = firstStates[sceneCount]
    var chances = Array(repeating: 0.0, count: cells.count * states)
    for (scene, first) in zip(scenes, firstStates) {
      for (index, drives) in scene.drives(of: cells).enumerated() {
        for (phase, drive) in drives.enumerated() {
          chances[index * states + first + phase] = cells[index].chance(drive: drive)
        }
      }
    }
    self.chances = chances
  }

  /// How many cells are in a group: the bits of a token.
  public var cellsPerGroup: Int { 2 * columns }
  /// How many different tokens there are.
  public var wordCount: Int { 1 << cellsPerGroup }
  /// How many tokens a recording has.
  public var tokensPerRecording: Int { rows * bins }
  /// How many pairs of a scene and a phase there are.
  public var stateCount: Int { firstStates[sceneCount] }
}

extension RetinaPatch {
  /// How many phases a scene has.
  func phaseCount(of scene: Int) -> Int { firstStates[scene + 1] - firstStates[scene] }

  /// How readily a cell that has recovered spikes at a scene in a phase.
  func chance(ofCell cell: Int, scene: Int, phase: Int) -> Double {
    chances[cell * stateCount + firstStates[scene] + phase]
  }

  /// The scene at a place between nothing and one, of which each scene has its share.
  func scene(at place: Double) -> Int { cumulativeShares.indexOfShare(at: place) }
}
