import MosoFormats
public import MosoTokenizers

/// What a corpus is made of, and how.
public struct CorpusRecipe: Sendable, Hashable {
  /// A source and its share.
  public struct Source: Sendable, Hashable {
    /// Where documents come from.
    public var source: CorpusSource
    /// How often its tokens are met, in proportion to the weights of other sources.
    public var weight: Double
    /// The part that all its documents belong to; both parts get some unless it is said.
    public var part: CorpusManifest.Part?

    /// A source and its share.
    public init(_ source: CorpusSource, weight: Double = 1, part: CorpusManifest.Part? = nil) {
      self.source = source
      self.weight = weight
      self.part = part
    }
  }

  /// Where the tokenizer comes from.
  public enum TokenizerChoice: Sendable, Hashable {
    /// It is learned from the first bytes of the corpus.
    case trained(PreTokenizer, vocabularySize: Int, bytes: Int)
    /// The `tokenizer.json` at a path, or in the folder there.
    case file(String)
  }

  /// Where documents come from.
  public var sources: [Source]
  /// Where the tokenizer comes from; symbols need none.
  public var tokenizer: TokenizerChoice
  /// The share of documents that are for validation.
  public var validationShare = 0.01
  /// The most documents that are for validation, of each source.
  public var mostValidationDocuments = 2_000
  /// Texts that no document may hold: marks that test sets carry so that nobody trains on them.
  public var canaries: [String] = []
  /// Whether a document that was there already is left out.
  public var removesDuplicates = true
  /// Which documents are for validation depends on it.
  public var seed: UInt64 = 0
  /// The most tokens in a file.
  public var shardTokens = 1 << 26

  /// A corpus of sources.
  public init(_ sources: [Source], tokenizer: TokenizerChoice) {
    self.sources = sources
    self.tokenizer = tokenizer
  }
}

extension CorpusRecipe {
  /// How many different tokens the corpus will have, at most: a trained tokenizer may end up with fewer.
  public func vocabularyBound() throws(CorpusError) -> Int {
    if let symbols = sources.compactMap(\.source.symbolCount).max() { return symbols + 1 }
    switch tokenizer {
    case .trained(_, let vocabularySize, _): return vocabularySize
    case .file(let path):
      let file = path.hasSuffix(".json") ? path : "\(path)/\(HuggingFaceFolder.File.tokenizer.rawValue)"
      let json = try CorpusError.wrapping { () throws(FileError) in try MappedFile(path: file) }.bytes
      do throws(TokenizerError) { return try Tokenizer(json: json).vocabularySize } catch { throw .tokenizer(error) }
    }
  }
}
