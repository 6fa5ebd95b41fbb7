/// Which parameters each of several processes takes the steps of: whole ones, as a method may need all of a matrix, and about as
/// many numbers each.
///
/// Parameters are halved as often as processes are. The lowest bit of a process' number says which half it takes, the next
/// bit which half of that, so that gradients can be summed in halves too.
package struct ParameterShares: Sendable, Hashable {
  private let counts: [Int]
  /// For each process, the parameters that are its own.
  package let ranges: [Range<Int>]

  /// - Parameters:
  ///   - counts: How many numbers each parameter has.
  ///   - processes: How many processes there are, a power of two.
  package init(counts: [Int], processes: Int) {
    self.counts = counts
    var ranges = Array(repeating: counts.indices, count: processes)
    for rank in 0..<processes {
      var bit = 1
      while bit < processes {
        let halves = Self.halves(of: ranges[rank], counts)
        ranges[rank] = rank & bit == 0 ? halves.first : halves.second
        bit <<= 1
      }
    }
    self.ranges = ranges
  }

  /// A range of parameters in two parts of about as many numbers.
  package func halves(of range: Range<Int>) -> (first: Range<Int>, second: Range<Int>) {
    Self.halves(of: range, counts)
  }

  private static func halves(of range: Range<Int>, _ counts: [Int]) -> (first: Range<Int>, second: Range<Int>) {
    let half = range.reduce(0) { $0 + counts[$1] } / 2
    var sum = 0
    var middle = range.lowerBound
    // The one in the middle goes where most of it lies.
    while middle < range.upperBound, sum + counts[middle] / 2 < half {
      sum += counts[middle]
      middle += 1
    }
    return (range.lowerBound..<middle, middle..<range.upperBound)
  }
}
