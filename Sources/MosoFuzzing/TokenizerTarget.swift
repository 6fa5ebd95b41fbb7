import MosoFormats
import MosoTokenizers

extension FuzzTarget {
  /// Tokenizers: the vocabularies of GGUF files, and `tokenizer.json`.
  package static let tokenizer = FuzzTarget("tokenizer", seeds: TokenizerSeeds.all) {
    (bytes: [UInt8]) throws(TokenizerError) in
    // No JSON begins like a GGUF file, so both kinds can share a target.
    if bytes.starts(with: Array("GG".utf8)) {
      use(try vocabulary(bytes))
    } else {
      use(try Tokenizer(json: bytes))
    }
  }

  private static func vocabulary(_ bytes: [UInt8]) throws(TokenizerError) -> Tokenizer {
    let metadata: GGUFMetadata
    do throws(FormatError) {
      metadata = try GGUFFile(MappedFile.forFuzzing(bytes)).metadata
    } catch {
      throw .format(error)
    }
    return try Tokenizer(metadata: metadata)
  }

  /// Turns text into tokens and back, and looks at every token.
  private static func use(_ tokenizer: Tokenizer) {
    let text = "the hello  world\n <s> é中😀 1234"
    let segments = [
      TextSegment(text, mayContainControlTokens: true), TextSegment(text, mayContainControlTokens: false),
    ]
    let tokens = tokenizer.encode(segments, addBeginning: true)
    precondition(
      tokens.allSatisfy { (0..<tokenizer.vocabularySize).contains(Int($0)) }, "a token beyond the vocabulary")
    _ = tokenizer.decode(tokens)
    for token in 0..<Int32(min(tokenizer.vocabularySize, 1_000)) { _ = tokenizer.piece(of: token) }
  }
}
