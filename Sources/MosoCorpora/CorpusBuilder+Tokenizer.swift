import Crypto
import MosoFormats
import MosoTensor
package import MosoTokenizers

extension CorpusBuilder {
  /// The tokenizer that the recipe asks for, with the SHA-256 of its `tokenizer.json`, which is in the folder afterwards.
  func tokenizer() throws(CorpusError) -> (Tokenizer, digest: String) {
    let json: [UInt8]
    var configuration = JSONObject()
    switch recipe.tokenizer {
    case .file(let path):
      let isFile = path.hasSuffix(".json")
      json = try Self.contents(of: isFile ? path : "\(path)/\(HuggingFaceFolder.File.tokenizer.rawValue)")
      if !isFile { configuration = try Self.tokenizerConfiguration(in: path) }
    case .trained(let preTokenizer, let size, let bytes):
      let trained = try train(preTokenizer, vocabularySize: size, bytes: bytes)
      json = trained.json
      configuration = trained.configuration
    }
    let tokenizer: Tokenizer
    do throws(TokenizerError) {
      tokenizer = try Tokenizer(json: json, configuration: configuration)
    } catch {
      throw .tokenizer(error)
    }
    try write(json, to: HuggingFaceFolder.File.tokenizer.rawValue)
    try write(
      JSONValue.object(configuration).serializedBytes(indentation: 2),
      to: HuggingFaceFolder.File.tokenizerConfiguration.rawValue)
    return (tokenizer, SHA256.hash(data: json).hexadecimal)
  }

  /// Learns a tokenizer from the first bytes of the sources that are trained on.
  ///
  /// - Throws: `CorpusError` when a source cannot be read or is of no use, or the vocabulary is too small for all bytes.
  package func train(
    _ preTokenizer: PreTokenizer, vocabularySize: Int, bytes limit: Int
  ) throws(CorpusError) -> TrainedTokenizer {
    var trainer = TokenizerTrainer(preTokenizer)
    guard vocabularySize >= trainer.smallestSize else {
      throw .unusable(
        place: "the recipe's vocabulary size", found: "\(vocabularySize)", expected: "\(trainer.smallestSize) or more",
        hint: "a vocabulary has a token for each byte and some for control")
    }
    for source in recipe.sources where source.part != .validation {
      var stream = try source.source.documents(folder: folder)
      while trainer.byteCount < limit {
        let batch = try Self.batch(of: &stream)
        if batch.isEmpty { break }
        // Each thread counts a part; the sums do not depend on how many parts there are.
        var parts = (0..<pool.threadCount).map { part in
          (trainer: TokenizerTrainer(preTokenizer), documents: batch.indices.filter { $0 % pool.threadCount == part })
        }
        let counted = pool.map(&parts) { _, part in
          for index in part.documents {
            if case .text(let bytes) = batch[index].content { part.trainer.add(utf8: bytes) }
          }
          return part.trainer
        }
        for part in counted { trainer.add(part) }
        try progress(.counting(bytes: trainer.byteCount))
      }
    }
    guard trainer.byteCount > 0 else {
      throw .unusable(
        place: recipe.sources.map(\.source.description).joined(separator: ", "), found: "no text",
        expected: "documents with text", hint: "name a folder or file with text")
    }
    try progress(.merging(tokens: 0, of: vocabularySize))
    var failure: CorpusError?
    let trained = trainer.train(vocabularySize: vocabularySize) { tokens in
      guard failure == nil else { return }
      do throws(CorpusError) {
        try progress(.merging(tokens: tokens, of: vocabularySize))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return trained
  }

  /// The `tokenizer_config.json` of a folder, or nothing where there is none.
  static func tokenizerConfiguration(in folder: String) throws(CorpusError) -> JSONObject {
    do throws(FormatError) {
      let path = "\(folder)/\(HuggingFaceFolder.File.tokenizerConfiguration.rawValue)"
      return try JSONValue(contentsOf: path, options: JSONReadingOptions()).objectValue ?? JSONObject()
    } catch {
      if case .file(.missing) = error { return JSONObject() }
      throw .format(error)
    }
  }

  private static func contents(of path: String) throws(CorpusError) -> [UInt8] {
    try CorpusError.wrapping { () throws(FileError) in try MappedFile(path: path) }.bytes
  }
}
