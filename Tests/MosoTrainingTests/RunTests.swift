import MosoCorpora
import MosoFormats
import MosoTensor
import MosoTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder for runs that is removed with its last user.
final class RunFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "moso-run-\(UInt64.random(in: 0 ... .max))").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: "\(path)/\(name)")) }

  func write(_ bytes: Data, to name: String) throws { try bytes.write(to: URL(filePath: "\(path)/\(name)")) }

  func names(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
  }
}

@Suite("A run") struct RunTests {
  let folder: RunFolder

  init() throws { folder = try RunFolder() }

  static let recipe = """
    data:
      - stories: 150
        people: 40
    tokenizer: {vocabulary: 320, bytes: 100K}
    corpus: {validation_share: 0.1}
    model: {width: 32, layers: 2, context: 96}
    training: {steps: 12, sequences: 4, averaging: 0.9}
    watch: {evaluate_every: 4, save_every: 3, keep: 2, documents: 4}
    """

  func run(
    _ name: String, threads: Int = 2, recipe: String = recipe, stopAfter: Int? = nil,
    _ changes: [(String, String)] = []
  ) throws -> TrainingRun.Outcome {
    var node = try RecipeNode(yaml: recipe, file: "recipe.yaml")
    for (path, value) in changes { try node.set(path, to: value, place: "--set \(path)") }
    let run = try TrainingRun(node, folder: "\(folder.path)/\(name)", pool: ThreadPool(threads: threads))
    return try run.run { run.step == stopAfter }
  }

  func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test("that is interrupted ends with the same bytes, also with other threads and micro-batches")
  func resume() throws {
    #expect(try run("whole") == .finished(model: "\(folder.path)/whole/model"))
    #expect(try run("parts", threads: 1, stopAfter: 2) == .interrupted(step: 2))
    #expect(try run("parts", threads: 3, stopAfter: 7, [("training.micro_batch", "1")]) == .interrupted(step: 7))
    // What an interruption in the middle of saving leaves behind.
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/parts/checkpoints/step-0000009.partial-1-abc", withIntermediateDirectories: true)
    _ = try run("parts", threads: 2, [("training.recompute", "yes")])
    for file in ["model/model.safetensors", "checkpoints/step-0000012/training.safetensors"] {
      #expect(try folder.bytes("whole/\(file)") == folder.bytes("parts/\(file)"), "\(file)")
    }
    #expect(try folder.names("parts/checkpoints") == ["step-0000009", "step-0000012"])
    #expect(
      try folder.names("whole/model") == [
        "README.md", "config.json", "model.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
      ])
    #expect(try losses("whole") == losses("parts"))
    let report = String(decoding: try folder.bytes("parts/report.html"), as: UTF8.self)
    #expect(report.contains("step 12 of 12") && report.contains("storyworld, 150 stories") && report.contains("<svg"))
    // Twelve steps, three looks at validation and four times two samples.
    #expect(try losses("whole").count == 19)
  }

  @Test(
    "that several processes share ends with the same bytes, also when other numbers of them go on", arguments: [2, 4])
  func shared(_ count: Int) async throws {
    _ = try run("whole")
    let path = folder.path
    /// Some processes take steps until one of them, or the end.
    func share(_ count: Int, stopAfter: Int?) async throws {
      _ = try await ThreadGroup.run(count) { group in
        let recipe = try RecipeNode(yaml: Self.recipe, file: "recipe.yaml")
        let run = try TrainingRun(recipe, folder: "\(path)/shared", pool: ThreadPool(threads: 1), group: group)
        return try run.run { run.step == stopAfter }
      }
    }
    try await share(count, stopAfter: 5)
    try await share(2, stopAfter: 7)
    _ = try run("shared", stopAfter: 8)
    try await share(count, stopAfter: nil)
    for file in ["model/model.safetensors", "checkpoints/step-0000012/training.safetensors"] {
      #expect(try folder.bytes("whole/\(file)") == folder.bytes("shared/\(file)"), "\(file)")
    }
    #expect(try losses("whole") == losses("shared"))
  }

  /// The losses and norms of all steps, and all that was found when validation was looked at.
  private func losses(_ name: String) throws -> [String] {
    let text = String(decoding: try folder.bytes("\(name)/metrics.jsonl"), as: UTF8.self)
    return try text.split(separator: "\n").map { line in
      var value = try #require(try JSONValue(parsing: String(line)).objectValue)
      value["seconds"] = nil
      return JSONValue.object(value).serialized()
    }
  }

  @Test("does not go on with another recipe, corpus or a damaged checkpoint")
  func changed() throws {
    _ = try run("run", stopAfter: 3)
    let rate = message { _ = try run("run", [("training.rate", "0.5")]) }
    #expect(rate.contains("a run whose rate was ") && rate.contains("where 0.5 was expected"), "\(rate)")
    let weights = "run/checkpoints/step-0000003/training.safetensors"
    let good = try folder.bytes(weights)
    var bad = good
    bad[bad.count / 2] ^= 4
    try folder.write(bad, to: weights)
    let damaged = message { _ = try run("run") }
    #expect(damaged.contains(weights) && damaged.contains("other bytes than were written"), "\(damaged)")
    try folder.write(good, to: weights)
    let manifest = String(decoding: try folder.bytes("run/corpus/corpus.json"), as: UTF8.self)
    try folder.write(Data(manifest.replacing("storyworld", with: "another").utf8), to: "run/corpus/corpus.json")
    let corpus = message { _ = try run("run") }
    #expect(corpus.contains("found another corpus than"), "\(corpus)")
    try folder.write(Data(manifest.utf8), to: "run/corpus/corpus.json")
    #expect(try run("run") == .finished(model: "\(folder.path)/run/model"))
  }

  @Test("whose numbers are none any more stops with the last checkpoint as it was")
  func diverges() throws {
    _ = try run("run", stopAfter: 6)
    let before = try folder.bytes("run/checkpoints/step-0000006/training.safetensors")
    let text = message {
      _ = try run(
        "hot",
        [
          ("training.rate", "1e3"), ("training.largest_norm", "0"), ("training.optimizer", "adamw"),
          ("training.steps", "400"),
        ])
    }
    #expect(text.contains("the run was stopped at step ") && text.contains("lower training.rate"), "\(text)")
    #expect(try folder.bytes("run/checkpoints/step-0000006/training.safetensors") == before)
  }

  @Test("writes files that no other run can open as their own")
  func foreign() throws {
    _ = try run("run", stopAfter: 3)
    let text = message { _ = try run("run", [("model.width", "48")]) }
    #expect(text.contains("a run whose model was"), "\(text)")
  }
}

@Suite("A recipe") struct RecipeTests {
  private func message(_ yaml: String) -> String {
    do throws(RecipeError) {
      _ = try TrainingRecipe(try RecipeNode(yaml: yaml, file: "r.yaml"))
      return "nothing"
    } catch {
      return error.description
    }
  }

  @Test("with a mistake is refused in a sentence with the line")
  func mistakes() {
    let data = "data:\n  - stories: 5\n"
    #expect(message(data) == "nothing")
    #expect(
      message(data + "trainning:\n  rate: 1")
        == "r.yaml, line 3: 'the recipe' has no 'trainning'; did you mean 'training'?")
    #expect(
      message(data + "training:\n  rat: 1").hasPrefix("r.yaml, line 4: 'training' has no 'rat'; did you mean 'rate'"))
    #expect(
      message(data + "training:\n  rate: fast").hasPrefix("r.yaml, line 4: 'rate' is 'fast', where a number from 0"))
    #expect(
      message(data + "training: {steps: 3, tokens: 4}").contains("'steps' and 'tokens' are both given")
        || message(data + "training: {steps: 3, tokens: 4}").contains("both given"))
    #expect(message(data + "training: {sequences: 6}").contains("a multiple of the 4 lanes"))
    #expect(message(data + "model: {family: bert}").contains("one of llama, qwen3, gpt2, mixtral"))
    #expect(message("model: {depth: 3}").contains("'data' is missing"))
    #expect(message("data: []").contains("list of sources"))
    #expect(message("data:\n  - stories: 5\n    files: x").hasPrefix("r.yaml, line 2: 'data' needs one of"))
    #expect(message("data: [1\n").contains("r.yaml, line"))
    #expect(message("").contains("is empty"))
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(message("data: \(deep)").contains("nested more than 16 deep"))
    let bomb =
      "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]"
    #expect(message(bomb).contains("r.yaml"))
  }

  @Test("takes values from the command and can be written and read again")
  func settings() throws {
    var node = try RecipeNode(yaml: "data: [{stories: 5, seed: 3}]\nmodel: {depth: 2}", file: "r.yaml")
    try node.set("training.rate", to: "2e-3", place: "--set training.rate=2e-3")
    try node.set("model.depth", to: "3", place: "--depth")
    try node.set("corpus.canaries", to: "[\"a: b\", 'c#d']", place: "--set")
    let recipe = try TrainingRecipe(node)
    #expect(recipe.steps.rate == 0.002 && recipe.model.size == .depth(3) && recipe.corpus.canaries == ["a: b", "c#d"])
    let again = try RecipeNode(yaml: node.yaml, file: "again.yaml")
    #expect(try TrainingRecipe(again) == recipe)
    try node.set("training.rat", to: "1", place: "--set training.rat=1")
    #expect(
      throws: RecipeError(place: "--set training.rat=1", problem: "'training' has no 'rat'; did you mean 'rate'?")
    ) {
      try TrainingRecipe(node)
    }
  }

  @Test("with one number gives a model of about that size", arguments: [100_000, 1_000_000, 5_700_000, 20_000_000])
  func sizes(_ count: Int) throws {
    var recipe = ModelRecipe()
    recipe.size = .parameters(count)
    for family in ModelRecipe.Family.allCases {
      recipe.family = family
      let design = try ModelDesign(recipe.configuration(vocabularySize: 1_024, documentStart: 0))
      let ratio = Double(design.parameterCount) / Double(count)
      #expect((0.55...1.5).contains(ratio), "\(family): \(design.parameterCount)")
    }
    recipe.family = .llama
    recipe.size = .compute(6.0 * 20 * Double(count) * Double(count))
    let design = try ModelDesign(recipe.configuration(vocabularySize: 1_024, documentStart: 0))
    #expect((0.5...1.5).contains(Double(design.multipliedCount) / Double(count)), "\(design.multipliedCount)")
  }
}
