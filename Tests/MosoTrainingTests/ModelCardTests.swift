import MosoCorpora
import MosoFormats
import MosoTensor
import MosoTraining
import Testing

/// A run of two steps, and what is said of the model that comes out of it.
private final class ShortRun {
  let folder: RunFolder
  let run: TrainingRun
  let history: RunHistory
  let model: String

  static let recipe = """
    data:
      - stories: 60
        people: 40
    tokenizer: {vocabulary: 300, bytes: 20K}
    corpus: {validation_share: 0.1}
    model: {width: 32, layers: 1, context: 64}
    training: {steps: 2, sequences: 4}
    watch: {documents: 2, samples: 0, question_stories: 0}
    """

  /// A look as the log has it, with numbers that can be told apart.
  static let look = """
    {"step": 2, "tokens": 300, "validation_loss": 3.5, "bits_per_byte": 1.25, "least_loss": 0.5, \
    "questions": {"asked": 8, "right": 6, "kinds": {"who | is": {"asked": 8, "right": 6}}}}

    """

  init() throws {
    folder = try RunFolder()
    run = try TrainingRun(
      try RecipeNode(yaml: Self.recipe, file: "recipe.yaml"), folder: "\(folder.path)/run", pool: ThreadPool(threads: 2)
    )
    guard case .finished(let model) = try run.run() else { throw CancellationError() }
    self.model = model
    var log = try folder.bytes("run/metrics.jsonl")
    log.append(contentsOf: Self.look.utf8)
    try folder.write(log, to: "run/metrics.jsonl")
    history = try run.history()
  }

  func card(_ manifest: CorpusManifest? = nil, _ history: RunHistory? = nil) -> String {
    ModelCard(
      run.plan, corpus: manifest ?? run.corpus.manifest, history ?? self.history,
      digests: ["model.safetensors": String(repeating: "ab", count: 32)], threads: 2
    ).markdown
  }

  func record(_ manifest: CorpusManifest? = nil, _ history: RunHistory? = nil) throws -> JSONValue {
    let names = ["model.safetensors", "config.json", "tokenizer.json"]
    let files = try names.map { try ModelRecord.File($0, in: model) }
    let record = ModelRecord(
      run.plan, name: "stories", corpus: manifest ?? run.corpus.manifest, corpusDigest: run.corpus.digest,
      history ?? self.history, files: files)
    return try JSONValue(parsing: JSONValue.object(record.json).serialized(indentation: 2))
  }
}

@Suite("A model's card") struct ModelCardTests {
  private let short: ShortRun

  init() throws { short = try ShortRun() }

  @Test("begins with what the hub reads, and says all that there is to say")
  func sections() {
    let card = short.card()
    let head = """
      ---
      library_name: transformers
      pipeline_tag: text-generation
      tags:
      - moso
      - trained-from-scratch
      - llama
      ---

      # A llama model of
      """
    #expect(card.hasPrefix(head), "\(card.prefix(300))")
    let titles = card.split(separator: "\n").filter { $0.hasPrefix("## ") }
    #expect(
      titles == [
        "## What it has learned from", "## How it was trained", "## How well it predicts", "## How to use it",
        "## Files", "## Limits",
      ])
    for text in [
      "`LlamaForCausalLM`", "| layers | 1 |", "| width | 32 |", "| context | 64 tokens |",
      "storyworld, 60 stories of seed 1, 40 people", "Muon for the matrices of layers", "floating-point operations",
      "s on 2 threads |", "| validation loss | 3.500 nats a token |",
      "| bits per byte | 1.250 |", "| least possible loss | 0.5000 nats a token |",
      "| above the least possible | 3.00 nats a token |", "| questions | 75 % of 8 answered right |",
      #"| who \| is | 8 | 75 % |"#,
      "moso quantize ./model --to Q8_0", "| `model.safetensors` | `abababab", "follow instructions",
    ] {
      #expect(card.contains(text), "\(text)")
    }
    #expect(card.hasSuffix(".\n") && !card.contains("\n\n\n"))
  }

  @Test("stays whole whatever a source is called")
  func names() throws {
    let plain = short.card().split(separator: "\n", omittingEmptySubsequences: false)
    var manifest = short.run.corpus.manifest
    manifest.sources[0].name = "a|b `c` <script> *d* [e](f)\n---\n# g\u{2028}\u{202E}&amp; $h$ \\| ~i~"
    let card = short.card(manifest)
    let lines = card.split(separator: "\n", omittingEmptySubsequences: false)
    try #require(lines.count == plain.count)
    for (line, before) in zip(lines, plain) where line != before {
      #expect(
        line.hasPrefix(
          ##"| a\|b \`c\` \<script\> \*d\* \[e\](f) --- \# g \&amp; \$h\$ \\\| \~i\~ | 1 | "##), "\(line)")
    }
    #expect(card != short.card())
    manifest.sources[0].name = String(repeating: "long ", count: 1_000)
    #expect(short.card(manifest).split(separator: "\n").allSatisfy { $0.count < 300 })
  }

  @Test("says nothing of what was not measured, and nothing of texts where there are none")
  func withoutNumbers() {
    var history = short.history
    history.looks[history.looks.count - 1].leastLoss = nil
    history.looks[history.looks.count - 1].questions = nil
    let card = short.card(nil, history)
    #expect(card.contains("| validation loss | ") && !card.contains("least possible") && !card.contains("questions"))
    history.looks[history.looks.count - 1].questions = QuestionScore()
    #expect(!short.card(nil, history).contains("questions"))
    #expect(short.card(nil, RunHistory()).contains("Nobody has measured it."))
    var manifest = short.run.corpus.manifest
    manifest.tokenizerDigest = nil
    let symbols = short.card(manifest)
    for text in ["pipeline_tag", "moso chat", "bits per byte", "AutoTokenizer"] {
      #expect(!symbols.contains(text), "\(text)")
    }
  }
}

@Suite("A model's record") struct ModelRecordTests {
  private let short: ShortRun

  init() throws { short = try ShortRun() }

  @Test("names the files with their digests, the text, the plan and the results")
  func members() throws {
    let record = try short.record()
    #expect(record["format"] == "moso.model/1" && record["name"] == "stories" && record["kind"] == "safetensors")
    #expect(record["architecture"] == "llama" && record["weights"] == ["model.safetensors"])
    #expect(record["parent"] == .null && record["made_by"] == "train")
    let files = try #require(record["files"]?.arrayValue)
    #expect(files.map { $0["path"]?.stringValue } == ["config.json", "model.safetensors", "tokenizer.json"])
    let tokenizer = try #require(files.last)
    #expect(tokenizer["sha256"]?.stringValue == short.run.corpus.manifest.tokenizerDigest)
    #expect(tokenizer["sha256"] == record["tokenizer_sha256"])
    #expect(try tokenizer["size"]?.integerValue == short.folder.bytes("run/model/tokenizer.json").count)
    #expect(record["corpus_sha256"]?.stringValue == short.run.corpus.digest)
    #expect(record["plan"]?["steps"] == 2 && record["plan"]?["model"]?["hidden_size"] == 32)
    let results = try #require(record["results"])
    #expect(results["steps"] == 2 && results["tokens"]?.integerValue == short.history.steps.last?.tokens)
    #expect(results["validation_loss"] == 3.5 && results["bits_per_byte"] == 1.25 && results["least_loss"] == 0.5)
    #expect(results["questions"]?["asked"] == 8 && results["questions"]?["right"] == 6)
    #expect(results["seconds"]?.doubleValue == short.history.seconds)
  }

  @Test("has null for what was not measured")
  func withoutNumbers() throws {
    var manifest = short.run.corpus.manifest
    manifest.tokenizerDigest = nil
    let record = try short.record(manifest, RunHistory())
    for name in ["training_loss", "validation_loss", "bits_per_byte", "least_loss", "questions"] {
      #expect(record["results"]?[name] == .null, "\(name)")
    }
    #expect(record["tokenizer_sha256"] == .null && record["results"]?["steps"] == 0)
  }
}
