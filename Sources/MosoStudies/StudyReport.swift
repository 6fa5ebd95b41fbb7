import MosoFormats
public import MosoReports
import MosoScaling

/// A study as a page: the law, what it predicted and what came of it, with the charts that show where it holds.
public struct StudyReport: Sendable {
  let analysis: StudyAnalysis
  private let title: String

  /// - Parameter title: What the study is called.
  public init(_ analysis: StudyAnalysis, title: String) {
    self.analysis = analysis
    self.title = title
  }

  /// The page.
  public var page: ReportPage {
    var page = ReportPage(
      "A scaling law", subtitle: "\(title): \(analysis.runs.count) runs, \(analysis.checks.count) held out",
      footer: "Made by Moso.")
    page.add(ReportSection("Result", [.figures(figures), .table(constants), .table(checks)]))
    page.add(ReportSection("Loss", [.charts([computeChart, parameterChart]), .charts([residualChart])]))
    page.add(
      ReportSection(
        "The best model for a budget",
        [.charts([frontierChart]), .table(exponents), .paragraph(Self.aboutParabolas), .table(parabolas)]))
    page.add(ReportSection("Runs", [.table(runs)]))
    return page
  }

  /// Writes the page to a file.
  public func write(to path: String) throws(StudyError) {
    let bytes = Array(page.html().utf8)
    try StudyError.wrapping { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
  }

  private static let aboutParabolas =
    "The second approach takes the lowest point of a parabola through the losses of a budget for the best model. Where the two "
    + "exponents of the law differ, that point is off even without noise; the last column says by how much, for sizes as they "
    + "were here."

  // MARK: Numbers

  func short(_ number: Double) -> String { NumberFormat.compact(number) }
  func digits(_ number: Double, _ count: Int = 4) -> String { NumberFormat.significant(number, digits: count) }
  func percent(_ share: Double) -> String { NumberFormat.significant(100 * share, digits: 2) + " %" }
  private func range(_ interval: Interval, _ text: (Double) -> String) -> String {
    "\(text(interval.lower)) to \(text(interval.upper))"
  }

  private var figures: [ReportFact] {
    var facts: [ReportFact] = []
    if let check = analysis.checks.last {
      facts.append(
        ReportFact(
          "predicted loss", digits(check.prediction.loss),
          note: "nine in ten lie in \(range(check.prediction.interval) { digits($0) })"))
      facts.append(
        ReportFact("measured loss", digits(check.run.measured.loss), note: "\(percent(check.error)) off"))
    }
    facts.append(ReportFact("irreducible loss", digits(analysis.fit.law.irreducible), note: "fitted, nats a token"))
    if let least = analysis.leastLoss { facts.append(ReportFact("true entropy", digits(least), note: "nats a token")) }
    return facts
  }

  private var constants: ReportTable {
    var table = ReportTable(
      "L(N, D) = E + A / N^α + B / D^β",
      columns: [.init("constant"), .init("value", .number), .init("nine in ten lie in", .number)])
    for (index, name) in ChinchillaLaw.constantNames.enumerated() {
      let interval = analysis.fit.interval { $0.constants[index] }
      table.add([name, digits(analysis.fit.law.constants[index]), range(interval) { digits($0) }])
    }
    table.add(["error of the fit", percent(analysis.fit.error), ""])
    table.add(["error of Kaplan's form", percent(analysis.kaplan.error), ""])
    if let repeated = analysis.repeated {
      table.add(["error of the law for repeated tokens", percent(repeated.error), ""])
    }
    return table
  }

  private var checks: ReportTable {
    var table = ReportTable(
      "Runs that the law was not fitted to",
      columns: [
        .init("run"), .init("predicted", .number), .init("nine in ten lie in", .number), .init("measured", .number),
        .init("error", .number), .init(""),
      ])
    for check in analysis.checks {
      table.add([
        check.run.name, digits(check.prediction.loss), range(check.prediction.interval) { digits($0) },
        digits(check.run.measured.loss), percent(check.error), check.isInside ? "inside" : "outside",
      ])
    }
    return table
  }

  private var exponents: ReportTable {
    var table = ReportTable(
      "How the best number of parameters grows with compute",
      columns: [.init("approach"), .init("power", .number), .init("nine in ten lie in", .number)])
    if let frontier = analysis.envelopeFrontier {
      table.add(["1: the least of all losses on the way", digits(frontier.parametersExponent, 3), ""])
    }
    if let frontier = analysis.profileFrontier {
      table.add(["2: parabolas", digits(frontier.parametersExponent, 3), ""])
    }
    let interval = analysis.fit.interval { $0.bestParametersExponent }
    table.add([
      "3: the law", digits(analysis.fit.law.bestParametersExponent, 3), range(interval) { digits($0, 3) },
    ])
    return table
  }

  private var parabolas: ReportTable {
    var table = ReportTable(
      "Parabolas",
      columns: [
        .init("operations", .number), .init("best parameters", .number), .init("by the law", .number),
        .init("bias of the method", .number),
      ])
    for profile in analysis.profiles {
      table.add([
        NumberFormat.scientific(profile.compute), short(profile.best.parameters),
        short(analysis.fit.law.best(compute: profile.compute).parameters),
        profile.bias(under: analysis.fit.law).map(percent) ?? "",
      ])
    }
    return table
  }

  private var runs: ReportTable {
    var table = ReportTable(columns: [
      .init("run"), .init("parameters", .number), .init("tokens", .number), .init("operations", .number),
      .init("loss", .number), .init("by the law", .number), .init("difference", .number), .init("seconds", .number),
    ])
    for (run, isHeldOut) in analysis.runs.map({ ($0, false) }) + analysis.checks.map({ ($0.run, true) }) {
      let size = run.measured.size
      let loss = analysis.fit.law.loss(of: size)
      table.add(
        [
          run.name, short(size.parameters), short(size.tokens), NumberFormat.scientific(run.measured.compute),
          digits(run.measured.loss), digits(loss), percent(run.measured.loss / loss - 1),
          run.seconds.map { digits($0, 3) } ?? "",
        ], isEmphasized: isHeldOut)
    }
    return table
  }
}
