/// The three kinds of codes in Zstandard's sequences, with the tables that RFC 8878 gives for each (section 3.1.1.3.2).
enum ZstandardCode {
  case literalLength, matchLength, distance

  /// The highest symbol that there is.
  var maximumSymbol: UInt8 {
    switch self {
    case .literalLength: 35
    case .matchLength: 52
    case .distance: 31
    }
  }

  /// How many bits a state may have.
  var maximumAccuracy: Int { self == .distance ? 8 : 9 }

  /// The table of blocks that bring none of their own.
  var defaultTable: FiniteStateTable {
    switch self {
    case .literalLength: Self.defaultLiteralLengths
    case .matchLength: Self.defaultMatchLengths
    case .distance: Self.defaultDistances
    }
  }

  /// The length that `symbol` and the bits after it mean.
  ///
  /// - Precondition: It is a length's symbol, and at most the highest.
  @inline(__always)
  func value(_ symbol: UInt8, _ bits: inout BackwardBits) -> Int {
    let code = self == .literalLength ? Self.literalLengths[Int(symbol)] : Self.matchLengths[Int(symbol)]
    return code.base + bits.read(code.bitCount)
  }

  /// The least length of a symbol, and how many bits are added to it.
  private typealias Length = (base: Int, bitCount: Int)

  private static let literalLengths = lengths(
    startingAt: 0, bitCounts: repeatElement(0, count: 16) + [1, 1, 1, 1, 2, 2, 3, 3, 4] + Array(6...16))
  private static let matchLengths = lengths(
    startingAt: 3, bitCounts: repeatElement(0, count: 32) + [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5] + Array(7...16))

  /// Lengths without gaps: each symbol begins where the one before ends.
  private static func lengths(startingAt first: Int, bitCounts: [Int]) -> [Length] {
    var base = first
    return bitCounts.map { bitCount in
      defer { base += 1 << bitCount }
      return (base, bitCount)
    }
  }

  private static let defaultLiteralLengths = FiniteStateTable(
    shares: [4, 3] + ones(11, of: 2) + ones(3) + ones(9, of: 2) + [3, 2] + ones(5) + ones(4, of: -1), accuracy: 6)
  private static let defaultMatchLengths = FiniteStateTable(
    shares: [1, 4, 3] + ones(6, of: 2) + ones(37) + ones(7, of: -1), accuracy: 6)
  private static let defaultDistances = FiniteStateTable(
    shares: ones(6) + ones(3, of: 2) + ones(15) + ones(5, of: -1), accuracy: 5)

  private static func ones(_ count: Int, of share: Int = 1) -> [Int] { Array(repeating: share, count: count) }
}
