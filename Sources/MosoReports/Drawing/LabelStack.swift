/// Moves labels of one column apart, each as little as possible.
enum LabelStack {
  /// Where labels come to stand that would like to stand at `wanted`, in the same order.
  ///
  /// Labels that would touch form a block around the middle of their wishes, as in regression with an order.
  ///
  /// - Returns: places at least `spacing` apart within `limits`, or `nil` where so many have no room.
  static func spread(_ wanted: [Double], spacing: Double, within limits: ClosedRange<Double>) -> [Double]? {
    guard !wanted.isEmpty else { return [] }
    let length = Double(wanted.count - 1) * spacing
    guard length <= limits.upperBound - limits.lowerBound else { return nil }
    struct Block {
      var labels: [Int]
      /// The sum of where the block's first label would stand for each label's own wish.
      var sum: Double
      var start: Double { sum / Double(labels.count) }
    }
    var blocks: [Block] = []
    for label in wanted.indices.sorted(by: { (wanted[$0], $0) < (wanted[$1], $1) }) {
      var block = Block(labels: [label], sum: wanted[label])
      while let last = blocks.last, last.start + Double(last.labels.count) * spacing > block.start {
        blocks.removeLast()
        let shift = Double(last.labels.count) * spacing
        block = Block(
          labels: last.labels + block.labels, sum: last.sum + block.sum - shift * Double(block.labels.count))
      }
      blocks.append(block)
    }
    var places = [Double](repeating: 0, count: wanted.count)
    var order: [Int] = []
    for block in blocks {
      for (offset, label) in block.labels.enumerated() {
        places[label] = block.start + Double(offset) * spacing
        order.append(label)
      }
    }
    // Into the limits: first down from the upper end, then up from the lower one.
    for (rank, label) in order.enumerated() {
      places[label] = max(places[label], limits.lowerBound + Double(rank) * spacing)
      places[label] = min(places[label], limits.upperBound - Double(order.count - 1 - rank) * spacing)
    }
    return places
  }
}
