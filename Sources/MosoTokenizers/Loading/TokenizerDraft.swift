/// What a file says about a tokenizer, whatever the file's format, before it has been checked and put into tables.
struct TokenizerDraft {
  enum Model: Sendable, Hashable {
    /// Byte-level merges: pieces are spelled with `ByteCharacters`.
    case byteLevel
    /// Merges of characters in listed order.
    case characters
    /// Merges of characters, best score first, as SentencePiece does it.
    case scoredCharacters
  }

  var model: Model
  /// The pieces as the file spells them, by id.
  var pieces = PieceList()
  /// What each token is for.
  var kinds: [TokenKind] = []
  /// The score of each token, for `scoredCharacters`.
  var scores: [Float] = []
  var merges = MergeList()
  var addedTokens: [AddedToken] = []
  var ignoresMerges = false
  var normalization: [NormalizationStep] = []
  var splitters: [Splitter] = []
  var characters = CharacterScheme()
  /// Whether characters that are no token become their bytes, where there are tokens for these.
  var fallsBackToBytes = true
  /// The token for what the vocabulary cannot express; without one, it is dropped.
  var unknownSymbol: Int32?
  var special = SpecialTokens()
  var chatTemplates: [String: String] = [:]
  var warnings: [TokenizerWarning] = []
}

/// Texts in one buffer of at most 2 GB.
struct PieceList: Sendable {
  /// The texts, and perhaps others between them; whoever fills it in keeps to the limit.
  var text: [UInt8] = []
  private var ranges: [Range<UInt32>] = []

  static var largestText: Int { Int(Int32.max) }

  var count: Int { ranges.count }

  mutating func reserveCapacity(_ count: Int, bytes: Int) {
    ranges.reserveCapacity(count)
    text.reserveCapacity(bytes)
  }

  mutating func append(_ bytes: some Collection<UInt8>) {
    let start = text.count
    text.append(contentsOf: bytes)
    append(start..<text.count)
  }

  /// Appends a text that is already in the buffer.
  mutating func append(_ range: Range<Int>) {
    ranges.append(UInt32(range.lowerBound)..<UInt32(range.upperBound))
  }

  /// Where a text is in the buffer.
  func range(_ index: Int) -> Range<Int> { Int(ranges[index].lowerBound)..<Int(ranges[index].upperBound) }

  subscript(index: Int) -> ArraySlice<UInt8> { text[range(index)] }

  /// The length of the longest text in bytes.
  var longest: Int { Int(ranges.lazy.map { $0.upperBound - $0.lowerBound }.max() ?? 0) }

  func string(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }
}

/// Pairs of texts in one buffer of at most 2 GB, in order of precedence.
struct MergeList: Sendable {
  /// The texts, and perhaps others between them; whoever fills it in keeps to the limit.
  var text: [UInt8] = []
  private var pairs: [(left: Range<UInt32>, right: Range<UInt32>)] = []

  var count: Int { pairs.count }

  mutating func reserveCapacity(_ count: Int) { pairs.reserveCapacity(count) }

  /// Where the halves of a pair are in the buffer.
  subscript(index: Int) -> (left: Range<Int>, right: Range<Int>) {
    let (left, right) = pairs[index]
    return (Int(left.lowerBound)..<Int(left.upperBound), Int(right.lowerBound)..<Int(right.upperBound))
  }

  /// The length of the longest pair in bytes.
  var longest: Int {
    pairs.lazy.map { $0.left.count + $0.right.count }.max() ?? 0
  }

  mutating func append(left: Range<Int>, right: Range<Int>) {
    pairs.append(
      (
        UInt32(left.lowerBound)..<UInt32(left.upperBound), UInt32(right.lowerBound)..<UInt32(right.upperBound)
      ))
  }

  /// Appends the pair that `range` of the buffer spells, with one space between its halves.
  mutating func append(spaced range: Range<Int>) throws(TokenizerError) {
    let space = UInt8(ascii: " ")
    var middle = range.lowerBound
    while middle < range.upperBound, text[middle] != space { middle += 1 }
    guard middle > range.lowerBound, middle + 1 < range.upperBound,
      !text[(middle + 1)..<range.upperBound].contains(space)
    else {
      throw .invalidMerge(
        index: count, found: "\"\(String(decoding: text[range].prefix(60), as: UTF8.self))\"",
        expected: "two pieces with one space between them")
    }
    append(left: range.lowerBound..<middle, right: middle + 1..<range.upperBound)
  }
}
