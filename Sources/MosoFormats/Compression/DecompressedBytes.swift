/// What a decompressor has written so far, later parts of which repeat earlier ones.
@safe
struct DecompressedBytes {
  /// The bytes, and room for more after `count` of them.
  private var storage: [UInt8] = []
  /// How many bytes there are.
  private(set) var count = 0

  /// Bytes with room for `capacity` of them.
  init(capacity: Int = 0) {
    storage = [UInt8](repeating: 0, count: capacity)
  }

  /// Writes the bytes of `range` of `bytes`.
  mutating func append(_ bytes: [UInt8], in range: Range<Int>) {
    reserve(range.count)
    unsafe bytes.withUnsafeBytes { source in
      unsafe storage.withUnsafeMutableBytes { target in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: target[count..<count + range.count])
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
      }
    }
    count += range.count
  }

  /// Writes `length` times the same byte.
  mutating func append(repeating byte: UInt8, count length: Int) {
    reserve(length)
    for place in count..<count + length { storage[place] = byte }
    count += length
  }

  /// Writes `length` bytes that repeat those from `distance` bytes before the end on.
  ///
  /// When the distance is the smaller of the two, what is written is repeated in its turn.
  ///
  /// - Precondition: The distance is from 1 to `count`.
  mutating func repeatBytes(from distance: Int, count length: Int) {
    precondition((1...count).contains(distance), "a distance of \(distance) in \(count) bytes")
    reserve(length)
    let start = count
    unsafe storage.withUnsafeMutableBytes { bytes in
      guard distance < length, let base = bytes.baseAddress else {
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + length])
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[start - distance..<start - distance + length])
        return unsafe target.copyMemory(from: source)
      }
      for place in start..<start + length {
        unsafe base.storeBytes(of: bytes[place - distance], toByteOffset: place, as: UInt8.self)
      }
    }
    count += length
  }

  /// Forgets the first bytes, keeping the last `kept`.
  mutating func keepLast(_ kept: Int) {
    guard kept < count else { return }
    unsafe storage.withUnsafeMutableBytes { bytes in
      let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[count - kept..<count])
      unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[..<kept]).copyMemory(from: source)
    }
    count = kept
  }

  /// A copy of the bytes from `start` on.
  func bytes(from start: Int = 0) -> [UInt8] { Array(storage[start..<count]) }

  private mutating func reserve(_ length: Int) {
    let missing = count + length - storage.count
    guard missing > 0 else { return }
    storage += repeatElement(0, count: max(missing, storage.count, 1 << 12))
  }
}
