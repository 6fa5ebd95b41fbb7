import MosoFormats

/// Everything a tokenizer knows, made once and shared by all copies of it.
final class TokenizerTables: Sendable {
  let vocabulary: Vocabulary
  let merges: MergeTable
  let scheme: TokenizationScheme
  /// The token of each byte, or -1.
  let byteTokens: [Int32]
  /// The token for what the vocabulary cannot express; without one, it is dropped.
  let unknownSymbol: Int32?
  /// Whether a piece that is a token as a whole is that token, whatever its merges give.
  let ignoresMerges: Bool
  /// What is done to a text before it is cut.
  let normalization: [NormalizationStep]
  /// The steps of cutting text into pieces, each cutting the pieces of the one before.
  let splitters: [Splitter]
  /// Tokens that are looked for in the text as it is.
  let addedTokens: AddedTokenFinder
  /// Tokens that are looked for in the text after normalisation.
  let normalizedTokens: AddedTokenFinder
  /// Those of `normalizedTokens` that only a template may write, as they are before normalisation.
  let rawMarkup: AddedTokenFinder
  /// Control tokens and others that merges do not produce, by their text.
  let literalTokens: [ExactText: Int32]
  let special: SpecialTokens
  let chatTemplates: [String: String]
  let warnings: [TokenizerWarning]

  init(
    vocabulary: Vocabulary, merges: MergeTable, scheme: TokenizationScheme, byteTokens: [Int32], unknownSymbol: Int32?,
    ignoresMerges: Bool, normalization: [NormalizationStep], splitters: [Splitter], addedTokens: AddedTokenFinder,
    normalizedTokens: AddedTokenFinder, rawMarkup: AddedTokenFinder, literalTokens: [ExactText: Int32],
    special: SpecialTokens,
    chatTemplates: [String: String], warnings: [TokenizerWarning]
  ) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.scheme = scheme
    self.byteTokens = byteTokens
    self.unknownSymbol = unknownSymbol
    self.ignoresMerges = ignoresMerges
    self.normalization = normalization
    self.splitters = splitters
    self.addedTokens = addedTokens
    self.normalizedTokens = normalizedTokens
    self.rawMarkup = rawMarkup
    self.literalTokens = literalTokens
    self.special = special
    self.chatTemplates = chatTemplates
    self.warnings = warnings
  }
}

/// What the symbols are that merges start from.
enum TokenizationScheme: Sendable, Hashable {
  /// Bytes: every byte is a token.
  case byteLevel
  /// Characters: those that are no token become bytes or the unknown token.
  case characters(CharacterScheme)
}

/// How a vocabulary of characters, as SentencePiece makes them, treats spaces and what it does not know.
struct CharacterScheme: Sendable, Hashable {
  /// Whether text is cut before every U+2581, as Hugging Face's `Metaspace` does.
  var splitsAtSpaces = false
  /// The bytes that stand before a U+2581 inside some token: only there must text stay together.
  var joinedBeforeSpace = Set<UInt8>()
  /// Whether several unknown characters in a row are one unknown token.
  var fusesUnknown = true
  /// Whether U+2581 stands for a space in decoded text.
  var decodesSpaces = true
  /// Whether decoded text loses the space it begins with.
  var stripsLeadingSpace = true
}

/// The tokens with a meaning of their own.
struct SpecialTokens: Sendable {
  var beginning: Int32?
  var end: Int32?
  var padding: Int32?
  var unknown: Int32?
  var endOfGeneration: Set<Int32> = []
  var addsBeginning = false
  var addsEnd = false
}
