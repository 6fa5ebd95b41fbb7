import MosoFormats
import MosoTokenizers

extension FuzzTarget {
  /// The vocabularies of GGUF files. What reads `tokenizer.json` adds its seeds and its reading here.
  package static let tokenizer = FuzzTarget("tokenizer", seeds: vocabularySeeds) {
    (bytes: [UInt8]) throws(TokenizerError) in
    let metadata: GGUFMetadata
    do throws(FormatError) {
      metadata = try GGUFFile(MappedFile.forFuzzing(bytes)).metadata
    } catch {
      throw .format(error)
    }
    use(try Tokenizer(metadata: metadata))
  }

  /// Turns text into tokens and back, and looks at every token.
  private static func use(_ tokenizer: Tokenizer) {
    let tokens = tokenizer.encode("the hello  world\n <s> é中😀 1234", addBeginning: true)
    precondition(
      tokens.allSatisfy { (0..<tokenizer.vocabularySize).contains(Int($0)) }, "a token beyond the vocabulary")
    _ = tokenizer.decode(tokens)
    for token in 0..<Int32(min(tokenizer.vocabularySize, 1_000)) { _ = tokenizer.piece(of: token) }
  }

  private static let vocabularySeeds: [FuzzSeed] = {
    var next: UInt32 = 0x100
    let bytePieces: [String] = (0..<256).map { byte in
      let isItself = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
      defer { next += isItself ? 0 : 1 }
      return Unicode.Scalar(isItself ? UInt32(byte) : next).map { String(Character($0)) } ?? ""
    }
    let merges = ["t h", "th e", "Ġ the", "h e", "l l", "he ll", "hell o"]
    var byteLevel = GGUFBuilder()
    byteLevel.set("tokenizer.ggml.model", .string("gpt2"))
    byteLevel.set("tokenizer.ggml.pre", .string("smollm"))
    let tokens = bytePieces + merges.map { $0.filter { $0 != " " } } + ["<s>"]
    byteLevel.set("tokenizer.ggml.tokens", .strings(tokens))
    byteLevel.set("tokenizer.ggml.token_type", .integers(tokens.indices.map { $0 == tokens.count - 1 ? 3 : 1 }))
    byteLevel.set("tokenizer.ggml.merges", .strings(merges))
    byteLevel.set("tokenizer.ggml.bos_token_id", .uint32(UInt32(tokens.count - 1)))
    byteLevel.set("tokenizer.ggml.eos_token_id", .uint32(UInt32(tokens.count - 1)))

    let words = ["<unk>", "<s>", "</s>"]
    let byteTokens = (0..<256).map { "<0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) + ">" }
    let pieces = ["▁", "t", "h", "e", "th", "the", "▁the", "l", "o", "ll", "he", "▁hello"]
    var scored = GGUFBuilder()
    scored.set("tokenizer.ggml.model", .string("llama"))
    scored.set("tokenizer.ggml.tokens", .strings(words + byteTokens + pieces))
    let types: [Int32] = [2, 3, 3] + byteTokens.map { _ in 6 } + pieces.map { _ in 1 }
    scored.set("tokenizer.ggml.token_type", .integers(types))
    scored.set("tokenizer.ggml.scores", .floats(types.indices.map { -Float($0) }))
    scored.set("tokenizer.ggml.bos_token_id", .uint32(1))
    scored.set("tokenizer.ggml.eos_token_id", .uint32(2))
    scored.set("tokenizer.ggml.unknown_token_id", .uint32(0))
    return [byteLevel, scored].map { FuzzSeed($0.bytes()) }
  }()
}
