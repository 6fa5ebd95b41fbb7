import MosoTensor
import Testing

@Suite("Dequantisation") struct DequantizeTests {
  private func bytes(_ hexadecimal: Substring) throws -> [UInt8] {
    let digits = Array(hexadecimal)
    return try stride(from: 0, to: digits.count, by: 2).map {
      try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
    }
  }

  private func words(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
      (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
    }
  }

  @Test("Each type has the bits of an independent implementation", arguments: ElementType.allCases)
  func golden(type: ElementType) throws {
    let lines = try fixtureText("dequantize.txt").split(separator: "\n").map { $0.split(separator: " ") }
    let line = try #require(lines.first { $0[0] == type.description })
    let blocks = try bytes(line[1])
    let expected = try words(bytes(line[2]))
    let values = unsafe type.dequantize(blocks.span.bytes)
    #expect(values.map(\.bitPattern) == expected)
    // At any alignment, and into memory that is there.
    for shift in 1...3 {
      let shifted = [UInt8](repeating: 0, count: shift) + blocks
      var values = [Float](repeating: .nan, count: expected.count)
      var span = values.mutableSpan
      shifted.withUnsafeBytes { raw in
        type.dequantize(unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: raw[shift...])), into: &span)
      }
      #expect(values.map(\.bitPattern) == expected)
    }
  }

  @Test("All halves are what the processor makes of them")
  func halves() {
    let patterns = (UInt16.min ... .max).map { $0 }
    let values = patterns.withUnsafeBytes { unsafe ElementType.f16.dequantize(RawSpan(_unsafeBytes: $0)) }
    for pattern in patterns {
      #expect(values[Int(pattern)].bitPattern == Float(Float16(bitPattern: pattern)).bitPattern)
    }
  }

  @Test("No blocks are no values", arguments: ElementType.allCases)
  func empty(type: ElementType) {
    let none: [UInt8] = []
    #expect(unsafe type.dequantize(none.span.bytes).isEmpty)
    var values: [Float] = []
    var span = values.mutableSpan
    unsafe type.dequantize(none.span.bytes, into: &span)
  }

  @Test("Parts of blocks and room of another size are the caller's mistakes")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      let bytes = [UInt8](repeating: 0, count: 19)
      #expect(unsafe ElementType.q4_0.dequantize(bytes.span.bytes).isEmpty)
    }
    await #expect(processExitsWith: .failure) {
      let bytes = [UInt8](repeating: 0, count: 18)
      var values = [Float](repeating: 0, count: 64)
      var span = values.mutableSpan
      unsafe ElementType.q4_0.dequantize(bytes.span.bytes, into: &span)
      #expect(values[0] == 1)
    }
  }
}
