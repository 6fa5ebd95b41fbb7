/// Leaves out points that nobody could see: of those that share a column of the picture, the highest and the lowest
/// stay.
enum LineThinning {
  /// What to draw of a line, as runs of indices into `positions`; a gap lies between two runs.
  ///
  /// At most about twice as many points as there are columns stay. A line that goes back and forth is cut into columns
  /// by the order of its points instead of their places. What lies beyond the ends of the horizontal axis is left out,
  /// but for the next point on either side.
  ///
  /// - Parameters:
  ///   - positions: the points in order; `nil` for a gap.
  ///   - columns: into how many columns the picture is cut.
  static func runs(_ positions: [PlotPosition?], columns: Int) -> [[Int]] {
    let isForward = zip(positions.compactMap(\.self), positions.compactMap(\.self).dropFirst()).allSatisfy {
      $0.x <= $1.x
    }
    let visible = isForward ? visible(positions) : positions.indices
    let columns = max(1, columns)
    let isCrowded = visible.count > 2 * columns
    func column(_ index: Int, _ position: PlotPosition) -> Int {
      isForward
        ? Int((min(max(position.x, -1), 2) * Double(columns)).rounded(.down))
        : (index - visible.lowerBound) * columns / max(1, visible.count)
    }
    var runs: [[Int]] = []
    var run = Run()
    var gapColumn: Int?
    for index in visible {
      guard let position = positions[index] else {
        gapColumn = gapColumn ?? run.column
        continue
      }
      let column = column(index, position)
      // In a crowded line a gap that takes no whole column cannot be seen.
      if let gap = gapColumn, !(isCrowded && column - gap <= 1) {
        if let finished = run.finished() { runs.append(finished) }
        run = Run()
      }
      gapColumn = nil
      run.add(index, position, column: isCrowded ? column : index)
      run.column = column
    }
    if let finished = run.finished() { runs.append(finished) }
    return runs
  }

  /// From the last point before the axis begins to the first after it ends.
  private static func visible(_ positions: [PlotPosition?]) -> Range<Int> {
    let first = positions.lastIndex { $0.map { $0.x < 0 } ?? false } ?? 0
    let last = positions.firstIndex { $0.map { $0.x > 1 } ?? false } ?? positions.count - 1
    return first <= last ? first..<(last + 1) : 0..<positions.count
  }

  /// A run that grows: the points kept so far, and the extremes of the column that is being read.
  private struct Run {
    /// The column of the picture in which the last point lies.
    var column: Int?
    private var kept: [Int] = []
    private var current: Int?
    private var lowest = (index: 0, y: Double.infinity)
    private var highest = (index: 0, y: -Double.infinity)
    private var last = 0

    mutating func add(_ index: Int, _ position: PlotPosition, column: Int) {
      if current == nil { kept.append(index) }
      if current != column { close() }
      current = column
      if position.y < lowest.y { lowest = (index, position.y) }
      if position.y > highest.y { highest = (index, position.y) }
      last = index
    }

    mutating func close() {
      guard current != nil else { return }
      for index in [min(lowest.index, highest.index), max(lowest.index, highest.index)] where kept.last != index {
        kept.append(index)
      }
      lowest.y = .infinity
      highest.y = -.infinity
    }

    /// The points to draw, the first and the last among them; `nil` when there are none.
    mutating func finished() -> [Int]? {
      guard current != nil else { return nil }
      close()
      if kept.last != last { kept.append(last) }
      return kept
    }
  }
}
