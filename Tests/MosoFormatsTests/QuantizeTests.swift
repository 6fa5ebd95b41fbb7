import MosoFormats
import MosoTensor
import Testing

@Suite("Quantizing") struct QuantizeTests {
  static let blockTypes: [ElementType] = [.q8_0, .q6K, .q5K, .q5_1, .q5_0, .q4K, .q4_1, .q4_0]

  // MARK: Errors

  /// The fixture comes from `Scripts/make_quantization_fixture.py`.
  @Test("Errors are below those of gguf-py's quantisers", arguments: ["normal", "heavy", "shifted"])
  func errorsBelowReference(sample: String) throws {
    let fixture = try JSONValue(contentsOf: fixturePath("quantization.json"))[sample]
    let values = try #require(fixture?["values"]?.arrayValue).compactMap(\.doubleValue).map { Float($0) }
    let errors = try #require(fixture?["errors"]?.objectValue)
    #expect(errors.count == 5)
    for (name, error) in errors {
      let type = try #require(ElementType.allCases.first { $0.description == name })
      let found = type.relativeError(of: values)
      #expect(found < (error.doubleValue ?? 0), "\(name)")
    }
  }

  /// The first number is what llama.cpp's quantiser without an importance matrix leaves on a million such values.
  @Test(
    "Errors on normally distributed values are below llama.cpp's",
    arguments: [
      (ElementType.q4K, 0.07135, 0.0702), (.q5K, 0.03613, 0.0344), (.q6K, 0.01776, 0.01684), (.q8_0, 0.00535, 0.00516),
      (.q4_0, 0.0859, 0.0808), (.q4_1, 0.0782, 0.0697), (.q5_0, 0.0427, 0.0398), (.q5_1, 0.0379, 0.0335),
    ])
  func errorsOnNormalValues(type: ElementType, theirs: Double, ours: Double) {
    let found = type.relativeError(of: normalValues(8192))
    #expect(found < theirs)
    // What the searches reach; less would mean that something else than the type's own codes was read back.
    #expect(found < ours && found > 0.98 * ours)
  }

  @Test("Every value is within half a step of the plain scale, and more than that only where few would be better off")
  func largestError() {
    let values = normalValues(4096)
    for (type, steps) in [(ElementType.q8_0, Float(127)), (.q4_0, 8), (.q5_0, 16)] {
      let back = type.roundTrip(values)
      for start in stride(from: 0, to: values.count, by: 32) {
        let block = values[start..<start + 32]
        let step = (block.map(\.magnitude).max() ?? 0) / steps
        for (value, found) in zip(block, back[start..<start + 32]) {
          #expect((value - found).magnitude <= 1.5 * step, "\(type) at \(start)")
        }
      }
    }
  }

  // MARK: Special blocks

  @Test("Zeros stay zeros", arguments: blockTypes)
  func zeros(type: ElementType) {
    #expect(type.roundTrip([Float](repeating: 0, count: 512)) == [Float](repeating: 0, count: 512))
  }

  @Test("Equal values keep their value to the rounding of a half", arguments: blockTypes)
  func equalValues(type: ElementType) {
    for value: Float in [1.37, -0.011, 3000, -60_000] {
      let back = type.roundTrip([Float](repeating: value, count: 256))
      #expect(back.allSatisfy { ($0 - value).magnitude <= 0.01 * value.magnitude }, "\(value)")
    }
  }

  @Test("Values that a block's codes can hold come back as they were") func exactValues() {
    let ramp = (0..<256).map { Float($0 % 16) }
    #expect(ElementType.q4_1.roundTrip(ramp) == ramp)
    let signed = (0..<256).map { 0.5 * Float($0 % 16 - 8) }
    #expect(ElementType.q4_0.roundTrip(signed) == signed)
    let wide = (0..<256).map { index in
      // Every block of 32 has to reach the last code.
      let code = index % 32 == 0 ? -127 : index * 37 % 255 - 127
      return 0.25 * Float(code)
    }
    #expect(ElementType.q8_0.roundTrip(wide) == wide)
  }

  @Test("One value among zeros keeps its sign and size", arguments: blockTypes)
  func outlier(type: ElementType) {
    for value: Float in [7, -7, 65_504, -65_504, 0.01] {
      var values = [Float](repeating: 0, count: 256)
      values[77] = value
      let back = type.roundTrip(values)
      #expect((back[77] - value).magnitude <= 0.01 * value.magnitude, "\(value)")
      #expect(back.enumerated().allSatisfy { $0.offset == 77 || $0.element.magnitude <= 0.001 * value.magnitude })
    }
  }

  @Test("What is too small for a scale becomes zero, and what is no number does no harm", arguments: blockTypes)
  func extremes(type: ElementType) {
    let tiny = type.roundTrip((0..<256).map { Float($0 - 128) * 1e-12 })
    #expect(tiny.allSatisfy { $0.magnitude <= 1e-9 })
    for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      var values = normalValues(256)
      values[3] = value
      #expect(type.roundTrip(values).count == 256)
    }
  }

  // MARK: Threads

  @Test("The bytes do not depend on the number of threads", arguments: blockTypes + [.f32, .f16, .bf16])
  func threads(type: ElementType) {
    let values = normalValues(256 * 9)
    let alone = type.quantize(values.span, on: ThreadPool(threads: 1))
    #expect(alone.count == values.count / type.elementsPerBlock * type.bytesPerBlock)
    for threads in [2, 5] { #expect(type.quantize(values.span, on: ThreadPool(threads: threads)) == alone) }
  }

  // MARK: Floats

  @Test("Every half comes back as it was") func halves() {
    let all = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 || $0 & 0x3FF == 0 }
    let bytes = all.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let values = ElementType.f16.dequantize(bytes.span.bytes)
    #expect(ElementType.f16.quantize(values.span, on: ThreadPool(threads: 1)) == bytes)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test("Halves are rounded as the compiler's own conversion rounds") func roundedHalves() {
      // Between any two neighbouring halves: the middle, and just beside it.
      var values: [Float] = [65_519.996, 65_520, 1e9, -1e9, 1e-9, -1e-9, 0x1p-25, 0x1.8p-25]
      for bits in stride(from: UInt16(0), to: 0x7BFF, by: 7) {
        let middle = (Float(Float16(bitPattern: bits)) + Float(Float16(bitPattern: bits + 1))) / 2
        values += [middle, -middle, middle.nextUp, middle.nextDown]
      }
      let found = ElementType.f16.quantize(values.span, on: ThreadPool(threads: 1))
      let expected = values.flatMap { value in
        let bits = Float16(value).bitPattern
        return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
      }
      #expect(found == expected)
    }
  #endif

  @Test("The upper halves of floats are rounded to nearest, ties to even") func brainFloats() {
    let cases: [(UInt32, UInt16)] = [
      (0x3F80_0000, 0x3F80), (0x3F80_7FFF, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F80_8001, 0x3F81), (0x3F81_8000, 0x3F82),
      (0xBF81_8000, 0xBF82), (0x7F7F_FFFF, 0x7F80), (0x0000_8001, 0x0001), (0x7F80_0000, 0x7F80), (0x7F80_0001, 0x7FC0),
    ]
    let values = cases.map { Float(bitPattern: $0.0) }
    let found = ElementType.bf16.quantize(values.span, on: ThreadPool(threads: 1))
    #expect(found == cases.flatMap { [UInt8(truncatingIfNeeded: $0.1), UInt8($0.1 >> 8)] })
  }
}

extension ElementType {
  fileprivate func roundTrip(_ values: [Float]) -> [Float] {
    dequantize(quantize(values.span, on: ThreadPool(threads: 1)).span.bytes)
  }

  /// The root mean square error as a share of the values' root mean square.
  fileprivate func relativeError(of values: [Float]) -> Double {
    let errors = zip(values, roundTrip(values)).map { Double($0 - $1) }
    let (error, norm) = (errors.reduce(0) { $0 + $1 * $1 }, values.reduce(0) { $0 + Double($1) * Double($1) })
    return (error / norm).squareRoot()
  }
}

/// Nearly normally distributed values, the same every time: sums of twelve even ones.
private func normalValues(_ count: Int) -> [Float] {
  var state: UInt64 = 42
  func even() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) / Float(1 << 24)
  }
  return (0..<count).map { _ in 0.02 * ((0..<12).reduce(Float(-6)) { sum, _ in sum + even() }) }
}
