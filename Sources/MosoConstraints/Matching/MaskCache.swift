/// What has been made for a key, as long as it fits: once it does not, all is forgotten.
struct MaskCache<Key: Hashable & Sendable, Mask: Sendable>: Sendable {
  private var masks: [Key: Mask] = [:]
  /// What the masks take, in bytes.
  private(set) var bytes = 0

  subscript(key: Key) -> Mask? { masks[key] }

  /// Keeps a mask that takes `size` bytes, within `limit` bytes together.
  mutating func keep(_ mask: Mask, for key: Key, size: Int, limit: Int) {
    if bytes + size > limit {
      masks.removeAll()
      bytes = 0
    }
    if masks.updateValue(mask, forKey: key) == nil { bytes += size }
  }
}
