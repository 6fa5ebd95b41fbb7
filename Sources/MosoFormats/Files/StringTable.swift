/// Many byte strings in one run of memory, such as the words of a vocabulary.
public struct StringTable: Sendable, Hashable {
  /// The strings one after the other.
  public private(set) var bytes: [UInt8] = []
  /// Where each string ends in `bytes`; it starts where the one before it ends.
  public private(set) var ends: [Int] = []

  /// A table without strings.
  public init() {}

  /// How many strings there are.
  public var count: Int { ends.count }

  /// Makes room for `count` strings of `byteCount` bytes in all.
  public mutating func reserveCapacity(count: Int, byteCount: Int) {
    ends.reserveCapacity(count)
    bytes.reserveCapacity(byteCount)
  }

  /// Adds a string at the end.
  public mutating func append(_ string: RawSpan) {
    unsafe string.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    ends.append(bytes.count)
  }

  /// Where string `position` is in `bytes`.
  public func range(_ position: Int) -> Range<Int> {
    (position == 0 ? 0 : ends[position - 1])..<ends[position]
  }

  /// The bytes of string `position`.
  public subscript(position: Int) -> ArraySlice<UInt8> { bytes[range(position)] }

  /// String `position` as text, with U+FFFD for what is not UTF-8.
  public func text(_ position: Int) -> String { String(decoding: self[position], as: UTF8.self) }
}
