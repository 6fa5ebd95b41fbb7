import MosoCheckpoints
import MosoEngine
import MosoFormats
import MosoInference
import MosoModel
import MosoTensor
import MosoTokenizers

extension FuzzTarget {
  /// Whole models in GGUF files, one of each family, opened as a user opens them and asked for a token.
  package static let model = FuzzTarget("model", seeds: modelSeeds) { (bytes: [UInt8]) throws(FuzzRefusal) in
    do {
      let model = try LanguageModel(GGUFFile(MappedFile.forFuzzing(bytes)), path: "fuzz", on: pool)
      let contextLength = min(model.architecture.contextLength, 16)
      let context = try InferenceContext(
        model.transformer, contextLength: contextLength, cacheType: .nativeCache, pool: pool)
      let tokens = Array(([0] + model.tokenizer.encode("the hello", addBeginning: true)).prefix(contextLength))
      var batch = Batch()
      batch.append(tokens, to: 0, at: 0, outputs: [tokens.count - 1])
      let logits = try context.logits(batch)
      precondition(logits.width == model.architecture.vocabularySize, "a score for every token")
    } catch {
      throw FuzzRefusal(error)
    }
  }

  /// One thread: a run limits the memory of the process, and what counts is what a file makes it do.
  private static let pool = ThreadPool(threads: 1)

  private static let modelSeeds =
    GGUFConfiguration.architectures.map { FuzzSeed(tinyModel(of: $0)) }
    + [FuzzSeed(tinyModel(of: "llama", expertCount: 2))]

  /// A model of a family with one layer, eight tokens, and weights of every small element type.
  private static func tinyModel(of family: String, expertCount: Int = 0) -> [UInt8] {
    var file = GGUFBuilder()
    file.set("general.architecture", .string(family))
    let hasExperts = expertCount > 0 || family.hasSuffix("moe")
    for (key, value) in [
      ("context_length", 16), ("embedding_length", width), ("block_count", 1), ("feed_forward_length", width),
      ("attention.head_count", 2), ("attention.head_count_kv", 1), ("rope.dimension_count", width / 2),
      ("attention.sliding_window", 8),
    ] + (hasExperts ? [("expert_count", 2), ("expert_used_count", 1), ("expert_feed_forward_length", width)] : []) {
      file.set("\(family).\(key)", .uint32(UInt32(value)))
    }
    let epsilon = family == "gpt2" ? "layer_norm_epsilon" : "layer_norm_rms_epsilon"
    file.set("\(family).attention.\(epsilon)", .float32(1e-5))
    file.set("\(family).rope.freq_base", .float32(10_000))
    file.set("tokenizer.ggml.model", .string("llama"))
    file.set("tokenizer.ggml.tokens", .strings(["<unk>", "<s>", "</s>", "▁", "t", "h", "e", "th"]))
    file.set("tokenizer.ggml.token_type", .integers([2, 3, 3, 1, 1, 1, 1, 1]))
    file.set("tokenizer.ggml.scores", .floats([0, 0, 0, -1, -2, -3, -4, -5]))
    file.set("tokenizer.chat_template", .string("{% for m in messages %}{{ m.content }}{% endfor %}"))
    file.add("token_embd.weight", shape: [8, width], [Float](repeating: 0.5, count: 8 * width))
    // Which tensors the family has besides is asked of the reader itself.
    do {
      let configuration = try GGUFConfiguration(GGUFFile(MappedFile.forFuzzing(file.bytes())))
      var names: Set<String> = ["token_embd.weight"]
      for entry in configuration.tensors.entries {
        guard let source = entry.candidates.first, names.insert(source.name).inserted else { continue }
        add(source.name, shape: source.fileShape, elementTypes[names.count % elementTypes.count], to: &file)
      }
    } catch {
      preconditionFailure("a \(family) without tensors: \(error)")
    }
    return file.bytes()
  }

  /// Whole blocks of the small element types fill a row.
  private static let width = 32
  private static let elementTypes: [ElementType] = [.q4_1, .q8_0, .f16, .q4_0, .iq4NL, .f32, .q5_1, .mxfp4, .q5_0]

  /// Adds a tensor of small numbers; those that are not matrices are 32-bit.
  private static func add(_ name: String, shape: [Int], _ type: ElementType, to file: inout GGUFBuilder) {
    let count = shape.reduce(1, *)
    guard shape.count > 1, shape[shape.count - 1] % type.elementsPerBlock == 0 else {
      file.add(name, shape: shape, [Float](repeating: 0.25, count: count))
      return
    }
    let bytes = count / type.elementsPerBlock * type.bytesPerBlock
    file.add(name, shape: shape, type, [UInt8](repeating: 0x22, count: bytes))
  }
}
