import MosoFormats
import MosoReports
import MosoScaling
import MosoStudies
import Testing

@Suite("What is said of finished runs") struct StudyAnalysisTests {
  private static let law = ChinchillaLaw(
    irreducible: 0.6, parameterScale: 40, parameterExponent: 0.4, tokenScale: 90, tokenExponent: 0.35)

  /// Runs of three budgets and one that is held out, with losses that are the law's but for thousandths.
  private static var runs: [FinishedRun] {
    var runs: [FinishedRun] = []
    for (rung, compute) in [1e12, 2e12, 4e12].enumerated() {
      for (place, parameters) in [1e5, 2e5, 4e5, 8e5].enumerated() {
        let size = RunSize(parameters: parameters, tokens: compute / 6 / parameters)
        let noise = [0.0006, -0.0004, -0.0007, 0.0005][(place + rung) % 4]
        runs.append(
          FinishedRun(
            name: "run \(rung) \(place)",
            measured: MeasuredRun(size: size, loss: law.loss(of: size) * (1 + noise)), leastLoss: 0.6, seconds: 10))
      }
    }
    let size = RunSize(parameters: 1.5e6, tokens: 5e6)
    runs.append(
      FinishedRun(
        name: "large <run>", measured: MeasuredRun(size: size, loss: law.loss(of: size)), leastLoss: 0.6,
        isHeldOut: true))
    return runs
  }

  private func analysis() async throws -> StudyAnalysis {
    try await StudyAnalysis(RunCollection(place: "runs.csv", runs: Self.runs))
  }

  @Test("predicts the run that was held out, and finds the law behind the others")
  func predicts() async throws {
    let analysis = try await analysis()
    #expect(analysis.runs.count == 12)
    let check = try #require(analysis.checks.first)
    #expect(abs(check.error) < 0.005 && check.isInside)
    #expect(try abs(#require(analysis.irreducibleError)) < 0.1)
    #expect(analysis.profiles.count == 3 && analysis.profileFrontier != nil && analysis.envelopeFrontier == nil)
    #expect(analysis.repeated == nil && analysis.kaplan.error > 2 * analysis.fit.error)
    let best = analysis.best(compute: 1e14), truth = Self.law.best(compute: 1e14)
    #expect(best.parameters.contains(truth.parameters) && best.tokens.contains(truth.tokens))
    #expect(best.prediction.interval.contains(Self.law.loss(of: truth)))
  }

  @Test("is a page with its charts, in which a name is text")
  func report() async throws {
    let html = StudyReport(try await analysis(), title: "a & b").page.html()
    #expect(html.contains("a &amp; b: 12 runs, 1 held out") && html.contains("large &lt;run&gt;"))
    for chart in ["Loss and compute", "Loss and parameters", "Residuals", "Best parameters"] {
      #expect(html.contains(chart), "\(chart)")
    }
    #expect(html.contains("true entropy") && html.contains("bias of the method"))
  }

  @Test("needs runs of more than one size")
  func problems() async throws {
    let runs = Array(repeating: Self.runs[0], count: 8)
    await #expect(
      performing: {
        _ = try await StudyAnalysis(RunCollection(place: "runs.csv", runs: runs))
      }, throws: { "\($0)".hasPrefix("runs.csv: all runs have the same number of parameters") })
  }
}
