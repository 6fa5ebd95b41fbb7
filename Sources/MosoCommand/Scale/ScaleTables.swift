import MosoReports
import MosoScaling
import MosoStudies
import MosoTerminal

/// Studies as tables for a terminal.
enum ScaleTables {
  private static func short(_ number: Double) -> String { NumberFormat.compact(number, notation: .ascii) }
  private static func digits(_ number: Double, _ count: Int = 4) -> String {
    NumberFormat.significant(number, digits: count, notation: .ascii)
  }
  private static func scientific(_ number: Double) -> String { NumberFormat.scientific(number, notation: .ascii) }
  private static func percent(_ share: Double) -> String { digits(100 * share, 2) + " %" }
  private static func range(_ interval: Interval, _ text: (Double) -> String) -> String {
    "\(text(interval.lower)) to \(text(interval.upper))"
  }

  /// The runs of a plan.
  static func plan(_ plan: StudyPlan) -> Table {
    var table = Table([
      .init("RUN", style: .bold), .init("LAYERS", .trailing), .init("PARAMETERS", .trailing),
      .init("TOKENS", .trailing),
      .init("OPERATIONS", .trailing), .init("SHARE", .trailing), .init("TIME", .trailing),
    ])
    let most = plan.target?.compute ?? plan.runs.map(\.compute).max() ?? 1
    for run in plan.runs {
      table.add([
        run.name, "\(run.layers)", short(run.size.parameters), short(run.size.tokens), scientific(run.compute),
        percent(run.compute / most), QuantityFormat.duration(seconds: run.seconds),
      ])
    }
    return table
  }

  /// A line about all runs of a plan.
  static func summary(_ plan: StudyPlan) -> String {
    "\(plan.runs.count) runs, \(scientific(plan.compute)) operations, about "
      + "\(QuantityFormat.duration(seconds: plan.seconds)) on this machine."
  }

  /// What laws say of runs.
  static func print(_ analysis: StudyAnalysis) {
    StandardOutput.write(constants(analysis).rendered(for: .standardOutput))
    StandardOutput.write("\n")
    StandardOutput.write(exponents(analysis).rendered(for: .standardOutput))
    if let least = analysis.leastLoss, let error = analysis.irreducibleError {
      StandardOutput.write(
        "\nThe true entropy is \(digits(least)) nats a token; the fitted E is \(percent(abs(error))) "
          + "\(error < 0 ? "below" : "above") it.\n")
    }
    if analysis.checks.isEmpty { return }
    StandardOutput.write("\n")
    StandardOutput.write(checks(analysis).rendered(for: .standardOutput))
  }

  private static func constants(_ analysis: StudyAnalysis) -> Table {
    var table = Table([
      .init("L = E + A/N^α + B/D^β", style: .bold), .init("VALUE", .trailing), .init("NINE IN TEN LIE IN"),
    ])
    for (index, name) in ChinchillaLaw.constantNames.enumerated() {
      let interval = analysis.fit.interval { $0.constants[index] }
      table.add([name, digits(analysis.fit.law.constants[index]), range(interval) { digits($0) }])
    }
    table.add(["error of the fit", percent(analysis.fit.error), "Kaplan's form: \(percent(analysis.kaplan.error))"])
    return table
  }

  private static func exponents(_ analysis: StudyAnalysis) -> Table {
    var table = Table([.init("BEST PARAMETERS GROW WITH", style: .bold), .init("POWER", .trailing), .init("")])
    if let frontier = analysis.envelopeFrontier {
      table.add(["approach 1, least loss on the way", digits(frontier.parametersExponent, 3), ""])
    }
    if let frontier = analysis.profileFrontier {
      table.add(["approach 2, parabolas", digits(frontier.parametersExponent, 3), ""])
    }
    let interval = analysis.fit.interval { $0.bestParametersExponent }
    table.add([
      "approach 3, the law", digits(analysis.fit.law.bestParametersExponent, 3), range(interval) { digits($0, 3) },
    ])
    return table
  }

  private static func checks(_ analysis: StudyAnalysis) -> Table {
    var table = Table([
      .init("CHECKED", style: .bold), .init("PREDICTED", .trailing), .init("NINE IN TEN LIE IN"),
      .init("MEASURED", .trailing), .init("ERROR", .trailing), .init(""),
    ])
    for check in analysis.checks {
      table.add([
        check.run.name, digits(check.prediction.loss), range(check.prediction.interval) { digits($0) },
        digits(check.run.measured.loss), percent(check.error), check.isInside ? "inside" : "outside",
      ])
    }
    return table
  }

  /// A prediction in a sentence.
  static func prediction(_ prediction: LossPrediction) -> String {
    "A model of \(short(prediction.size.parameters)) parameters that learns from \(short(prediction.size.tokens)) tokens "
      + "should end with a loss of \(digits(prediction.loss)) nats a token, nine times in ten between "
      + "\(digits(prediction.interval.lower)) and \(digits(prediction.interval.upper))."
  }

  /// The best run for a budget.
  static func best(_ best: BestRun) -> Table {
    var table = Table([
      .init("FOR \(scientific(best.compute)) OPERATIONS", style: .bold), .init("BEST", .trailing),
      .init("NINE IN TEN LIE IN"),
    ])
    table.add(["parameters", short(best.prediction.size.parameters), range(best.parameters, short)])
    table.add(["tokens", short(best.prediction.size.tokens), range(best.tokens, short)])
    table.add(["loss", digits(best.prediction.loss), range(best.prediction.interval) { digits($0) }])
    return table
  }
}
