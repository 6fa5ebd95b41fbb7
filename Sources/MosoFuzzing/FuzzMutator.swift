/// Damages files in the ways that broken downloads, faulty converters and attackers do.
struct FuzzMutator {
  private var random: FuzzRandom
  /// Files never grow beyond this, so that a limit on memory means something.
  private static let maximumSize = 1 << 16

  init(random: FuzzRandom) {
    self.random = random
  }

  /// A damaged copy of one of `seeds`.
  mutating func file(from seeds: [FuzzSeed]) -> [UInt8] {
    let seed = seeds[random.below(seeds.count)]
    var bytes = seed.content
    repeat {
      if seed.isText && random.below(2) == 0 {
        damageText(&bytes)
      } else {
        damage(&bytes, other: seeds[random.below(seeds.count)].content)
      }
    } while random.below(2) == 0
    return seed.finish(Array(bytes.prefix(Self.maximumSize)))
  }

  private mutating func damage(_ bytes: inout [UInt8], other: [UInt8]) {
    switch random.below(10) {
    case 0: flipBits(&bytes)
    case 1: overwrite(&bytes, with: [randomByte()])
    case 2, 3, 4: overwrite(&bytes, with: extremeNumber(near: bytes.count))
    case 5: nudgeNumber(&bytes)
    case 6: bytes.removeLast(random.below(bytes.count + 1))
    case 7: bytes.removeSubrange(randomRange(in: bytes))
    case 8: splice(other, into: &bytes)
    default: bytes += (0..<random.below(64)).map { _ in randomByte() }
    }
  }

  private mutating func flipBits(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    for _ in 0...random.below(8) { bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
  }

  /// Writes over what is there, at a place that is often a multiple of four.
  private mutating func overwrite(_ bytes: inout [UInt8], with content: [UInt8]) {
    guard bytes.count >= content.count else { return }
    var place = random.below(bytes.count - content.count + 1)
    if random.below(2) == 0 { place -= place % 4 }
    bytes.replaceSubrange(place..<place + content.count, with: content)
  }

  /// A length, count or offset as nobody should write it, in 8, 16, 32 or 64 bits.
  private mutating func extremeNumber(near count: Int) -> [UInt8] {
    let numbers: [UInt64] = [
      0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 40, 1 << 61, 1 << 62,
      .max >> 1, 1 << 63, .max, UInt64(count), UInt64(count + 1), UInt64(count / 2), UInt64(random.below(64)),
    ]
    let number = numbers[random.below(numbers.count)]
    return (0..<(1 << random.below(4))).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
  }

  /// Adds a little to a byte, which moves most counts by a little too.
  private mutating func nudgeNumber(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = random.below(bytes.count)
    bytes[place] &+= UInt8(truncatingIfNeeded: random.below(7) - 3)
  }

  private mutating func splice(_ other: [UInt8], into bytes: inout [UInt8]) {
    let piece = other[randomRange(in: other)]
    let place = random.below(bytes.count + 1)
    let end = random.below(2) == 0 ? place : min(bytes.count, place + piece.count)
    bytes.replaceSubrange(place..<end, with: piece)
  }

  /// Throws pieces of JSON and of bad text into a text.
  private mutating func damageText(_ bytes: inout [UInt8]) {
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000", "null", "true", "NaN", "-",
      "-0", "0",
      "1e999", "1e-999", "0.5", "99999999999999999999", "9223372036854775807", "-9223372036854775808", "\u{0}", "\n",
      "é",
      "e\u{301}", "\u{1F600}", "<0x41>", "\u{2581}", "Ġ", String(repeating: "[", count: 200),
      String(repeating: "{\"a\":", count: 200), String(repeating: "9", count: 400),
    ]
    var piece = Array(pieces[random.below(pieces.count)].utf8)
    if random.below(16) == 0 { piece = [randomByte() | 0x80] }
    let place = random.below(bytes.count + 1)
    switch random.below(3) {
    case 0: bytes.insert(contentsOf: piece, at: place)
    case 1: bytes.replaceSubrange(place..<min(bytes.count, place + piece.count), with: piece)
    default: replaceToken(&bytes, at: place, with: piece)
    }
  }

  /// Puts `piece` in the place of the number or word around `place`.
  private func replaceToken(_ bytes: inout [UInt8], at place: Int, with piece: [UInt8]) {
    func isWord(_ byte: UInt8) -> Bool { byte > 0x2D && ![0x3A, 0x5B, 0x5D, 0x7B, 0x7D].contains(byte) }
    var start = place
    var end = place
    while start > 0 && isWord(bytes[start - 1]) { start -= 1 }
    while end < bytes.count && isWord(bytes[end]) { end += 1 }
    bytes.replaceSubrange(start..<end, with: piece)
  }

  private mutating func randomRange(in bytes: [UInt8]) -> Range<Int> {
    let start = random.below(bytes.count + 1)
    let longest = random.below(2) == 0 ? 16 : bytes.count
    return start..<min(bytes.count, start + random.below(longest + 1))
  }

  private mutating func randomByte() -> UInt8 { UInt8(truncatingIfNeeded: random.next()) }
}
