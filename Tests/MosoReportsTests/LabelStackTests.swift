import MosoTesting
import Testing

@testable import MosoReports

@Suite("Labels of one column")
struct LabelStackTests {
  /// Regression with an order by its formula of maxima of minima of means (Robertson et al. 1988), one place at a time.
  private func ordered(_ wishes: [Double]) -> [Double] {
    wishes.indices.map { place in
      (0...place).map { first in
        (place..<wishes.count).map { last in
          wishes[first...last].reduce(0, +) / Double(last - first + 1)
        }.min() ?? 0
      }.max() ?? 0
    }
  }

  @Test("each moves as little as the others allow")
  func leastMoves() throws {
    var generator = RepeatableGenerator(seed: 11)
    for _ in 0..<300 {
      let count = Int.random(in: 1...9, using: &generator)
      let wanted = (0..<count).map { _ in Double.random(in: 0...100, using: &generator) }
      let found = try #require(LabelStack.spread(wanted, spacing: 12, within: -1000...1000))
      let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
      let expected = ordered(order.enumerated().map { wanted[$1] - 12 * Double($0) })
      for (rank, label) in order.enumerated() {
        #expect(abs(found[label] - expected[rank] - 12 * Double(rank)) < 1e-9)
      }
    }
  }

  @Test("all stay within the limits, or have no place")
  func limits() throws {
    var generator = RepeatableGenerator(seed: 12)
    for _ in 0..<300 {
      let count = Int.random(in: 1...10, using: &generator)
      let wanted = (0..<count).map { _ in Double.random(in: -20...120, using: &generator) }
      let found = LabelStack.spread(wanted, spacing: 12, within: 0...100)
      guard let found else {
        #expect(Double(count - 1) * 12 > 100)
        continue
      }
      let sorted = found.sorted()
      #expect(sorted.allSatisfy { (-1e-9...100 + 1e-9).contains($0) })
      #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 >= 12 - 1e-9 })
    }
    #expect(LabelStack.spread([], spacing: 1, within: 0...0) == [])
    #expect(LabelStack.spread([1, 1], spacing: 1, within: 0...0.5) == nil)
  }
}
