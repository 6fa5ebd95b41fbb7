/// Finds a key among the keys of a JSON object: by looking at each while they are few, by a hash table when they are many.
///
/// The table holds positions into the object's own array of keys, so a vocabulary of 150,000 words costs 8 bytes a slot
/// and no second copy of a string. Hashes are seeded per process: a hostile file cannot choose keys that collide.
struct JSONKeyIndex: Sendable {
  /// Up to this many keys are compared one by one.
  private static let scanLimit = 8

  /// Open addressing with linear probing; a slot is 0 when free, else hash bits above and position + 1 below.
  private var slots: [UInt64] = []
  private var count = 0

  init() {}

  init(of keys: [String]) {
    for position in keys.indices { _ = insert(keys[position], in: keys) }
  }

  /// The position of `key` in `keys`, the array this index was built over.
  func position(of key: String, in keys: [String]) -> Int? {
    if slots.isEmpty { return scan(for: key, in: keys) }
    return find(key, hash: Self.hash(key), in: keys).position
  }

  /// Records that `key` will be appended to `keys` as element `count`, unless it is there already.
  ///
  /// - Returns: The position the key already has, or `nil` when it is new.
  mutating func insert(_ key: String, in keys: [String]) -> Int? {
    if slots.isEmpty {
      if let position = scan(for: key, in: keys) { return position }
      count += 1
      if count > Self.scanLimit {
        slots = [UInt64](repeating: 0, count: 4 * Self.scanLimit)
        for (position, key) in keys.prefix(count - 1).enumerated() { place(position, hash: Self.hash(key)) }
        place(count - 1, hash: Self.hash(key))
      }
      return nil
    }
    let hash = Self.hash(key)
    let found = find(key, hash: hash, in: keys)
    if let position = found.position { return position }
    slots[found.slot] = hash | UInt64(count + 1)
    count += 1
    if 4 * count > 3 * slots.count { grow() }
    return nil
  }

  private func scan(for key: String, in keys: [String]) -> Int? {
    for position in 0..<count where Self.equal(keys[position], key) { return position }
    return nil
  }

  private func find(_ key: String, hash: UInt64, in keys: [String]) -> (position: Int?, slot: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while slots[slot] != 0 {
      let entry = slots[slot]
      if entry & Self.hashMask == hash {
        let position = Int(entry & Self.positionMask) - 1
        if Self.equal(keys[position], key) { return (position, slot) }
      }
      slot = (slot + 1) & mask
    }
    return (nil, slot)
  }

  private mutating func place(_ position: Int, hash: UInt64) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = hash | UInt64(position + 1)
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: 2 * old.count)
    for entry in old where entry != 0 {
      place(Int(entry & Self.positionMask) - 1, hash: entry & Self.hashMask)
    }
  }

  private static let positionMask: UInt64 = 0xFFFF_FFFF
  private static let hashMask: UInt64 = ~positionMask

  private static func hash(_ key: String) -> UInt64 {
    var hasher = Hasher()
    var key = key
    key.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    return UInt64(truncatingIfNeeded: hasher.finalize()) & hashMask
  }

  private static func equal(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one.utf8.elementsEqual(other.utf8)
  }
}
