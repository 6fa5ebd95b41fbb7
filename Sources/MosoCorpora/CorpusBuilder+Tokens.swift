import Crypto
import MosoFormats
import MosoTensor

extension CorpusBuilder {
  /// How many bytes of documents are cut at a time, and the most documents.
  private static let batchBytes = 8 << 20
  private static let batchDocuments = 16_384

  /// The next documents of a stream, enough to keep all threads busy; none at its end.
  static func batch(of stream: inout any DocumentStream) throws(CorpusError) -> [CorpusDocument] {
    var documents: [CorpusDocument] = []
    var bytes = 0
    while bytes < batchBytes, documents.count < batchDocuments, let document = try stream.next() {
      bytes += document.byteCount
      documents.append(document)
    }
    return documents
  }

  /// Cuts the documents of a source and writes its files.
  func add(
    _ index: Int, to manifest: inout CorpusManifest, _ cutter: DocumentCutter, _ seen: inout Set<DocumentDigest>
  ) throws(CorpusError) {
    let source = recipe.sources[index]
    var described = CorpusManifest.Source(name: source.source.description, weight: source.weight)
    var files = PartFiles(folder: folder, source: index, width: manifest.vocabularySize > 65_536 ? 4 : 2)
    var stream = try source.source.documents(folder: folder)
    var hash = SHA256()
    var documents = 0, bytes = 0
    while true {
      var batch = try Self.batch(of: &stream)
      if batch.isEmpty { break }
      for document in pool.map(&batch, { _, document in cutter.cut(document) }) {
        documents += 1
        bytes += document.byteCount
        for word in [document.digest.high, document.digest.low] {
          hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) })
        }
        if document.hasCanary {
          described.canaries += 1
        } else if document.tokens.isEmpty {
          described.empty += 1
        } else if recipe.removesDuplicates && !seen.insert(document.digest).inserted {
          described.duplicates += 1
        } else {
          let part = part(of: document, source, described)
          try files.append(document, to: part, limit: recipe.shardTokens)
          described.parts[part, default: CorpusManifest.Counts(surprisal: 0)].add(document)
        }
      }
      try progress(.tokenizing(documents: documents, bytes: bytes))
    }
    try files.finish()
    described.digest = hash.finalize().hexadecimal
    manifest.sources.append(described)
    manifest.shards += files.shards
  }

  /// The part that a document belongs to, by lot: the same document always draws the same one.
  private func part(
    of document: CutDocument, _ source: CorpusRecipe.Source, _ described: CorpusManifest.Source
  ) -> CorpusManifest.Part {
    if let part = source.part { return part }
    let enough = described.parts[.validation]?.documents ?? 0 >= recipe.mostValidationDocuments
    return !enough && document.digest.lot(seed: recipe.seed) < recipe.validationShare ? .validation : .training
  }
}

extension CorpusManifest.Counts {
  init(surprisal: Double?) {
    self.init()
    self.surprisal = surprisal
  }

  mutating func add(_ document: CutDocument) {
    documents += 1
    tokens += document.tokens.count
    bytes += document.byteCount
    surprisal = surprisal.flatMap { sum in document.surprisal.map { sum + $0 } }
  }
}

/// The files of a source's parts while they are written.
private struct PartFiles {
  let folder: String
  let source: Int
  let width: Int
  private var writers: [CorpusManifest.Part: (name: String, writer: ShardWriter)] = [:]
  private var counts: [CorpusManifest.Part: Int] = [:]
  private(set) var shards: [CorpusManifest.Shard] = []

  init(folder: String, source: Int, width: Int) {
    self.folder = folder
    self.source = source
    self.width = width
  }

  mutating func append(_ document: CutDocument, to part: CorpusManifest.Part, limit: Int) throws(CorpusError) {
    let writer: ShardWriter
    if let open = writers[part] {
      writer = open.writer
    } else {
      counts[part, default: 0] += 1
      let name = "\(part.rawValue)-\(source)-\(counts[part, default: 0]).tokens"
      writer = try ShardWriter(path: "\(folder)/\(name)", width: width)
      writers[part] = (name, writer)
    }
    try writer.append(document.tokens, byteCount: document.byteCount, surprisal: document.surprisal)
    if writer.tokenCount >= limit { try finish(part) }
  }

  mutating func finish() throws(CorpusError) {
    for part in CorpusManifest.Part.allCases { try finish(part) }
  }

  private mutating func finish(_ part: CorpusManifest.Part) throws(CorpusError) {
    guard let (name, writer) = writers.removeValue(forKey: part) else { return }
    let digest = try writer.finish()
    shards.append(
      CorpusManifest.Shard(
        file: name, source: source, part: part, documents: writer.documentCount, tokens: writer.tokenCount,
        digest: digest))
  }
}
