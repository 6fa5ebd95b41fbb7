import Testing

@testable import MosoReports

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Numbers are written for people")
struct NumberFormatTests {
  @Test("every form is that of Python's decimal module")
  func golden() throws {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let text = try String(contentsOfFile: "\(folder)/Fixtures/numbers.txt", encoding: .utf8)
    var count = 0
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t").map(String.init)
      let value = try #require(Double(fields[0])), digits = try #require(Int(fields[1]))
      #expect(NumberFormat.compact(value, digits: digits, notation: .ascii) == fields[2], "\(value), \(digits)")
      #expect(NumberFormat.significant(value, digits: digits, notation: .ascii) == fields[3], "\(value), \(digits)")
      #expect(NumberFormat.scientific(value, digits: digits, notation: .ascii) == fields[4], "\(value), \(digits)")
      count += 1
    }
    #expect(count == 500)
  }

  @Test(
    "good print has a minus sign and powers of ten",
    arguments: [
      (1e6, "1M"), (3e15, "3×10¹⁵"), (1e18, "10¹⁸"), (-2.5e-7, "−2.5×10⁻⁷"), (0.001, "0.001"), (-1234, "−1.23k"),
      (0, "0"),
      (-0.0, "0"), (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "−∞"), (262_144, "262k"), (1.31e9, "1.31B"),
    ] as [(Double, String)])
  func typographic(_ value: Double, _ text: String) {
    #expect(NumberFormat.compact(value) == text)
  }

  @Test("what is not finite and digits that make no sense do no harm")
  func odd() {
    #expect(NumberFormat.significant(.nan, notation: .ascii) == "NaN")
    #expect(NumberFormat.scientific(-.infinity, notation: .ascii) == "-inf")
    #expect(NumberFormat.significant(2.5, digits: -3, notation: .ascii) == "3")
    #expect(NumberFormat.compact(1.0 / 3, digits: 100, notation: .ascii) == "0.3333333333333333")
  }

  @Test("numbers are rounded at any place, halves away from zero")
  func rounding() {
    #expect(DecimalDigits(9.96).rounded(toDecimals: 1).plain(decimals: 1) == "10.0")
    #expect(DecimalDigits(0.5).rounded(toDecimals: 0).plain() == "1")
    #expect(DecimalDigits(0.4).rounded(toDecimals: 0).isZero)
    #expect(DecimalDigits(0.05).rounded(toDecimals: 0).isZero)
    #expect(DecimalDigits(1850).rounded(toDecimals: -2).plain() == "1,900")
    #expect(
      DecimalDigits(49).rounded(toDecimals: -2).isZero && DecimalDigits(50).rounded(toDecimals: -2).plain() == "100")
    #expect(DecimalDigits(1_234_567).plain(decimals: 2, dividedBy: 6) == "1.234567")
    #expect(DecimalDigits(5).plain(decimals: 3, dividedBy: 6) == "0.000005")
  }
}
