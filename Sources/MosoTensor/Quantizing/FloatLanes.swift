/// A few floats that are worked on together.
///
/// Four are what every machine's registers hold; more are pairs of fewer. The standard library's vectors of 16 and 32
/// floats take many of their operations apart into single elements, which makes them fifty times slower.
protocol FloatLanes: Sendable {
  static var count: Int { get }
  init(repeating value: Float)
  /// Reads as many floats as there are lanes.
  init(at values: UnsafePointer<Float>)

  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self

  var magnitude: Self { get }
  /// Each lane rounded to a whole number, ties to even, and moved into a range.
  ///
  /// From 2^23 on floats have no fractions, so adding one and a half times that leaves the processor to round. The
  /// rounding instructions proper are not part of the x86 that packages are built for.
  ///
  /// - Precondition: Lanes lie within 2^22 either way.
  func codes(from least: Int32, to most: Int32) -> Self
  /// The sum of all lanes, always added in the same order.
  var total: Float { get }
  var least: Float { get }
  var greatest: Float { get }
  /// Writes the lanes, whole numbers from 0 to 255 or from -128 to 127, as bytes.
  func storeBytes(to bytes: UnsafeMutablePointer<UInt8>)
}

/// Sixteen floats.
typealias SixteenFloats = LanePair<LanePair<SIMD4<Float>>>
/// Thirty-two floats.
typealias ThirtyTwoFloats = LanePair<SixteenFloats>

extension FloatLanes {
  @inline(__always)
  static func * (left: Self, right: Float) -> Self { left * Self(repeating: right) }

  @inline(__always)
  static func + (left: Self, right: Float) -> Self { left + Self(repeating: right) }

  @inline(__always)
  static func - (left: Self, right: Float) -> Self { left - Self(repeating: right) }

  /// How much each value's error counts: the root mean square of all values, plus the value's own size.
  ///
  /// Large weights move a model's output more than small ones do; the first term keeps the small ones from being given
  /// up.
  @inline(__always)
  var importance: Self { magnitude + ((self * self).total / Float(Self.count)).squareRoot() }
}

extension SIMD4<Float>: FloatLanes {
  static var count: Int { 4 }

  @inline(__always)
  init(at values: UnsafePointer<Float>) {
    self = unsafe UnsafeRawPointer(values).loadUnaligned(as: Self.self)
  }

  @inline(__always)
  var magnitude: Self {
    unsafe unsafeBitCast(unsafeBitCast(self, to: SIMD4<UInt32>.self) & 0x7FFF_FFFF, to: Self.self)
  }

  @inline(__always)
  func codes(from least: Int32, to most: Int32) -> Self {
    let base = Self(repeating: 0x1.8p23)
    let zero = SIMD4<Int32>(repeating: Int32(bitPattern: (0x1.8p23 as Float).bitPattern))
    let rounded = unsafe unsafeBitCast(self + base, to: SIMD4<Int32>.self) &- zero
    // A shift by all bits but one makes a mask of the sign. Vectors of truth values would go through single elements.
    let above = rounded &- least
    let raised = above & ~(above &>> 31)
    let below = (most &- least) &- raised
    let kept = most &- (below & ~(below &>> 31))
    return unsafe unsafeBitCast(kept &+ zero, to: Self.self) - base
  }

  @inline(__always)
  var total: Float { (self[0] + self[1]) + (self[2] + self[3]) }

  @inline(__always)
  var least: Float { Swift.min(Swift.min(self[0], self[1]), Swift.min(self[2], self[3])) }

  @inline(__always)
  var greatest: Float { Swift.max(Swift.max(self[0], self[1]), Swift.max(self[2], self[3])) }

  @inline(__always)
  func storeBytes(to bytes: UnsafeMutablePointer<UInt8>) {
    // Beside 1.5 · 2^23, a whole number is the lowest bits of the float.
    let bits = unsafe unsafeBitCast(self + Self(repeating: 0x1.8p23), to: SIMD4<UInt32>.self)
    for lane in 0..<4 { unsafe bytes[lane] = UInt8(truncatingIfNeeded: bits[lane]) }
  }
}

/// Twice as many floats.
struct LanePair<Half: FloatLanes>: FloatLanes {
  private var low: Half
  private var high: Half

  @inline(__always)
  private init(_ low: Half, _ high: Half) { (self.low, self.high) = (low, high) }

  static var count: Int { 2 * Half.count }

  @inline(__always)
  init(repeating value: Float) { self.init(Half(repeating: value), Half(repeating: value)) }

  @inline(__always)
  init(at values: UnsafePointer<Float>) {
    unsafe self.init(Half(at: values), Half(at: values + Half.count))
  }

  @inline(__always)
  static func + (left: Self, right: Self) -> Self { Self(left.low + right.low, left.high + right.high) }

  @inline(__always)
  static func - (left: Self, right: Self) -> Self { Self(left.low - right.low, left.high - right.high) }

  @inline(__always)
  static func * (left: Self, right: Self) -> Self { Self(left.low * right.low, left.high * right.high) }

  @inline(__always)
  var magnitude: Self { Self(low.magnitude, high.magnitude) }

  @inline(__always)
  func codes(from least: Int32, to most: Int32) -> Self {
    Self(low.codes(from: least, to: most), high.codes(from: least, to: most))
  }

  @inline(__always)
  var total: Float { (low + high).total }

  @inline(__always)
  var least: Float { min(low.least, high.least) }

  @inline(__always)
  var greatest: Float { max(low.greatest, high.greatest) }

  @inline(__always)
  func storeBytes(to bytes: UnsafeMutablePointer<UInt8>) {
    unsafe low.storeBytes(to: bytes)
    unsafe high.storeBytes(to: bytes + Half.count)
  }
}
