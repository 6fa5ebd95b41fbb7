/// What a prepared corpus consists of: `corpus.json` in its folder.
public struct CorpusManifest: Sendable, Hashable {
  /// The parts that a corpus is split into, document by document.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    /// What models learn from.
    case training
    /// What tells how well they have learned.
    case validation
  }

  /// Documents, and what they amount to.
  public struct Counts: Sendable, Hashable {
    /// How many documents there are.
    public var documents = 0
    /// How many tokens they have.
    public var tokens = 0
    /// How many bytes of text they have.
    public var bytes = 0
    /// The sum of their surprisals to someone who knows how they are made, in nats; `nil` where that is not known.
    public var surprisal: Double?

    /// Nothing.
    public init() {}
  }

  /// A source and what became of its documents.
  public struct Source: Sendable, Hashable {
    /// What a person would call it.
    public var name: String
    /// How often its tokens are met in training, in proportion to the weights of other sources.
    public var weight: Double
    /// Documents that were left out because they were there already.
    public var duplicates = 0
    /// Documents that were left out because they held one of the texts that may not be trained on.
    public var canaries = 0
    /// Documents without any text.
    public var empty = 0
    /// What each part has of it.
    public var parts: [Part: Counts] = [:]
    /// The SHA-256 over all its documents in order.
    public var digest = ""
  }

  /// A file of tokens.
  public struct Shard: Sendable, Hashable {
    /// The file's name in the folder.
    public var file: String
    /// The source that it is of, as a place in `sources`.
    public var source: Int
    /// The part that it belongs to.
    public var part: Part
    /// How many documents it has.
    public var documents: Int
    /// How many tokens it has.
    public var tokens: Int
    /// The SHA-256 of the file.
    public var digest: String
  }

  /// How many different tokens there are.
  public var vocabularySize: Int
  /// The token that comes before each document.
  public var documentStart: Int32
  /// The SHA-256 of `tokenizer.json`, where documents are texts.
  public var tokenizerDigest: String?
  /// Where documents come from.
  public var sources: [Source] = []
  /// The files of tokens.
  public var shards: [Shard] = []

  /// What a part has of all sources.
  public func counts(of part: Part) -> Counts {
    var sum = Counts()
    sum.surprisal = 0
    for source in sources {
      guard let counts = source.parts[part] else { continue }
      sum.documents += counts.documents
      sum.tokens += counts.tokens
      sum.bytes += counts.bytes
      sum.surprisal = sum.surprisal.flatMap { all in counts.surprisal.map { all + $0 } }
    }
    return sum
  }
}
