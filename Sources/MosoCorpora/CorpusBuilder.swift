import Crypto
import MosoFormats
public import MosoTensor
import MosoTokenizers

/// Prepares a corpus: reads documents, leaves out what is there twice, cuts the rest into tokens on all threads, and writes
/// them into files that training reads.
///
/// The files depend on the recipe and the documents only, not on the number of threads.
public struct CorpusBuilder {
  /// What is being done.
  public enum Progress: Sendable, Hashable {
    /// Texts are read to learn a tokenizer from: so many bytes so far.
    case counting(bytes: Int)
    /// Merges are learned: so many tokens so far, of so many.
    case merging(tokens: Int, of: Int)
    /// Documents are cut into tokens: so many of them and of bytes so far.
    case tokenizing(documents: Int, bytes: Int)
  }

  let recipe: CorpusRecipe
  let folder: String
  let pool: ThreadPool
  let progress: (Progress) throws(CorpusError) -> Void

  /// Prepares to make a corpus.
  ///
  /// - Parameters:
  ///   - folder: Where its files go; it is there already.
  ///   - progress: Is told now and then how far it is; it may throw to stop.
  public init(
    _ recipe: CorpusRecipe, folder: String, pool: ThreadPool,
    progress: @escaping (Progress) throws(CorpusError) -> Void = { _ throws(CorpusError) in }
  ) {
    self.recipe = recipe
    self.folder = folder
    self.pool = pool
    self.progress = progress
  }

  /// Makes the corpus; its manifest is written last, so that a folder with a manifest holds a whole corpus.
  ///
  /// - Throws: `CorpusError` when a source cannot be read or is of no use; files without a manifest may be left.
  public func build() throws(CorpusError) -> TokenCorpus {
    try keepStandardInput()
    let symbols = recipe.sources.compactMap(\.source.symbolCount)
    let cutter: DocumentCutter
    var manifest: CorpusManifest
    if let most = symbols.max() {
      guard symbols.count == recipe.sources.count else {
        throw .unusable(
          place: "the recipe's sources", found: "texts and symbols together", expected: "one of them",
          hint: "make a corpus of each")
      }
      // One symbol more than the sources have stands before each document.
      cutter = DocumentCutter(tokenizer: nil, canaries: [])
      manifest = CorpusManifest(vocabularySize: most + 1, documentStart: Int32(most))
    } else {
      let (tokenizer, digest) = try tokenizer()
      guard let start = tokenizer.beginningOfSequence ?? tokenizer.endOfSequence else {
        throw .unusable(
          place: "the tokenizer", found: "no token that begins or ends texts", expected: "one that separates documents",
          hint: "choose another tokenizer or let one be trained")
      }
      cutter = DocumentCutter(tokenizer: tokenizer, canaries: recipe.canaries)
      manifest = CorpusManifest(
        vocabularySize: tokenizer.vocabularySize, documentStart: start, tokenizerDigest: digest)
    }
    var seen = Set<DocumentDigest>()
    for index in recipe.sources.indices { try add(index, to: &manifest, cutter, &seen) }
    try check(manifest)
    try write(manifest.json.serializedBytes(indentation: 2), to: CorpusManifest.fileName)
    return try TokenCorpus(folder: folder, verifies: false)
  }

  /// Standard input can be read once and is needed twice: its documents are kept in a file, which is read from then on.
  private func keepStandardInput() throws(CorpusError) {
    guard recipe.sources.contains(where: { $0.source.readsStandardInput }) else { return }
    let path = "\(folder)/\(FileDocuments.standardInputFile)"
    let documents = try CorpusError.reading { () throws(FormatError) in
      try TextDocuments(readingStandardInput: TextDocuments.Options())
    }
    let file = try CorpusError.wrapping { () throws(FileError) in try AtomicFile(path: path) }
    while let document = try CorpusError.reading({ () throws(FormatError) in try documents.next() }) {
      let line: JSONValue = ["text": .string(document.string)]
      try CorpusError.wrapping { () throws(FileError) in
        try file.append(line.serializedBytes() + [UInt8(ascii: "\n")])
      }
    }
    try CorpusError.wrapping { () throws(FileError) in
      try file.complete()
      try file.publish()
    }
  }

  func write(_ bytes: [UInt8], to name: String) throws(CorpusError) {
    try CorpusError.wrapping { () throws(FileError) in
      let file = try AtomicFile(path: "\(folder)/\(name)")
      try file.append(bytes)
      try file.complete()
      try file.publish()
    }
  }

  private func check(_ manifest: CorpusManifest) throws(CorpusError) {
    for part in CorpusManifest.Part.allCases where manifest.counts(of: part).documents == 0 {
      let all = manifest.sources.reduce(0) { $0 + $1.parts.values.reduce(0) { $0 + $1.documents } }
      let names = recipe.sources.map(\.source.description).joined(separator: ", ")
      throw .unusable(
        place: names, found: all == 0 ? "no text" : "\(all) documents, none of which is for \(part.rawValue)",
        expected: all == 0 ? "documents with text" : "documents for training and for validation",
        hint: all == 0
          ? "name a folder or file with text"
          : "name files for validation, change validation_share, or cut the text into more documents")
    }
  }
}
