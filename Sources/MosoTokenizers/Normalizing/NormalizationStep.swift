/// One change that is made to a text before it is cut into pieces.
enum NormalizationStep: Sendable, Hashable {
  /// Normalisation form C.
  case composition
  /// Puts a text in front.
  case prefix([UInt8], PrefixScheme)
  /// Replaces every occurrence of a text by another.
  case replace([UInt8], [UInt8])

  /// Which parts of a text, cut at the tokens found in it, get a prefix.
  enum PrefixScheme: Sendable, Hashable {
    /// Every part.
    case always
    /// Every part that does not begin with it.
    case whereMissing
    /// The part at the very beginning, if it does not begin with it.
    case firstWhereMissing
    /// What a control token or nothing stands before; other tokens that were found count as text.
    case atStarts
  }

  /// Where a part of a text stands.
  struct Place {
    /// Whether nothing stands before it.
    var isFirst: Bool
    /// Whether nothing or a control token stands before it.
    var isStart: Bool
  }

  /// Changes a part of a text; returns `nil` when that leaves it as it is.
  func applied(to text: ArraySlice<UInt8>, at place: Place) -> [UInt8]? {
    switch self {
    case .composition: return CanonicalComposer().composed(text)
    case .replace(let old, let new): return Self.replace(old, by: new, in: text)
    case .prefix(let prefix, let scheme):
      let isWanted =
        switch scheme {
        case .always: !text.isEmpty
        case .whereMissing: !text.isEmpty && !text.starts(with: prefix)
        case .firstWhereMissing: !text.isEmpty && place.isFirst && !text.starts(with: prefix)
        // Even nothing gets it, when it is all that stands before another token.
        case .atStarts: place.isStart
        }
      return isWanted ? prefix + text : nil
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
