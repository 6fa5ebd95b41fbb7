/// A hash of short byte strings, different in every process so that no file can be made to collide.
struct ByteHash: Sendable {
  private let seed: UInt64
  private let factor: UInt64

  init() {
    seed = UInt64.random(in: .min ... .max)
    factor = UInt64.random(in: .min ... .max) | 1
  }

  /// The hash of `count` bytes.
  @inline(__always)
  func callAsFunction(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    let raw = unsafe UnsafeRawPointer(bytes)
    if count >= 8 {
      var offset = 0
      while offset + 8 <= count {
        hash = unsafe mix(hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      // The last eight bytes overlap those before.
      return unsafe mix(hash ^ raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    }
    return unsafe count == 0 ? mix(hash) : mix(mix(hash ^ Self.word(bytes, count: count)))
  }

  /// The hash of two numbers.
  @inline(__always)
  func callAsFunction(_ first: UInt64, _ second: UInt64) -> UInt64 { mix(mix(first ^ seed) ^ second) }

  /// The hash of a number.
  @inline(__always)
  func callAsFunction(_ value: UInt64) -> UInt64 { mix(value ^ seed) }

  @inline(__always)
  private func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }

  /// One to eight bytes as a number, the first one lowest and zeros above the last.
  @inline(__always)
  static func word(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    let raw = unsafe UnsafeRawPointer(bytes)
    // Loads overlap rather than read past the end: a byte that is loaded twice is put in the same place twice.
    if count >= 4 {
      if count == 8 { return unsafe raw.loadUnaligned(as: UInt64.self) }
      let first = unsafe UInt64(raw.loadUnaligned(as: UInt32.self))
      let last = unsafe UInt64(raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
      return first | last << UInt64(8 * (count - 4))
    }
    let first = unsafe UInt64(bytes[0])
    let middle = unsafe UInt64(bytes[count >> 1])
    let last = unsafe UInt64(bytes[count - 1])
    return first | middle << UInt64(8 * (count >> 1)) | last << UInt64(8 * (count - 1))
  }

  /// Whether two runs of `count` bytes are equal.
  @inline(__always)
  static func areEqual(_ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, count: Int) -> Bool {
    if count <= 8 { return unsafe count == 0 || word(first, count: count) == word(second, count: count) }
    let left = unsafe UnsafeRawPointer(first)
    let right = unsafe UnsafeRawPointer(second)
    var offset = 0
    while offset + 8 < count {
      let same =
        unsafe left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if !same { return false }
      offset += 8
    }
    return unsafe left.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      == right.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
  }
}
