/// Decodes the compressed blocks of one Zstandard frame (RFC 8878, section 3.1.1.3), each into at most 128 KiB.
///
/// A block has literals, which are bytes that are new, and sequences: so many literals, then so many bytes from so far back.
/// Codes and the last three distances carry over from one block to the next.
struct ZstandardBlocks {
  /// How much a block may have, before and after decompression.
  static let maximumSize = 1 << 17

  /// How far back a copy may reach.
  let windowSize: Int
  private var huffman: HuffmanTable?
  private var literalLengths: FiniteStateTable?
  private var distances: FiniteStateTable?
  private var matchLengths: FiniteStateTable?
  private var lastDistances = [1, 4, 8]

  /// Begins a frame.
  init(windowSize: Int) {
    self.windowSize = windowSize
  }

  /// Decodes `block` and appends what comes out to `output`, which has what came out of the blocks before.
  mutating func decode(_ block: [UInt8], to output: inout DecompressedBytes) throws(DecompressionError) {
    var position = 0
    let literals = try readLiterals(block, &position)
    let count = try sequenceCount(block, &position)
    guard count > 0 else {
      guard position == block.count else { throw damaged(position, "bytes after the literals") }
      return output.append(literals, in: literals.indices)
    }
    guard position < block.count else { throw damaged(position, "no kinds of codes") }
    let modes = block[position]
    position += 1
    guard modes & 3 == 0 else { throw damaged(position, "reserved kinds of codes") }
    literalLengths = try table(modes >> 6, .literalLength, literalLengths, block, &position)
    distances = try table(modes >> 4 & 3, .distance, distances, block, &position)
    matchLengths = try table(modes >> 2 & 3, .matchLength, matchLengths, block, &position)
    try execute(count, block[position...], literals, &output)
  }

  private func damaged(_ offset: Int, _ found: String) -> DecompressionError {
    DecompressionError(offset: offset, found: found, expected: "a sound block of Zstandard")
  }
}

// MARK: Literals

extension ZstandardBlocks {
  private mutating func readLiterals(
    _ block: [UInt8], _ position: inout Int
  ) throws(DecompressionError) -> [UInt8] {
    guard let first = block.first else { throw damaged(0, "an empty block") }
    let kind = first & 3
    let sizeFormat = Int(first >> 2 & 3)
    // One size of 5, 12 or 20 bits, or two of 10, 14 or 18, after these four bits.
    let headSize: Int
    let sizeBits: Int
    if kind < 2 {
      (headSize, sizeBits) = [(1, 5), (2, 12), (1, 5), (3, 20)][sizeFormat]
    } else {
      (headSize, sizeBits) = [(3, 10), (3, 10), (4, 14), (5, 18)][sizeFormat]
    }
    guard headSize <= block.count else { throw damaged(0, "the end in the literals' head") }
    let head = littleEndian(block[..<headSize]) >> (sizeBits == 5 ? 3 : 4)
    let size = Int(head & (1 << UInt64(sizeBits) - 1))
    guard size <= Self.maximumSize else { throw damaged(0, "\(size) literals") }
    position = headSize
    if kind < 2 {
      let stored = kind == 0 ? size : 1
      guard stored <= block.count - position else { throw damaged(position, "fewer literals than announced") }
      defer { position += stored }
      return kind == 0
        ? Array(block[position..<position + size]) : [UInt8](repeating: block[position], count: size)
    }
    let compressedSize = Int(head >> UInt64(sizeBits) & (1 << UInt64(sizeBits) - 1))
    guard compressedSize <= block.count - position else { throw damaged(position, "fewer literals than announced") }
    let content = block[position..<position + compressedSize]
    position += compressedSize
    return try decode(content, size: size, hasTable: kind == 2, isOneStream: sizeFormat == 0)
  }

  private mutating func decode(
    _ content: ArraySlice<UInt8>, size: Int, hasTable: Bool, isOneStream: Bool
  ) throws(DecompressionError) -> [UInt8] {
    var start = content.startIndex
    if hasTable {
      huffman = HuffmanTable(content, &start)
      guard huffman != nil else { throw damaged(start, "a damaged table of literals") }
    }
    guard let huffman else { throw damaged(start, "literals without a table") }
    var literals: [UInt8] = []
    literals.reserveCapacity(size)
    guard !isOneStream else {
      guard huffman.decode(content[start...], count: size, to: &literals) else {
        throw damaged(start, "literals that do not end where they should")
      }
      return literals
    }
    guard content.endIndex - start >= 6 else { throw damaged(start, "no lengths of the literals' parts") }
    // The lengths of three of four parts of equal size; the last part takes what is left.
    let lengths = [0, 2, 4].map { Int(littleEndian(content[start + $0..<start + $0 + 2])) }
    start += 6
    let part = (size + 3) / 4
    for (number, length) in (lengths + [content.endIndex - start - lengths.reduce(0, +)]).enumerated() {
      let count = number < 3 ? part : size - 3 * part
      guard count >= 0, length >= 0, length <= content.endIndex - start,
        huffman.decode(content[start..<start + length], count: count, to: &literals)
      else { throw damaged(start, "literals that do not end where they should") }
      start += length
    }
    return literals
  }
}

// MARK: Sequences

extension ZstandardBlocks {
  private func sequenceCount(_ block: [UInt8], _ position: inout Int) throws(DecompressionError) -> Int {
    guard position < block.count else { throw damaged(position, "no number of sequences") }
    let first = Int(block[position])
    let size = first < 128 ? 1 : first < 255 ? 2 : 3
    guard size <= block.count - position else { throw damaged(position, "no number of sequences") }
    let next = block[position + 1..<position + size].map { Int($0) }
    position += size
    return switch size {
    case 1: first
    case 2: (first - 128) << 8 + next[0]
    default: next[0] + next[1] << 8 + 0x7F00
    }
  }

  private func table(
    _ mode: UInt8, _ code: ZstandardCode, _ last: FiniteStateTable?, _ block: [UInt8], _ position: inout Int
  ) throws(DecompressionError) -> FiniteStateTable {
    switch mode {
    case 0: return code.defaultTable
    case 1:
      guard position < block.count, block[position] <= code.maximumSymbol else {
        throw damaged(position, "a code beyond the last one")
      }
      position += 1
      return FiniteStateTable(repeating: block[position - 1])
    case 2:
      let table = FiniteStateTable(
        block[...], &position, maximumAccuracy: code.maximumAccuracy, maximumSymbol: Int(code.maximumSymbol))
      guard let table else { throw damaged(position, "a damaged table of codes") }
      return table
    default:
      guard let last else { throw damaged(position, "the table before the first one") }
      return last
    }
  }

  private mutating func execute(
    _ count: Int, _ content: ArraySlice<UInt8>, _ literals: [UInt8], _ output: inout DecompressedBytes
  ) throws(DecompressionError) {
    guard let literalLengths, let distances, let matchLengths, var bits = BackwardBits(content) else {
      throw damaged(content.startIndex, "sequences without an end")
    }
    var literalState = bits.read(literalLengths.accuracy)
    var distanceState = bits.read(distances.accuracy)
    var matchState = bits.read(matchLengths.accuracy)
    let start = output.count
    var literalStart = 0
    for number in 0..<count {
      let literal = literalLengths.states[literalState]
      let distance = distances.states[distanceState]
      let match = matchLengths.states[matchState]
      let distanceValue = 1 << Int(distance.symbol) + bits.read(Int(distance.symbol))
      let matchLength = ZstandardCode.matchLength.value(match.symbol, &bits)
      let literalLength = ZstandardCode.literalLength.value(literal.symbol, &bits)
      if number < count - 1 {
        literalState = Int(literal.base) + bits.read(Int(literal.bitCount))
        matchState = Int(match.base) + bits.read(Int(match.bitCount))
        distanceState = Int(distance.base) + bits.read(Int(distance.bitCount))
      }
      guard bits.left >= 0 else { throw damaged(content.startIndex, "fewer sequences than announced") }
      guard literalLength <= literals.count - literalStart,
        output.count - start + literalLength + matchLength <= Self.maximumSize
      else { throw damaged(content.startIndex, "a sequence longer than the block") }
      output.append(literals, in: literalStart..<literalStart + literalLength)
      literalStart += literalLength
      let back = distanceOf(distanceValue, isAfterLiterals: literalLength > 0)
      guard back > 0, back <= min(output.count, windowSize) else {
        throw damaged(content.startIndex, "a copy from \(back) bytes back")
      }
      output.repeatBytes(from: back, count: matchLength)
    }
    guard bits.left == 0 else { throw damaged(content.startIndex, "more sequences than announced") }
    guard output.count - start + literals.count - literalStart <= Self.maximumSize else {
      throw damaged(content.startIndex, "more than a block may have")
    }
    output.append(literals, in: literalStart..<literals.count)
  }

  /// The distance that `value` means: itself less three, or one of the last three.
  private mutating func distanceOf(_ value: Int, isAfterLiterals: Bool) -> Int {
    guard value <= 3 else {
      lastDistances = [value - 3, lastDistances[0], lastDistances[1]]
      return value - 3
    }
    // After no literals the last distance would have made the copy before longer, so the numbers mean others.
    let place = isAfterLiterals ? value - 1 : value
    let distance = place < 3 ? lastDistances[place] : lastDistances[0] - 1
    if place > 0 {
      lastDistances = [distance, lastDistances[0], place == 1 ? lastDistances[2] : lastDistances[1]]
    }
    return distance
  }
}
