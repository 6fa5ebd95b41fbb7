/// Small numbers that are stored as runs of the same one and as groups of eight, each in a few bits.
///
/// Parquet calls it the RLE/bit-packing hybrid, and stores levels and places in dictionaries in it. A run begins with a
/// varint whose lowest bit tells the two kinds apart.
struct RunLengthReader {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int
  private let bitWidth: Int
  /// How many numbers the run at hand still has.
  private var runLeft = 0
  /// The number that a run repeats; `nil` while groups of eight are read.
  private var repeated: Int?
  /// Bits that have been read from the bytes and not been used, the next number lowest.
  private var bits: UInt64 = 0
  private var bitCount = 0

  /// Reads the bytes of `range`.
  ///
  /// - Precondition: The range lies within the bytes, and numbers have at most 32 bits.
  init(_ bytes: [UInt8], in range: Range<Int>, bitWidth: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count && (0...32).contains(bitWidth))
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.bitWidth = bitWidth
  }

  /// The next number.
  mutating func next() throws(PageDamage) -> Int {
    while runLeft == 0 { try beginRun() }
    runLeft -= 1
    if let repeated { return repeated }
    while bitCount < bitWidth {
      // A last group may end where no more of its numbers are needed.
      guard position < end else { throw ended() }
      bits |= UInt64(bytes[position]) << UInt64(bitCount)
      position += 1
      bitCount += 8
    }
    let value = bits & ((1 << UInt64(bitWidth)) - 1)
    bits >>= UInt64(bitWidth)
    bitCount -= bitWidth
    return Int(value)
  }

  private mutating func beginRun() throws(PageDamage) {
    var head: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard position < end else { throw ended() }
      let byte = bytes[position]
      position += 1
      guard shift < 35 else {
        throw PageDamage("run of numbers", found: "a length of more than 35 bits", expected: "at most 32 bits")
      }
      head |= UInt64(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { break }
    }
    runLeft = Int(head >> 1)
    guard head & 1 == 0 else {
      runLeft *= 8
      repeated = nil
      bits = 0
      bitCount = 0
      return
    }
    let size = (bitWidth + 7) / 8
    guard size <= end - position else { throw ended() }
    let value = Int(littleEndian(bytes[position..<position + size]))
    guard value < 1 << bitWidth else {
      throw PageDamage("run of numbers", found: "the number \(value)", expected: "a number of \(bitWidth) bits")
    }
    position += size
    repeated = value
  }

  private func ended() -> PageDamage {
    PageDamage("runs of numbers", found: "their end", expected: "as many numbers as the page has values")
  }
}
