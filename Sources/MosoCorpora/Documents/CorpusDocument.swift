/// A document of a corpus: a text, or symbols that need no tokenizer.
public struct CorpusDocument: Sendable, Hashable {
  /// What the document consists of.
  public enum Content: Sendable, Hashable {
    /// A text in UTF-8.
    case text([UInt8])
    /// Numbers below the corpus' count of symbols.
    case symbols([UInt16])
  }

  /// What the document consists of.
  public var content: Content
  /// Where it comes from, as in `stories.jsonl:17`.
  public var origin: String
  /// How surprising it is to someone who knows how documents are made, in nats, where that is known.
  public var surprisal: Double?

  /// A document from somewhere.
  public init(_ content: Content, origin: String, surprisal: Double? = nil) {
    self.content = content
    self.origin = origin
    self.surprisal = surprisal
  }

  /// The bytes by which documents are compared.
  var bytes: [UInt8] {
    switch content {
    case .text(let bytes): bytes
    case .symbols(let symbols): symbols.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
  }

  /// How many bytes of text there are; symbols count as one each.
  var byteCount: Int {
    switch content {
    case .text(let bytes): bytes.count
    case .symbols(let symbols): symbols.count
    }
  }
}

/// Documents one after another.
public protocol DocumentStream {
  /// The next document, or `nil` after the last.
  ///
  /// - Throws: `CorpusError` that says where, what was found and what was expected.
  mutating func next() throws(CorpusError) -> CorpusDocument?
}
