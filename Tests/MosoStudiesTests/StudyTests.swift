import Foundation
import MosoFormats
import MosoScaling
import MosoStudies
import MosoTensor
import MosoTraining
import Testing

@Suite("A study", .serialized) struct StudyTests {
  private static let recipe = """
    data:
      - stories: 200
        people: 40
    tokenizer: {vocabulary: 320, bytes: 100K}
    corpus: {validation_share: 0.1}
    model: {layers: 2, context: 96}
    training: {sequences: 4}
    watch: {documents: 4, question_stories: 4, samples: 1}
    study: {compute: 1e11, models: 3, rungs: 2, share: 0.09, tokens_per_parameter: 0.2}
    """

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "moso-study-\(UInt64.random(in: 0 ... .max))")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  private func node(_ changes: [(String, String)] = []) throws -> RecipeNode {
    var node = try RecipeNode(yaml: Self.recipe, file: "study.yaml")
    for (name, value) in changes { try node.set(name, to: value, place: "--set \(name)") }
    return node
  }

  @Test("plans runs that cost less than a tenth of the largest, each budget with several models")
  func plan() throws {
    let plan = try StudyPlan(try StudyRecipe(node()), vocabularySize: 320, pool: ThreadPool(threads: 2))
    #expect(plan.runs.count == 7 && plan.runs.filter(\.isTarget).count == 1)
    let target = try #require(plan.target)
    #expect(abs(target.compute / 1e11 - 1) < 0.01)
    for run in plan.runs.dropLast() { #expect(run.compute < 0.1 * target.compute) }
    for budget in [plan.runs.prefix(3), plan.runs[3..<6]] {
      #expect(Set(budget.map(\.width)).count == 3)
      #expect(budget.allSatisfy { abs($0.compute / budget[budget.startIndex].compute - 1) < 0.01 })
    }
    #expect(plan.runs.allSatisfy { $0.seconds > 0 })
  }

  @Test("fits into the minutes that it may take")
  func minutes() throws {
    let recipe = try StudyRecipe(node([("study", "{minutes: 2, models: 3, rungs: 2}")]))
    let plan = try StudyPlan(recipe, vocabularySize: 320, pool: ThreadPool(threads: 2))
    #expect(plan.seconds <= 120 && plan.seconds > 40, "\(plan.seconds)")
  }

  @Test("is gone on with where it was left, and predicts its largest run before that begins")
  func runs() async throws {
    try await withFolder { folder in
      let pool = ThreadPool(threads: 2)
      var steps = 0
      var study = try Study(node(), folder: folder, pool: pool) { event in
        if case .training(.step) = event { steps += 1 }
      }
      let limit = 5
      #expect(try await study.run(shouldStop: { steps >= limit }) == .interrupted)
      var began: [String] = [], predictions = 0
      study = try Study(node(), folder: folder, pool: pool) { event in
        switch event {
        case .began(let run, _):
          began.append(run.name)
          if run.isTarget { #expect(FileManager.default.fileExists(atPath: "\(folder)/prediction.json")) }
        case .predicted: predictions += 1
        default: break
        }
      }
      guard case .finished(let runs) = try await study.run() else {
        Issue.record("it was not finished")
        return
      }
      #expect(runs.count == 7 && predictions == 1 && began.last == study.plan.target?.name)
      #expect(runs.allSatisfy { $0.measured.loss < 6 && ($0.leastLoss ?? 9) < $0.measured.loss })
      #expect(FileManager.default.fileExists(atPath: "\(folder)/runs/\(runs[0].name)/model/model.safetensors"))
      let analysis = try await StudyAnalysis(RunCollection(folder))
      #expect(analysis.runs.count == 6 && analysis.checks.count == 1)
      // All is done: nothing begins again.
      began = []
      #expect(try await study.run() == .finished(runs) && began.isEmpty)
      #expect(throws: StudyError.self) { _ = try Study(node([("training.seed", "2")]), folder: folder, pool: pool) }
    }
  }

  @Test("says in which line its recipe is wrong")
  func recipe() throws {
    func message(_ changes: [(String, String)]) -> String {
      do {
        _ = try StudyRecipe(node(changes))
        return "nothing"
      } catch {
        return "\(error)"
      }
    }
    #expect(message([("study.model", "3")]).contains("'study' has no 'model'; did you mean 'models'?"))
    #expect(message([("study.minutes", "3")]).contains("'compute' and 'minutes' are both given"))
    #expect(message([("training.rat", "3")]).contains("did you mean 'rate'?"))
  }
}
