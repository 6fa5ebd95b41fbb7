/// A set of Unicode characters (scalar values), as ranges in order that neither touch nor overlap.
struct CharacterSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt32>]

  static let empty = CharacterSet(ranges: [])
  /// Every character; halves of surrogate pairs are none.
  static let all = CharacterSet([0...0xD7FF, 0xE000...0x10FFFF])

  init(_ ranges: [ClosedRange<UInt32>]) {
    var joined: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound + 1 {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    self.ranges = joined
  }

  private init(ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

  init(_ character: Unicode.Scalar) { self.init(ranges: [character.value...character.value]) }

  func union(_ other: CharacterSet) -> CharacterSet { CharacterSet(ranges + other.ranges) }

  /// Every character that is not in the set.
  var inverted: CharacterSet {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
    return CharacterSet(ranges: gaps).intersection(.all)
  }

  func intersection(_ other: CharacterSet) -> CharacterSet {
    var result: [ClosedRange<UInt32>] = []
    var one = 0
    var two = 0
    while one < ranges.count && two < other.ranges.count {
      let low = max(ranges[one].lowerBound, other.ranges[two].lowerBound)
      let high = min(ranges[one].upperBound, other.ranges[two].upperBound)
      if low <= high { result.append(low...high) }
      if ranges[one].upperBound < other.ranges[two].upperBound { one += 1 } else { two += 1 }
    }
    return CharacterSet(ranges: result)
  }

  /// `\d`, which ECMA-262 means by ASCII.
  static let digits = CharacterSet([0x30...0x39])
  /// `\w`, which ECMA-262 means by ASCII.
  static let word = CharacterSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  /// `\s`: white space and line terminators of ECMA-262.
  static let space = CharacterSet([
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
    0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
  ])
  /// What `.` does not match.
  static let lineTerminators = CharacterSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029])
}
