import MosoFormats
import MosoTokenizers

/// Small tokenizers made in memory.
enum SmallVocabulary {
  /// The pieces of the 256 bytes, as byte-level vocabularies spell them.
  static let byteCharacters: [String] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) {
        return String(Unicode.Scalar(UInt8(byte)))
      }
      defer { next += 1 }
      return Unicode.Scalar(next).map { String($0) } ?? ""
    }
  }()

  /// A GGUF file with a byte-level vocabulary: the 256 bytes, what `merges` make, then two control tokens and one added text.
  static func byteLevel(
    merges: [String] = ["t h", "th e", "Ġ the", "l l", "h e", "he ll", "hell o", "Ġ Ġ"], pre: String? = "smollm",
    bytes: [String] = byteCharacters, _ change: (inout GGUFBuilder) -> Void = { _ in }
  ) throws -> Tokenizer {
    try Tokenizer(metadata: metadata(merges: merges, pre: pre, bytes: bytes, change))
  }

  static func metadata(
    merges: [String], pre: String?, bytes: [String] = byteCharacters, _ change: (inout GGUFBuilder) -> Void = { _ in }
  ) throws -> GGUFMetadata {
    var tokens = bytes + merges.map { $0.filter { $0 != " " } }
    var types = [Int32](repeating: 1, count: tokens.count)
    tokens += ["<|im_start|>", "<|im_end|>", "<tool>"]
    types += [3, 3, 4]
    var builder = GGUFBuilder()
    builder.set("tokenizer.ggml.model", .string("gpt2"))
    if let pre { builder.set("tokenizer.ggml.pre", .string(pre)) }
    builder.set("tokenizer.ggml.tokens", .strings(tokens))
    builder.set("tokenizer.ggml.token_type", .integers(types))
    builder.set("tokenizer.ggml.merges", .strings(merges))
    builder.set("tokenizer.ggml.bos_token_id", .uint32(UInt32(tokens.count - 3)))
    builder.set("tokenizer.ggml.eos_token_id", .uint32(UInt32(tokens.count - 2)))
    change(&builder)
    return try GGUFFile(MappedFile(copying: builder.bytes(), path: "test.gguf")).metadata
  }
}
