/// A decoder of symbols whose probabilities are multiples of a power of two: Duda's tANS, as Zstandard's FSE has it.
///
/// A state stands for a symbol; a few bits after it choose the next state.
struct FiniteStateTable {
  /// What a state means.
  struct State {
    var symbol: UInt8
    /// How many bits choose the next state, and what they are added to.
    var bitCount: UInt8
    var base: UInt16
  }

  let states: [State]
  /// How many bits a state has.
  let accuracy: Int

  /// A table that always gives the same symbol.
  init(repeating symbol: UInt8) {
    states = [State(symbol: symbol, bitCount: 0, base: 0)]
    accuracy = 0
  }

  /// The table for symbols that have these shares of the states; -1 stands for less than one state.
  ///
  /// - Precondition: The shares, with 1 for -1, add up to 2 to the power of `accuracy`.
  init(shares: [Int], accuracy: Int) {
    let size = 1 << accuracy
    precondition(shares.reduce(0) { $0 + abs($1) } == size, "shares that do not add up to \(size)")
    var symbols = [UInt8](repeating: 0, count: size)
    var high = size
    for (symbol, share) in shares.enumerated() where share == -1 {
      high -= 1
      symbols[high] = UInt8(symbol)
    }
    // This step meets every state once, for it has no divisor in common with the size.
    let step = size >> 1 + size >> 3 + 3
    var place = 0
    for (symbol, share) in shares.enumerated() where share > 0 {
      for _ in 0..<share {
        symbols[place] = UInt8(symbol)
        repeat { place = (place + step) & (size - 1) } while place >= high
      }
    }
    var next = shares.map { abs($0) }
    states = symbols.map { symbol in
      let number = next[Int(symbol)]
      next[Int(symbol)] += 1
      let bitCount = accuracy - (Int.bitWidth - 1 - number.leadingZeroBitCount)
      return State(symbol: symbol, bitCount: UInt8(bitCount), base: UInt16(number << bitCount - size))
    }
    self.accuracy = accuracy
  }

  /// Reads the shares at the start of `bytes` and moves `position` behind them; `nil` when they are damaged.
  ///
  /// - Parameters:
  ///   - maximumAccuracy: How many bits a state may have.
  ///   - maximumSymbol: The highest symbol that there may be.
  init?(_ bytes: ArraySlice<UInt8>, _ position: inout Int, maximumAccuracy: Int, maximumSymbol: Int) {
    var bits = ForwardBits(bytes[position...])
    guard let low = bits.read(4), low + 5 <= maximumAccuracy else { return nil }
    let accuracy = low + 5
    var left = 1 << accuracy
    var shares: [Int] = []
    while left > 0 {
      // A value is at most `left + 1`; the smaller ones take a bit less where not all bit patterns are needed.
      let width = Int.bitWidth - (left + 1).leadingZeroBitCount
      let unused = 1 << width - 1 - (left + 1)
      guard var value = bits.read(width - 1) else { return nil }
      if value >= unused {
        guard let top = bits.read(1) else { return nil }
        if top == 1 { value += 1 << (width - 1) - unused }
      }
      let share = value - 1
      left -= abs(share)
      shares.append(share)
      if share == 0 {
        // After a symbol that does not occur comes how many more do not.
        var more = 3
        while more == 3 {
          guard let count = bits.read(2) else { return nil }
          more = count
          shares += repeatElement(0, count: more)
          guard shares.count <= maximumSymbol + 1 else { return nil }
        }
      }
      guard shares.count <= maximumSymbol + 1 else { return nil }
    }
    guard left == 0 else { return nil }
    position = bits.endOfByte
    self.init(shares: shares, accuracy: accuracy)
  }
}

/// Bits that are read from the lowest of the first byte on.
private struct ForwardBits {
  private let bytes: ArraySlice<UInt8>
  private var place = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  /// The place behind the byte that was read last.
  var endOfByte: Int { bytes.startIndex + (place + 7) / 8 }

  /// Reads `count` bits; `nil` when there are not so many.
  mutating func read(_ count: Int) -> Int? {
    guard place + count <= 8 * bytes.count else { return nil }
    var value = 0
    for bit in 0..<count {
      let byte = bytes[bytes.startIndex + (place + bit) / 8]
      value |= Int(byte >> UInt8((place + bit) % 8) & 1) << bit
    }
    place += count
    return value
  }
}
