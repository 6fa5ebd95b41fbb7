import MosoTesting
import Testing

@testable import MosoReports

@Suite("Lines of many points")
struct LineThinningTests {
  private func noise(_ count: Int, seed: UInt64) -> [PlotPosition?] {
    var generator = RepeatableGenerator(seed: seed)
    return (0..<count).map { index in
      PlotPosition(x: Double(index) / Double(count - 1), y: Double.random(in: 0...1, using: &generator))
    }
  }

  @Test("every column of the picture keeps its highest and its lowest point", arguments: [1001, 5000, 100_000])
  func extremes(_ count: Int) {
    let positions = noise(count, seed: 3)
    let runs = LineThinning.runs(positions, columns: 500)
    #expect(runs.count == 1)
    let kept = runs.flatMap(\.self)
    #expect(kept.count <= 1004 && kept.first == 0 && kept.last == count - 1)
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 })
    func extremes(_ indices: [Int]) -> [Int: [Double]] {
      Dictionary(grouping: indices) { min(500, Int((positions[$0]?.x ?? 0) * 500)) }
        .mapValues { column in
          let heights = column.compactMap { positions[$0]?.y }
          return [heights.min() ?? 0, heights.max() ?? 0]
        }
    }
    #expect(extremes(kept) == extremes(Array(0..<count)))
  }

  @Test("few points stay as they are, and a gap parts them")
  func few() {
    var positions = noise(100, seed: 4)
    #expect(LineThinning.runs(positions, columns: 500) == [Array(0..<100)])
    positions[0] = nil
    positions[50] = nil
    positions[51] = nil
    positions[53] = nil
    #expect(LineThinning.runs(positions, columns: 500) == [Array(1..<50), [52], Array(54..<100)])
    #expect(LineThinning.runs([], columns: 10) == [] && LineThinning.runs([nil, nil], columns: 10) == [])
  }

  @Test("a gap that is seen stays among many points, and thousands that are not seen do not")
  func gaps() {
    var positions = noise(10_000, seed: 5)
    for index in 4000..<6000 { positions[index] = nil }
    let runs = LineThinning.runs(positions, columns: 200)
    #expect(runs.map(\.last) == [3999, 9999] && runs.map(\.first) == [0, 6000])
    for index in stride(from: 1, to: 10_000, by: 2) { positions[index] = nil }
    #expect(LineThinning.runs(positions, columns: 200).flatMap(\.self).count <= 2 * 200 + 10)
  }

  @Test("on a logarithmic axis the beginning keeps its points")
  func logarithmicPlaces() {
    let count = 100_000
    let positions = (1...count).map { step -> PlotPosition? in
      PlotPosition(x: decimalLogarithm(Double(step)) / 5, y: Double(step % 7) / 7)
    }
    let kept = LineThinning.runs(positions, columns: 500).flatMap(\.self)
    #expect(Set(0..<20).isSubset(of: kept) && kept.count <= 1004)
  }

  @Test("what the axis cuts off is left out but for its neighbours, and a line that turns back stays whole")
  func cut() {
    let positions = (0..<100).map { index -> PlotPosition? in PlotPosition(x: Double(index) / 10 - 4, y: 0.5) }
    #expect(LineThinning.runs(positions, columns: 500) == [Array(39...51)])
    let circle = (0..<4).map { index -> PlotPosition? in
      PlotPosition(x: [0, 1, 0.5, 0.2][index], y: Double(index))
    }
    #expect(LineThinning.runs(circle, columns: 10) == [[0, 1, 2, 3]])
  }
}
