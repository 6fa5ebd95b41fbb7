/// How strictly a JSON text is read; the default is RFC 8259 with 128 levels of nesting.
public struct JSONReadingOptions: Sendable, Hashable {
  /// How many arrays and objects may be open at once; at most 512, because values are read and freed recursively.
  public let maximumDepth: Int
  /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, as Python's `json` module writes them.
  public var allowsNonFiniteNumbers: Bool
  /// Whether half of a surrogate pair (`"\ud83d"`) becomes U+FFFD instead of an error, as JavaScript clients that cut
  /// a text in the middle of an emoji need.
  public var replacesLoneSurrogates: Bool
  /// What happens when an object names a key twice: the default keeps the last value at the first one's place, as
  /// Python and JavaScript do.
  public var duplicateKeys: DuplicateKeys

  /// What a key that comes twice in one object means.
  public enum DuplicateKeys: Sendable, Hashable {
    /// The last value counts, at the place of the first.
    case lastWins
    /// The text is refused with a `JSONError` at the key's second place.
    case refused
  }

  /// RFC 8259 with 128 levels of nesting, unless told otherwise.
  ///
  /// - Precondition: `maximumDepth` is between 1 and 512.
  public init(
    maximumDepth: Int = 128,
    allowsNonFiniteNumbers: Bool = false,
    replacesLoneSurrogates: Bool = false,
    duplicateKeys: DuplicateKeys = .lastWins
  ) {
    precondition((1...512).contains(maximumDepth), "a depth of \(maximumDepth) is not between 1 and 512")
    self.maximumDepth = maximumDepth
    self.allowsNonFiniteNumbers = allowsNonFiniteNumbers
    self.replacesLoneSurrogates = replacesLoneSurrogates
    self.duplicateKeys = duplicateKeys
  }
}
