/// The documents of one part of one source, whatever the files they lie in.
public struct DocumentCollection: Sendable {
  private let shards: [TokenShard]
  /// The number of documents in the files up to each.
  private let ends: [Int]

  init(_ shards: [TokenShard]) {
    self.shards = shards
    var sum = 0
    ends = shards.map { shard in
      sum += shard.documentCount
      return sum
    }
  }

  /// How many documents there are.
  public var count: Int { ends.last ?? 0 }

  /// How many tokens a document has.
  public func tokenCount(of document: Int) -> Int {
    let (shard, local) = place(of: document)
    return shard.range(of: local).count
  }

  /// Some tokens of a document.
  public func tokens(of document: Int, _ range: Range<Int>) -> [Int32] {
    let (shard, local) = place(of: document)
    let whole = shard.range(of: local)
    return shard.tokens(whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
  }

  /// How many bytes of text a document has.
  public func byteCount(of document: Int) -> Int {
    let (shard, local) = place(of: document)
    return shard.byteCount(of: local)
  }

  /// How surprising a document is to someone who knows how documents are made, in nats, where that is known.
  public func surprisal(of document: Int) -> Double? {
    let (shard, local) = place(of: document)
    return shard.surprisal(of: local)
  }

  private func place(of document: Int) -> (TokenShard, Int) {
    var low = 0, high = ends.count - 1
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > document { high = middle } else { low = middle + 1 }
    }
    return (shards[low], document - (low == 0 ? 0 : ends[low - 1]))
  }
}

extension TokenCorpus {
  /// The documents of one part of one source.
  public func documents(of part: CorpusManifest.Part, source: Int) -> DocumentCollection {
    DocumentCollection(shards(of: part, source: source))
  }
}
