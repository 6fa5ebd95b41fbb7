/// Writes the parts of quantised blocks, little-endian, one after the other.
@safe
struct BlockWriter {
  private var next: UnsafeMutablePointer<UInt8>

  init(at start: UnsafeMutablePointer<UInt8>) { unsafe next = start }

  @inline(__always)
  mutating func write(_ byte: UInt8) {
    unsafe next.pointee = byte
    unsafe next += 1
  }

  @inline(__always)
  mutating func write(half value: Float) {
    let bits = FloatRounding.halfBits(value)
    write(UInt8(truncatingIfNeeded: bits))
    write(UInt8(truncatingIfNeeded: bits >> 8))
  }

  @inline(__always)
  mutating func write(_ bytes: UnsafePointer<UInt8>, count: Int) {
    for index in 0..<count { unsafe write(bytes[index]) }
  }

  /// Writes `count` bytes of two codes each: one from `low` in the low nibble, one from `high` in the high one.
  @inline(__always)
  mutating func write(nibbles low: UnsafePointer<UInt8>, _ high: UnsafePointer<UInt8>, count: Int) {
    for index in 0..<count { unsafe write(low[index] & 15 | high[index] << 4) }
  }

  /// Writes the fifth bits of 32 codes as one number, the first code's lowest.
  @inline(__always)
  mutating func write(fifthBitsOf codes: UnsafePointer<UInt8>) {
    for byte in 0..<4 {
      var bits: UInt8 = 0
      for index in 0..<8 { unsafe bits |= (codes[8 * byte + index] >> 4 & 1) << UInt8(index) }
      write(bits)
    }
  }
}
