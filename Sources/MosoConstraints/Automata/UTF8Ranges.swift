/// Cuts ranges of characters into ranges of the bytes of their UTF-8 form.
enum UTF8Ranges {
  /// The characters of `range` as sequences of byte ranges; two sequences have the same range, or ranges apart, at the
  /// first byte in which they differ.
  static func sequences(of range: ClosedRange<UInt32>) -> [[ClosedRange<UInt8>]] {
    var result: [[ClosedRange<UInt8>]] = []
    let lengths: [(ClosedRange<UInt32>, continuations: Int)] = [
      (0...0x7F, 0), (0x80...0x7FF, 1), (0x800...0xD7FF, 2), (0xE000...0xFFFF, 2), (0x10000...0x10FFFF, 3),
    ]
    for (part, continuations) in lengths where part.overlaps(range) {
      split(part.clamped(to: range), continuations: continuations, into: &result)
    }
    return result
  }

  private static func split(
    _ range: ClosedRange<UInt32>, continuations: Int, into result: inout [[ClosedRange<UInt8>]]
  ) {
    // Where the bytes after some byte do not run through all their values, the range is cut there.
    for count in stride(from: continuations, to: 0, by: -1) {
      let mask = UInt32(1) << UInt32(6 * count) - 1
      let low = range.lowerBound
      let high = range.upperBound
      guard low & ~mask != high & ~mask else { continue }
      if low & mask != 0 {
        split(low...(low | mask), continuations: continuations, into: &result)
        return split((low | mask) + 1...high, continuations: continuations, into: &result)
      }
      if high & mask != mask {
        split(low...(high & ~mask) - 1, continuations: continuations, into: &result)
        return split((high & ~mask)...high, continuations: continuations, into: &result)
      }
    }
    let first = bytes(of: range.lowerBound, continuations: continuations)
    let last = bytes(of: range.upperBound, continuations: continuations)
    result.append(zip(first, last).map { $0...$1 })
  }

  private static func bytes(of value: UInt32, continuations: Int) -> [UInt8] {
    guard continuations > 0 else { return [UInt8(value)] }
    let marks: [UInt32] = [0, 0xC0, 0xE0, 0xF0]
    var bytes = [UInt8(marks[continuations] | value >> UInt32(6 * continuations))]
    for index in stride(from: continuations - 1, through: 0, by: -1) {
      bytes.append(UInt8(0x80 | value >> UInt32(6 * index) & 0x3F))
    }
    return bytes
  }
}
