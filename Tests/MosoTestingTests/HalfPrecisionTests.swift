import MosoTesting
import Testing

@Suite("HalfPrecision") struct HalfPrecisionTests {
  @Test("Every half has its value and comes back from it") func everyHalf() {
    for bits in UInt16.min...UInt16.max {
      let value = HalfPrecision.value(of: bits)
      #expect(value.isNaN == (bits & 0x7fff > 0x7c00))
      if !value.isNaN { #expect(HalfPrecision.bits(of: value) == bits) }
    }
  }

  @Test("Values between halves go to the nearer one, or to the even one")
  func rounds() {
    let cases: [(Float, Float)] = [
      (1, 1), (0.1, 0.0999755859375), (2_049, 2_048), (2_051, 2_052), (65_504, 65_504), (65_519, 65_504),
      (65_520, .infinity), (0x1p-24, 0x1p-24), (0x1p-25, 0), (0x1.8p-24, 0x1p-23), (0x1.ffep-15, 0x1p-14),
    ]
    for (value, rounded) in cases {
      #expect(HalfPrecision.rounded(value) == rounded)
      #expect(HalfPrecision.rounded(-value) == -rounded)
    }
  }
}
