/// What a value of `tokenizer.ggml.pre` stands for.
struct PreTokenizerName {
  /// Of the names that stand for the same, those that are written.
  static let written = [
    "gpt-2", "llama-bpe", "smaug-bpe", "qwen2", "deepseek-r1-qwen", "qwen35", "smollm", "deepseek-v3", "gpt-4o",
    "tekken",
  ]

  let splitters: [Splitter]
  /// Whether a piece that is a token as a whole is that token.
  var ignoresMerges = false
  /// Whether a beginning token is added when the file does not say.
  var addsBeginning = false
  var normalization: [NormalizationStep] = []

  /// What `name` stands for, if it is known.
  init?(_ name: String) {
    switch name {
    case "gpt-2", "gpt2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat", "mellum", "a.x-4.0",
      "modern-bert", "mpt", "olmo", "jais", "trillion":
      splitters = [.gpt2]
    case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano":
      splitters = [.llama3(digits: 3)]
      ignoresMerges = true
      addsBeginning = true
    case "dbrx", "smaug-bpe", "glm4", "chatglm-bpe":
      splitters = [.llama3(digits: 3)]
    case "qwen2":
      splitters = [.llama3(digits: 1)]
      // Qwen's own tokenizer.json normalises; the converter has no key to say so.
      normalization = [.composition]
    case "deepseek-r1-qwen", "kormo", "f2llmv2", "stablelm2", "hunyuan", "solar-open":
      splitters = [.llama3(digits: 1)]
    case "qwen35":
      splitters = [.qwen35]
      normalization = [.composition]
    case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2":
      splitters = [.digits(individual: true), .gpt2]
    case "deepseek-v3", "hunyuan-dense", "joyai-llm":
      splitters = [.numbers(3), .ideographs, .deepseek3]
    case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2":
      splitters = [.gpt4o]
    case "tekken":
      splitters = [.tekken]
      ignoresMerges = true
      addsBeginning = true
    default:
      return nil
    }
  }
}
