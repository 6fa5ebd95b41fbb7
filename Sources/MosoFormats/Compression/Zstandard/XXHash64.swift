/// The 64-bit hash of Collet's xxHash with the seed 0, of bytes that come in pieces.
struct XXHash64 {
  private static let primes: [UInt64] = [
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63, 0x27D4_EB2F_1656_67C5,
  ]
  private static let stripe = 32

  private var lanes: [UInt64] = [primes[0] &+ primes[1], primes[1], 0, 0 &- primes[0]]
  /// Bytes that make no whole stripe yet.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  /// Adds `bytes` after those before.
  mutating func update(_ bytes: [UInt8]) {
    count &+= UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(Self.stripe - rest.count, bytes.count)
      rest += bytes[..<start]
      guard rest.count == Self.stripe else { return }
      take(rest, at: 0)
      rest.removeAll()
    }
    while bytes.count - start >= Self.stripe {
      take(bytes, at: start)
      start += Self.stripe
    }
    rest += bytes[start...]
  }

  /// The hash of all bytes so far.
  var value: UInt64 {
    let primes = Self.primes
    var hash = primes[4]
    if count >= UInt64(Self.stripe) {
      hash = rotate(lanes[0], 1) &+ rotate(lanes[1], 7) &+ rotate(lanes[2], 12) &+ rotate(lanes[3], 18)
      for lane in lanes { hash = (hash ^ mixed(0, lane)) &* primes[0] &+ primes[3] }
    }
    hash = hash &+ count
    var left = rest[...]
    while left.count >= 8 {
      hash = rotate(hash ^ mixed(0, littleEndian(left.prefix(8))), 27) &* primes[0] &+ primes[3]
      left = left.dropFirst(8)
    }
    if left.count >= 4 {
      hash = rotate(hash ^ littleEndian(left.prefix(4)) &* primes[0], 23) &* primes[1] &+ primes[2]
      left = left.dropFirst(4)
    }
    for byte in left { hash = rotate(hash ^ UInt64(byte) &* primes[4], 11) &* primes[0] }
    hash = (hash ^ hash >> 33) &* primes[1]
    hash = (hash ^ hash >> 29) &* primes[2]
    return hash ^ hash >> 32
  }

  private mutating func take(_ bytes: [UInt8], at start: Int) {
    unsafe bytes.withUnsafeBytes { bytes in
      for lane in 0..<4 {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: start + 8 * lane, as: UInt64.self)
        lanes[lane] = mixed(lanes[lane], UInt64(littleEndian: word))
      }
    }
  }

  private func mixed(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotate(lane &+ word &* Self.primes[1], 31) &* Self.primes[0]
  }

  private func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
}
