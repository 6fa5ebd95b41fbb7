import MosoRandom

/// Draws training sequences from a corpus: each epoch has every document once, in an order of its own, and sources take turns
/// by their weights.
///
/// Documents that fit into a sequence are never cut: a sequence takes documents until the next one does not fit. Longer
/// documents are cut into pieces as long as a sequence. Documents do not see each other. What is drawn depends on the corpus,
/// the seed and `position` only.
public struct CorpusSampler: Sendable {
  /// How far each source has been read: all that is needed to go on.
  public struct Position: Sendable, Hashable {
    /// One for each source.
    public var sources: [SourcePosition]

    /// A position in each source.
    public init(sources: [SourcePosition]) { self.sources = sources }
  }

  /// How far a source has been read.
  public struct SourcePosition: Sendable, Hashable {
    /// How many times all its documents have been met.
    public var epoch = 0
    /// How many documents of this epoch have been met.
    public var document = 0
    /// How many tokens of the next document have been met.
    public var token = 0
    /// How many tokens have been drawn in all.
    public var drawn = 0

    /// The beginning.
    public init() {}
  }

  private let collections: [DocumentCollection]
  private let weights: [Double]
  private let documentStart: Int32
  private let length: Int
  private let seed: UInt64
  private var orders: [DocumentOrder?]
  /// How far each source has been read.
  public private(set) var position: Position

  /// - Parameters:
  ///   - length: The most tokens that a sequence has.
  ///   - position: Where to go on; the beginning, unless given.
  /// - Precondition: A position has as many sources as the corpus.
  public init(_ corpus: TokenCorpus, length: Int, seed: UInt64, position: Position? = nil) {
    let sources = corpus.manifest.sources
    collections = sources.indices.map { corpus.documents(of: .training, source: $0) }
    weights = zip(sources, collections).map { $1.count == 0 ? 0 : $0.weight }
    documentStart = corpus.manifest.documentStart
    self.length = length
    self.seed = seed
    orders = sources.map { _ in nil }
    self.position = position ?? Position(sources: sources.map { _ in SourcePosition() })
    precondition(self.position.sources.count == sources.count, "a position of another corpus")
    precondition(weights.contains { $0 > 0 }, "no documents to draw from")
  }

  /// The next sequence.
  public mutating func next() -> TrainingSequence {
    // The source that is furthest behind its share; the first of several.
    var source = 0
    var least = Double.infinity
    for index in weights.indices where weights[index] > 0 {
      let turn = Double(position.sources[index].drawn) / weights[index]
      if turn < least { (source, least) = (index, turn) }
    }
    return next(of: source)
  }

  private mutating func next(of source: Int) -> TrainingSequence {
    let documents = collections[source]
    var here = position.sources[source]
    var tokens: [Int32] = [], targets: [Int32] = [], starts: [Int] = []
    tokens.reserveCapacity(length)
    targets.reserveCapacity(length)
    while tokens.count < length {
      let document = document(at: here, of: source, documents.count)
      let count = documents.tokenCount(of: document)
      // With the token before it, a document has as many tokens to predict as it has itself, and its end.
      let rest = count + 1 - here.token
      if rest > length - tokens.count && !tokens.isEmpty { break }
      let part = min(rest, length - tokens.count)
      let pieces = documents.tokens(of: document, max(here.token - 1, 0)..<min(here.token + part, count))
      starts.append(tokens.count)
      if here.token == 0 { tokens.append(documentStart) }
      tokens += here.token == 0 ? pieces.prefix(part - 1) : pieces.prefix(part)
      targets += here.token == 0 ? pieces[...] : pieces.dropFirst()
      here.token += part
      here.drawn += part
      if here.token == count + 1 {
        targets.append(documentStart)
        here.token = 0
        here.document += 1
        if here.document == documents.count { (here.document, here.epoch) = (0, here.epoch + 1) }
      }
    }
    position.sources[source] = here
    return TrainingSequence(tokens: tokens, targets: targets, starts: starts)
  }

  private mutating func document(at position: SourcePosition, of source: Int, _ count: Int) -> Int {
    if orders[source]?.epoch != position.epoch {
      orders[source] = DocumentOrder(count: count, seed: seed, source: source, epoch: position.epoch)
    }
    return orders[source]?[position.document] ?? position.document
  }
}

/// The order of a source's documents in one epoch.
private struct DocumentOrder: Sendable {
  let epoch: Int
  private let order: [UInt32]

  init(count: Int, seed: UInt64, source: Int, epoch: Int) {
    var random = RandomNumbers(seed: seed, stream: "documents of source \(source) in epoch \(epoch)")
    order = random.permutation(count)
    self.epoch = epoch
  }

  subscript(place: Int) -> Int { Int(order[place]) }
}
