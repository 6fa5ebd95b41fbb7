import MosoTesting
import Testing

@testable import MosoReports

@Suite("Axes")
struct AxisTests {
  private func scale(
    _ lowest: Double, _ highest: Double, _ kind: ChartAxis.Scale = .linear, lower: Double? = nil, upper: Double? = nil,
    margin: Double = 0
  ) -> AxisScale {
    var extent = AxisScale.Extent(lowest)
    extent.include(highest)
    return AxisScale(ChartAxis("", scale: kind, lower: lower, upper: upper), extent: extent, margin: margin)
  }

  private func labels(_ scale: AxisScale, count: Int, notation: NumberNotation = .typographic) -> [String] {
    AxisTicks.ticks(scale, count: count, notation: notation).filter { !$0.label.isEmpty }.map(\.label)
  }

  @Test(
    "linear marks are written alike",
    arguments: [
      (0, 1, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (1, 5000, 5, ["1,000", "2,000", "3,000", "4,000", "5,000"]),
      (0, 1.31e9, 3, ["0", "0.5B", "1.0B"]), (0, 3e-4, 3, ["0", "0.0001", "0.0002", "0.0003"]),
      (0, 3e-6, 3, ["0", "1×10⁻⁶", "2×10⁻⁶", "3×10⁻⁶"]),
      (-1e18, 1e18, 4, ["−1.0×10¹⁸", "−0.5×10¹⁸", "0", "0.5×10¹⁸", "1.0×10¹⁸"]),
      (-0.06, 0.08, 3, ["−0.05", "0", "0.05"]), (12_000, 18_500, 4, ["12k", "14k", "16k", "18k"]),
      (10_000, 10_004, 5, ["10,000", "10,001", "10,002", "10,003", "10,004"]),
      (2.1, 2.1004, 2, ["2.1000", "2.1002", "2.1004"]), (0, 2e6, 4, ["0", "0.5M", "1.0M", "1.5M", "2.0M"]),
    ] as [(Double, Double, Int, [String])])
  func linear(_ lowest: Double, _ highest: Double, _ count: Int, _ expected: [String]) {
    #expect(labels(scale(lowest, highest), count: count) == expected)
  }

  @Test(
    "logarithmic marks are powers of ten, and multiples where there are few",
    arguments: [
      (1, 1e6, 10, ["1", "10", "100", "1k", "10k", "100k", "1M"]), (1, 1e6, 3, ["1", "1k", "1M"]),
      (2, 11, 6, ["2", "5", "10"]),
      (1e17, 1e23, 7, (17...23).map { NumberFormat.powerOfTen($0, notation: .typographic) }),
      (2.3, 3.5, 6, ["2.4", "2.6", "2.8", "3.0", "3.2", "3.4"]),
      (2e-3, 0.3, 8, ["0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2"]),
      (1.2e16, 9e16, 4, ["2×10¹⁶", "4×10¹⁶", "6×10¹⁶", "8×10¹⁶"]),
      (30, 95, 8, ["30", "40", "50", "60", "70", "80", "90"]),
    ] as [(Double, Double, Int, [String])])
  func logarithmic(_ lowest: Double, _ highest: Double, _ count: Int, _ expected: [String]) {
    #expect(Set(labels(scale(lowest, highest, .logarithmic), count: count)) == Set(expected))
  }

  @Test("a decade has eight minor marks at their logarithms")
  func minorMarks() {
    let ticks = AxisTicks.ticks(scale(1, 1000, .logarithmic), count: 10, notation: .ascii)
    let minor = ticks.filter { $0.label.isEmpty }.map(\.fraction).sorted()
    #expect(minor.count == 24)
    #expect((minor[0] - 0.30103 / 3).magnitude < 1e-6 && (minor[8] - 1.30103 / 3).magnitude < 1e-6)
    #expect(AxisTicks.ticks(scale(1, 1e30, .logarithmic), count: 5, notation: .ascii).count < 60)
  }

  @Test("steps are 1, 2 or 5 times a power of ten, exactly, and enough of them lie on any axis")
  func steps() throws {
    var generator = RepeatableGenerator(seed: 1)
    for _ in 0..<2000 {
      let size = Double("1e\(Int.random(in: -290...290, using: &generator))") ?? 1
      let first = Double.random(in: -10...10, using: &generator) * size
      let last = first + Double.random(in: 0.001...10, using: &generator) * size
      let count = Int.random(in: 1...12, using: &generator)
      let values = AxisTicks.steps(from: first, to: last, count: count).values
      #expect(values.count <= count + 1, "\(first) to \(last): \(values)")
      #expect(count < 3 || values.count >= max(1, count / 3), "\(first) to \(last), \(count): \(values)")
      #expect(values.allSatisfy { $0 >= first - (last - first) * 1e-5 && $0 <= last + (last - first) * 1e-5 })
      // Few digits: none of the noise of adding up steps.
      let step = values.count > 1 ? values[1] - values[0] : 1
      let digits = DecimalDigits(step).rounded(toDigits: 5).digits
      #expect([[1], [2], [5]].contains(digits) || values.count < 2, "\(step)")
    }
    #expect(AxisTicks.steps(from: 0, to: 1, count: 10).values == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
  }

  @Test("labels never touch", arguments: [40.0, 100, 200, 400, 1000])
  func fitting(_ length: Double) {
    for (lowest, highest, kind) in [
      (0, 5000, ChartAxis.Scale.linear), (0, 1.3e9, .linear), (0, 1e-9, .linear), (1e17, 1e24, .logarithmic),
      (0.001, 2e12, .logarithmic), (2, 11, .logarithmic),
    ] as [(Double, Double, ChartAxis.Scale)] {
      let ticks = AxisTicks.fitting(
        scale(lowest, highest, kind), length: length, spacing: 60, gap: 10, notation: .typographic,
        extent: { Double($0.count) * 7 })
      let labelled = ticks.filter { !$0.label.isEmpty }.sorted { $0.fraction < $1.fraction }
      #expect(!labelled.isEmpty)
      for (one, next) in zip(labelled, labelled.dropFirst()) {
        let room = (next.fraction - one.fraction) * length - Double(one.label.count + next.label.count) * 3.5
        #expect(room >= 10 - 1e-9, "\(one.label) and \(next.label) at \(length)")
      }
    }
  }

  @Test("the ends fit the data, the data alone, and what is given")
  func ends() {
    func ends(_ scale: AxisScale) -> [Double] { [scale.lower, scale.upper] }
    #expect(ends(scale(2, 12, margin: 0.1)) == [1, 13])
    // No room below zero where nothing is negative.
    #expect(ends(scale(0.5, 10.5, margin: 0.1)) == [0, 11.5] && ends(scale(-10, -1, margin: 0.2))[1] == 0)
    // One value.
    #expect(ends(scale(0, 0)) == [-1, 1] && ends(scale(3, 3)) == [2, 4])
    #expect(scale(10.4, 10.4).lower < 10.4 && scale(10.4, 10.4).upper > 10.4)
    #expect(ends(scale(8, 8, .logarithmic)) == [4, 16])
    #expect(ends(scale(0, 10, lower: 5)) == [5, 10] && ends(scale(0, 10, upper: 20)) == [0, 20])
    // Beyond all data, upside down, impossible.
    #expect(scale(0, 10, lower: 50).upper > 50 && scale(0, 10, upper: -5).lower < -5)
    #expect(ends(scale(0, 10, lower: 7, upper: 3)) == [0, 10])
    #expect(ends(scale(0, 10, lower: .nan, upper: .infinity)) == [0, 10])
    #expect(ends(scale(1, 10, .logarithmic, lower: -1, upper: 0)) == [1, 10])
    #expect(scale(1, 10, .logarithmic, lower: 100).upper > 100)
    #expect(AxisScale(ChartAxis(""), extent: nil, margin: 0).isKnown == false)
  }

  @Test("every value has one place or none, at the limits of numbers too")
  func fractions() {
    let huge = scale(-1.7e308, 1.7e308, margin: 0.06)
    #expect(huge.lower.isFinite && huge.upper.isFinite && huge.fraction(of: 0) == 0.5)
    #expect(huge.fraction(of: .nan) == nil && huge.fraction(of: .infinity) == nil)
    let tiny = scale(.leastNonzeroMagnitude, 1.7e308, .logarithmic, margin: 0.06)
    #expect(tiny.lower > 0 && tiny.upper.isFinite && tiny.fraction(of: 0) == nil && tiny.fraction(of: -1) == nil)
    let decades = scale(1, 1000, .logarithmic)
    #expect((0...3).allSatisfy { abs((decades.fraction(of: [1, 10, 100, 1000][$0]) ?? 9) - Double($0) / 3) < 1e-12 })
    // Far away, but not so far that a picture could not be drawn.
    #expect(scale(0, 1e-300).fraction(of: 1e300) == 10_000)
    #expect(scale(0, 0, .categories(["a", "b"])).fraction(of: 1) == 0.75)
  }
}
