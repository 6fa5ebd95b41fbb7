import MosoCheckpoints
import MosoFormats
import MosoTemplates
import MosoTokenizers

/// Why a model was refused; readers of several formats share a target.
struct FuzzRefusal: Error, CustomStringConvertible {
  let description: String
}

extension FuzzTarget {
  /// Whole models in GGUF files, opened as a user opens them: configuration, every weight, tokenizer and template.
  package static let model = FuzzTarget("model", seeds: [FuzzSeed(modelSeed.bytes())]) {
    (bytes: [UInt8]) throws(FuzzRefusal) in
    do {
      let file = try GGUFFile(MappedFile.forFuzzing(bytes))
      let configuration = try GGUFConfiguration(file)
      try readWeights(of: file, configuration.tensors.resolve(file), configuration)
      let tokenizer = try Tokenizer(metadata: file.metadata)
      _ = tokenizer.decode(tokenizer.encode("the hello", addBeginning: true))
      if let template = tokenizer.chatTemplate { _ = try ChatTemplate(source: template) }
    } catch {
      throw FuzzRefusal(description: "\(error)")
    }
  }

  /// Reads the rows that each weight of a transformer takes of its tensor.
  private static func readWeights(
    of file: some WeightFile, _ tensors: ResolvedTensors, _ configuration: GGUFConfiguration
  ) throws {
    _ = try tensors.transformer(configuration.architecture) { (role, source) throws(FormatError) -> Int in
      let tensor = try file.requiredTensor(named: source.name)
      precondition(tensor.shape == source.fileShape, "the \(role) has another shape than was checked")
      let rowBytes = tensor.byteRange.count / max(tensor.shape.dropLast().reduce(1, *), 1)
      return file.withBytes(of: tensor) { bytes in
        let isWhole = source.isTransposed || source.fileShape.count == 1
        let rows = isWhole ? 0..<0 : source.rows
        let part = bytes.extracting(rows.lowerBound * rowBytes..<rows.upperBound * rowBytes)
        return part.byteCount
      }
    }
  }

  /// A Llama of one layer and eight tokens.
  private static let modelSeed: GGUFBuilder = {
    var file = GGUFBuilder()
    file.set("general.architecture", .string("llama"))
    for (key, value) in [
      ("context_length", 16), ("embedding_length", 8), ("block_count", 1), ("feed_forward_length", 8),
      ("attention.head_count", 2), ("attention.head_count_kv", 1), ("rope.dimension_count", 4),
    ] as [(String, UInt32)] {
      file.set("llama." + key, .uint32(value))
    }
    file.set("llama.attention.layer_norm_rms_epsilon", .float32(1e-5))
    file.set("llama.rope.freq_base", .float32(10_000))
    file.set("tokenizer.ggml.model", .string("llama"))
    file.set("tokenizer.ggml.tokens", .strings(["<unk>", "<s>", "</s>", "▁", "t", "h", "e", "th"]))
    file.set("tokenizer.ggml.token_type", .integers([2, 3, 3, 1, 1, 1, 1, 1]))
    file.set("tokenizer.ggml.scores", .floats([0, 0, 0, -1, -2, -3, -4, -5]))
    file.set("tokenizer.chat_template", .string("{% for m in messages %}{{ m.content }}{% endfor %}"))
    file.add("token_embd.weight", shape: [8, 8], [Float](repeating: 0.5, count: 64))
    for (name, rows, columns) in [
      ("attn_q", 8, 8), ("attn_k", 4, 8), ("attn_v", 4, 8), ("attn_output", 8, 8), ("ffn_gate", 8, 8), ("ffn_up", 8, 8),
      ("ffn_down", 8, 8),
    ] {
      let values = [Float](repeating: 0.25, count: rows * columns)
      file.add("blk.0.\(name).weight", shape: [rows, columns], values)
    }
    for name in ["blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"] {
      file.add("\(name).weight", shape: [8], [Float](repeating: 1, count: 8))
    }
    return file
  }()
}
