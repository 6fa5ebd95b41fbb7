/// A decoder of Huffman's codes as Zstandard has them for literals.
///
/// Each byte has a weight: 0 when it does not occur, or 1 more than the logarithm of how many entries of the table are its
/// own. Bytes with small weights come first in the table, and so have the longest codes.
struct HuffmanTable {
  private struct Entry {
    var symbol: UInt8
    var bitCount: UInt8
  }

  private let entries: [Entry]
  /// How many bits the longest code has.
  private let maximumBits: Int

  private static let limit = 11

  /// Reads the weights at `position` in `bytes` and moves behind them; `nil` when they are damaged.
  init?(_ bytes: ArraySlice<UInt8>, _ position: inout Int) {
    guard position < bytes.endIndex else { return nil }
    let head = Int(bytes[position])
    position += 1
    var weights: [UInt8] = []
    if head < 128 {
      guard head <= bytes.endIndex - position,
        let packed = Self.weights(in: bytes[position..<position + head])
      else { return nil }
      weights = packed
      position += head
    } else {
      let count = head - 127
      guard (count + 1) / 2 <= bytes.endIndex - position else { return nil }
      for number in 0..<count {
        let byte = bytes[position + number / 2]
        weights.append(number % 2 == 0 ? byte >> 4 : byte & 0x0F)
      }
      position += (count + 1) / 2
    }
    self.init(weights: weights)
  }

  /// The table for all weights but the last, which is whatever fills the table up to a power of two.
  private init?(weights: [UInt8]) {
    guard weights.count <= 255, weights.allSatisfy({ $0 <= Self.limit }) else { return nil }
    let sum = weights.reduce(0) { $0 + (1 << Int($1)) >> 1 }
    guard sum > 0 else { return nil }
    let bits = Int.bitWidth - sum.leadingZeroBitCount
    let missing = 1 << bits - sum
    guard bits <= Self.limit, missing & (missing - 1) == 0 else { return nil }
    let weights = weights + [UInt8(missing.trailingZeroBitCount + 1)]
    var entries: [Entry] = []
    for weight in 1...bits {
      for (symbol, own) in weights.enumerated() where own == weight {
        let entry = Entry(symbol: UInt8(symbol), bitCount: UInt8(bits + 1 - weight))
        entries += repeatElement(entry, count: 1 << (weight - 1))
      }
    }
    self.entries = entries
    maximumBits = bits
  }

  /// Weights that are themselves packed: two interleaved runs of states with one table.
  private static func weights(in bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var position = bytes.startIndex
    guard
      let table = FiniteStateTable(bytes, &position, maximumAccuracy: 6, maximumSymbol: 255),
      var bits = BackwardBits(bytes[position...]), bits.left >= 2 * table.accuracy
    else { return nil }
    var turn = bits.read(table.accuracy)
    var other = bits.read(table.accuracy)
    var weights: [UInt8] = []
    while weights.count < 255 {
      let state = table.states[turn]
      weights.append(state.symbol)
      turn = Int(state.base) + bits.read(Int(state.bitCount))
      if bits.left < 0 {
        // The other run ends with the state that it is in.
        weights.append(table.states[other].symbol)
        return weights
      }
      swap(&turn, &other)
    }
    return nil
  }

  /// Decodes `count` bytes from `content`, which must have exactly their codes, and appends them to `output`.
  ///
  /// - Returns: Whether it had.
  func decode(_ content: ArraySlice<UInt8>, count: Int, to output: inout [UInt8]) -> Bool {
    guard var bits = BackwardBits(content) else { return false }
    for _ in 0..<count {
      let entry = entries[bits.peek(maximumBits)]
      bits.skip(Int(entry.bitCount))
      output.append(entry.symbol)
      guard bits.left >= 0 else { return false }
    }
    return bits.left == 0
  }
}
