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

/// Texts in one buffer.
struct PieceList: Sendable {
  var text: [UInt8] = []
  private(set) var ranges: [Range<Int>] = []

  var count: Int { ranges.count }

  mutating func reserveCapacity(_ count: Int, bytes: Int) {
    ranges.reserveCapacity(count)
    text.reserveCapacity(bytes)
  }

  mutating func append(_ bytes: some Collection<UInt8>) {
    let start = text.count
    text.append(contentsOf: bytes)
    ranges.append(start..<text.count)
  }

  /// Appends a text that is already in the buffer.
  mutating func append(_ range: Range<Int>) { ranges.append(range) }

  subscript(index: Int) -> ArraySlice<UInt8> { text[ranges[index]] }

  func string(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }
}

/// Pairs of texts in one buffer, in order of precedence.
struct MergeList: Sendable {
  var text: [UInt8] = []
  private(set) var pairs: [(left: Range<Int>, right: Range<Int>)] = []

  var count: Int { pairs.count }

  mutating func reserveCapacity(_ count: Int, bytes: Int) {
    pairs.reserveCapacity(count)
    text.reserveCapacity(bytes)
  }

  mutating func append(left: Range<Int>, right: Range<Int>) { pairs.append((left, right)) }

  /// Appends the pair that `range` of the buffer spells, with one space between its halves.
  mutating func append(spaced range: Range<Int>) throws(TokenizerError) {
    let space = UInt8(ascii: " ")
    guard let middle = text[range].firstIndex(of: space), middle > range.lowerBound, middle + 1 < range.upperBound,
      !text[(middle + 1)..<range.upperBound].contains(space)
    else {
      throw .invalidMerge(
        index: count, found: "\"\(String(decoding: text[range].prefix(60), as: UTF8.self))\"",
        expected: "two pieces with one space between them")
    }
    append(left: range.lowerBound..<middle, right: middle + 1..<range.upperBound)
  }
}
