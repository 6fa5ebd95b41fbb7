public import MosoCorpora
import MosoFormats
import MosoTokenizers

/// All that a person may say of a run: the text, the model, the training.
public struct TrainingRecipe: Sendable, Hashable {
  /// What is trained on.
  public var corpus: CorpusRecipe
  /// What is trained.
  public var model = ModelRecipe()
  /// How it is trained.
  public var steps = StepRecipe()
  /// What is looked at and kept.
  public var watch = WatchRecipe()

  /// Reads a recipe.
  ///
  /// - Throws: `RecipeError` that names the file and line of what is wrong, be it a misspelt name.
  public init(_ node: RecipeNode) throws(RecipeError) {
    var reader = try RecipeReader(node, name: "the recipe")
    corpus = try Self.corpus(&reader)
    var part = try reader.map("model")
    try model.read(&part)
    try part.finish()
    part = try reader.map("training")
    try steps.read(&part)
    try part.finish()
    part = try reader.map("watch")
    try watch.read(&part)
    try part.finish()
    try reader.finish()
  }

  private static func corpus(_ reader: inout RecipeReader) throws(RecipeError) -> CorpusRecipe {
    guard let data = reader.node("data") else {
      throw reader.problem("data", "is missing; it lists what to train on, as in 'data: [{files: books}]'")
    }
    guard case .list(let list) = data.value, !list.isEmpty else {
      throw reader.problem("data", "should be a list of sources, as in 'data: [{files: books}]'")
    }
    var sources: [CorpusRecipe.Source] = []
    for part in list {
      var source = try RecipeReader(part, name: "data")
      sources.append(try Self.source(&source))
      try source.finish()
    }
    var tokenizer = try reader.map("tokenizer")
    var recipe = CorpusRecipe(sources, tokenizer: try Self.tokenizer(&tokenizer))
    try tokenizer.finish()
    var corpus = try reader.map("corpus")
    if let share = try corpus.number("validation_share", 0...0.9) { recipe.validationShare = share }
    if let most = try corpus.count("validation_documents", 1...1_000_000_000) { recipe.mostValidationDocuments = most }
    if let canaries = try corpus.texts("canaries") { recipe.canaries = canaries }
    if let removes = try corpus.flag("removes_duplicates") { recipe.removesDuplicates = removes }
    if let seed = try corpus.count("seed", 0...Int.max) { recipe.seed = UInt64(seed) }
    if let tokens = try corpus.count("shard_tokens", 1_000...1 << 32) { recipe.shardTokens = tokens }
    try corpus.finish()
    return recipe
  }

  private static func source(_ reader: inout RecipeReader) throws(RecipeError) -> CorpusRecipe.Source {
    let weight = try reader.number("weight", 0...1e9) ?? 1
    let part = try reader.choice("part", CorpusManifest.Part.self)
    let kinds = ["files", "stories", "recordings"].filter { reader.has($0) }
    guard kinds.count == 1 else {
      throw reader.problem("data", "needs one of files, stories and recordings in each source")
    }
    let source: CorpusSource
    if let files = try reader.texts("files") {
      source = .files(files, field: try reader.text("field") ?? "text")
    } else if let count = try reader.count("recordings", 1...1_000_000_000) {
      source = .recordings(
        seed: UInt64(try reader.count("seed", 0...Int.max) ?? 1), scenes: try reader.count("scenes", 1...4_096) ?? 500,
        count: count)
    } else {
      let count = try reader.count("stories", 1...1_000_000_000) ?? 1
      source = .stories(
        seed: UInt64(try reader.count("seed", 0...Int.max) ?? 1),
        people: try reader.count("people", 8...2_304) ?? 2_000,
        count: count)
    }
    return CorpusRecipe.Source(source, weight: weight, part: part)
  }

  private static func tokenizer(_ reader: inout RecipeReader) throws(RecipeError) -> CorpusRecipe.TokenizerChoice {
    if let path = try reader.text("from") { return .file(path) }
    return .trained(
      try reader.choice("splits", PreTokenizer.self) ?? .gpt2,
      vocabularySize: try reader.count("vocabulary", 259...1_000_000) ?? 2_048,
      bytes: try reader.count("bytes", 1...1 << 40) ?? 64_000_000)
  }
}

extension ModelRecipe {
  fileprivate mutating func read(_ reader: inout RecipeReader) throws(RecipeError) {
    if let family = try reader.choice("family", Family.self) { self.family = family }
    let sizes = ["depth", "parameters", "compute"].filter { reader.has($0) }
    guard sizes.count <= 1 else {
      throw reader.problem(sizes[1], "and '\(sizes[0])' are both given; the size of a model is one of them")
    }
    if let depth = try reader.count("depth", 1...128) { size = .depth(depth) }
    if let count = try reader.count("parameters", 1_000...100_000_000_000) { size = .parameters(count) }
    if let operations = try reader.number("compute", 1e9...1e24) { size = .compute(operations) }
    if let length = try reader.count("context", 8...1_048_576) { contextLength = length }
    layers = try reader.count("layers", 1...1_024)
    width = try reader.count("width", 16...65_536)
    heads = try reader.count("heads", 1...1_024)
    keyValueHeads = try reader.count("key_value_heads", 1...1_024)
    feedForward = try reader.count("feed_forward", 1...1_048_576)
    if let base = try reader.number("rotary_base", 2...1e9) { rotaryBase = base }
    if let tied = try reader.flag("tied_head") { hasTiedHead = tied }
    if let count = try reader.count("experts", 1...1_024) { experts = count }
    if let count = try reader.count("used_experts", 1...experts) { usedExperts = count }
    if let ratio = try reader.number("tokens_per_parameter", 0.1...100_000) { tokensPerParameter = ratio }
  }
}

extension StepRecipe {
  fileprivate mutating func read(_ reader: inout RecipeReader) throws(RecipeError) {
    let lengths = ["tokens", "steps", "epochs"].filter { reader.has($0) }
    guard lengths.count <= 1 else {
      throw reader.problem(lengths[1], "and '\(lengths[0])' are both given; the length of a run is one of them")
    }
    if let tokens = try reader.count("tokens", 1...Int.max) { length = .tokens(tokens) }
    if let steps = try reader.count("steps", 1...1_000_000_000) { length = .steps(steps) }
    if let epochs = try reader.number("epochs", 0.001...1e6) { length = .epochs(epochs) }
    if let count = try reader.count("lanes", 1...1_024) { lanes = count }
    guard lanes & (lanes - 1) == 0 else {
      throw reader.problem("lanes", "is \(lanes), where a power of two was expected")
    }
    sequences = try reader.count("sequences", 1...1_000_000)
    if let sequences, sequences % lanes != 0 {
      throw reader.problem("sequences", "is \(sequences), where a multiple of the \(lanes) lanes was expected")
    }
    if let method = try reader.choice("optimizer", OptimizerSettings.Method.self) { optimizer = method }
    rate = try reader.number("rate", 0...1e3)
    if let share = try reader.number("embedding_share", 0...1e3) { embeddingShare = share }
    if let shape = try reader.choice("schedule", LearningRateSchedule.Shape.self) { schedule = shape }
    if let share = try reader.number("final_share", 0...1) { finalShare = share }
    warmup = try reader.count("warmup", 0...1_000_000_000)
    if let share = try reader.number("decay_share", 0...1) { decayShare = share }
    weightDecay = try reader.number("weight_decay", 0...1e3)
    if let number = try reader.number("first_momentum", 0...0.999_999) { firstMomentum = number }
    if let number = try reader.number("second_momentum", 0...0.999_999) { secondMomentum = number }
    if let number = try reader.number("largest_norm", 0...1e9) { largestNorm = number }
    if let number = try reader.number("averaging", 0...0.999_999) { averaging = number }
    if let number = try reader.number("z_loss", 0...1) { penalty = number }
    if let precision = try reader.choice("precision", Precision.self) { self.precision = precision }
    if let recomputes = try reader.flag("recompute") { self.recomputes = recomputes }
    microBatch = try reader.count("micro_batch", 1...1_000_000)
    if let seed = try reader.count("seed", 0...Int.max) { self.seed = UInt64(seed) }
  }
}

extension WatchRecipe {
  fileprivate mutating func read(_ reader: inout RecipeReader) throws(RecipeError) {
    evaluationInterval = try reader.count("evaluate_every", 1...1_000_000_000)
    if let count = try reader.count("documents", 1...1_000_000) { evaluationDocuments = count }
    if let count = try reader.count("question_stories", 0...1_000_000) { questionStories = count }
    checkpointInterval = try reader.count("save_every", 1...1_000_000_000)
    if let count = try reader.count("keep", 1...1_000_000) { keptCheckpoints = count }
    if let count = try reader.count("samples", 0...100) { samples = count }
  }
}
