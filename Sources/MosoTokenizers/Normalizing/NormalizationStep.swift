/// One change that is made to a text before it is cut into pieces.
enum NormalizationStep: Sendable, Hashable {
  /// Normalisation form C.
  case composition
  /// Puts a text in front of every text that is not empty.
  case prepend([UInt8])
  /// Replaces every occurrence of a text by another.
  case replace([UInt8], [UInt8])
  /// Puts a text in front of a text that does not begin with it.
  case prefix([UInt8], PrefixScheme)

  /// Which parts of a text, cut at control tokens, get a prefix.
  enum PrefixScheme: Sendable, Hashable {
    /// Every part.
    case always
    /// The part at the very beginning.
    case first
  }

  /// Changes `text`, which begins the whole text when `isFirst`; returns `nil` when that leaves it as it is.
  func applied(to text: ArraySlice<UInt8>, isFirst: Bool) -> [UInt8]? {
    switch self {
    case .composition:
      return CanonicalComposer().composed(text)
    case .prepend(let prefix):
      return text.isEmpty ? nil : prefix + text
    case .prefix(let prefix, let scheme):
      if text.isEmpty || text.starts(with: prefix) || (scheme == .first && !isFirst) { return nil }
      return prefix + text
    case .replace(let old, let new):
      return Self.replace(old, by: new, in: text)
    }
  }

  private static func replace(_ old: [UInt8], by new: [UInt8], in text: ArraySlice<UInt8>) -> [UInt8]? {
    guard let first = old.first, text.contains(first) else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 2)
    var position = text.startIndex
    while position < text.endIndex {
      if text[position] == first, text[position...].starts(with: old) {
        result.append(contentsOf: new)
        position += old.count
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }
}
