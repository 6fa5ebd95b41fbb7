/// Which two neighbouring tokens become one, and in what order of precedence.
///
/// A hash table with open addressing; a pair and what becomes of it are one 64-bit number each.
struct MergeTable: Sendable {
  /// What `subscript` gives for a pair that does not merge.
  static var none: UInt64 { .max }

  private struct Slot {
    var pair = UInt64.max
    var result = MergeTable.none
  }

  private var slots: [Slot]
  private var mask: Int
  private let hash = ByteHash()
  private(set) var count = 0

  init(capacity: Int = 0) {
    var size = 16
    while size * 2 < capacity * 3 { size *= 2 }
    slots = [Slot](repeating: Slot(), count: size)
    mask = size - 1
  }

  /// The rank, in the upper half, and the token, in the lower half, of what `left` and `right` merge into.
  @inline(__always)
  subscript(left: UInt32, right: UInt32) -> UInt64 {
    let pair = UInt64(left) << 32 | UInt64(right)
    var slot = Int(truncatingIfNeeded: hash(pair)) & mask
    while true {
      let found = slots[slot]
      if found.pair == pair { return found.result }
      if found.pair == .max { return Self.none }
      slot = (slot + 1) & mask
    }
  }

  /// Lets `left` and `right` merge into `token`; a later rank for the same pair replaces the earlier one.
  mutating func insert(left: UInt32, right: UInt32, rank: UInt32, token: UInt32) {
    if (count + 1) * 3 > slots.count * 2 { grow() }
    let pair = UInt64(left) << 32 | UInt64(right)
    var slot = Int(truncatingIfNeeded: hash(pair)) & mask
    while slots[slot].pair != .max, slots[slot].pair != pair { slot = (slot + 1) & mask }
    if slots[slot].pair == .max { count += 1 }
    slots[slot] = Slot(pair: pair, result: UInt64(rank) << 32 | UInt64(token))
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    mask = slots.count - 1
    for entry in old where entry.pair != .max {
      var slot = Int(truncatingIfNeeded: hash(entry.pair)) & mask
      while slots[slot].pair != .max { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }
}
