/// Whole numbers stored as differences from the one before: Parquet's DELTA_BINARY_PACKED.
///
/// A head gives the size of blocks, how many parts a block has, the number of values, and the first value. Each block has its
/// least difference and the bits that the differences above it take in each part. Nothing is unpacked before it is asked
/// for, so no count needs memory.
struct DeltaReader {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int
  /// How many differences a part of a block has.
  private let partSize: Int
  private let partCount: Int
  /// How many values are left.
  private(set) var count: Int
  private var value: Int
  private var isFirst = true

  private var leastDelta = 0
  /// The bit widths of the parts of the block at hand, and which part is being read.
  private var widths: ArraySlice<UInt8> = []
  private var bitWidth = 0
  private var partLeft = 0
  private var bits: UInt64 = 0
  private var bitCount = 0

  private static let maximumBlock = 1 << 16

  /// Reads the head at the start of `range`.
  ///
  /// - Precondition: The range lies within the bytes.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(PageDamage) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    var head = VarintReader(bytes, in: range)
    let blockSize = try head.next()
    let partCount = try head.next()
    let count = try head.next()
    let first = try head.nextZigzag()
    guard blockSize > 0, blockSize <= Self.maximumBlock, blockSize % 128 == 0, partCount > 0, partCount <= blockSize,
      blockSize % partCount == 0, blockSize / partCount % 32 == 0
    else {
      throw PageDamage(
        "differences", found: "blocks of \(blockSize) in \(partCount) parts",
        expected: "blocks of a multiple of 128, at most \(Self.maximumBlock), in parts of a multiple of 32")
    }
    guard let count = Int(exactly: count), count <= Int(Int32.max) else {
      throw PageDamage("differences", found: "\(count) values", expected: "at most \(Int32.max)")
    }
    self.bytes = bytes
    position = head.position
    end = range.upperBound
    self.partCount = Int(partCount)
    partSize = Int(blockSize / partCount)
    self.count = count
    value = first
  }

  /// The next value.
  mutating func next() throws(PageDamage) -> Int {
    guard count > 0 else {
      throw PageDamage("differences", found: "their end", expected: "as many values as the page has")
    }
    count -= 1
    if isFirst {
      isFirst = false
      return value
    }
    if partLeft == 0 { try beginPart() }
    partLeft -= 1
    // Differences wrap around, as the format wants.
    value = value &+ leastDelta &+ Int(truncatingIfNeeded: try nextBits())
    return value
  }

  /// Passes over all values that are left, and returns where the bytes after the last part start.
  mutating func skipAll() throws(PageDamage) -> Int {
    if count > 0 && isFirst {
      isFirst = false
      count -= 1
    }
    while count > 0 {
      if partLeft == 0 { try beginPart() }
      // Only the last part may have more places than values; its bytes are there all the same.
      let unread = (partLeft * bitWidth - bitCount + 7) / 8
      guard unread <= end - position else { throw ended() }
      position += max(unread, 0)
      count -= min(count, partLeft)
      partLeft = 0
      bits = 0
      bitCount = 0
    }
    return position
  }

  private mutating func beginPart() throws(PageDamage) {
    if widths.isEmpty {
      var head = VarintReader(bytes, in: position..<end)
      leastDelta = try head.nextZigzag()
      guard partCount <= end - head.position else { throw ended() }
      position = head.position + partCount
      widths = bytes[head.position..<position]
    }
    bitWidth = Int(widths.removeFirst())
    guard bitWidth <= 64 else {
      throw PageDamage("differences", found: "differences of \(bitWidth) bits", expected: "at most 64")
    }
    partLeft = partSize
    bits = 0
    bitCount = 0
  }

  /// The next difference above the least one.
  private mutating func nextBits() throws(PageDamage) -> UInt64 {
    var result: UInt64 = 0
    var filled = 0
    while filled < bitWidth {
      if bitCount == 0 {
        guard position < end else { throw ended() }
        bits = UInt64(bytes[position])
        position += 1
        bitCount = 8
      }
      let taken = min(bitCount, bitWidth - filled)
      result |= (bits & ((1 << UInt64(taken)) - 1)) << UInt64(filled)
      bits >>= UInt64(taken)
      bitCount -= taken
      filled += taken
    }
    return result
  }

  private func ended() -> PageDamage {
    PageDamage("differences", found: "the end of the page", expected: "as many differences as the block has")
  }
}

/// Reads whole numbers of any length, seven bits a byte.
struct VarintReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int

  /// - Precondition: The range lies within the bytes.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next number.
  mutating func next() throws(PageDamage) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else {
        throw PageDamage("number", found: "the end of the page", expected: "the rest of the number")
      }
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte < 2 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw PageDamage("number", found: "more than 64 bits", expected: "at most 64 bits")
  }

  /// The next number, whose lowest bit is its sign.
  mutating func nextZigzag() throws(PageDamage) -> Int {
    let number = try next()
    return Int(truncatingIfNeeded: number >> 1) ^ -Int(truncatingIfNeeded: number & 1)
  }
}
