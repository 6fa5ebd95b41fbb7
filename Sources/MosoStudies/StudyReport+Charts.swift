import MosoReports
import MosoScaling

/// The charts of a study.
extension StudyReport {
  private var measured: [FinishedRun] { analysis.runs + analysis.checks.map(\.run) }

  /// Numbers that lie evenly between the logarithms of two.
  private func between(_ low: Double, _ high: Double, count: Int = 60) -> [Double] {
    (0..<count).map { step in
      let share = Double(step) / Double(count - 1)
      return exponential((1 - share) * logarithm(low) + share * logarithm(high))
    }
  }

  private func point(_ run: FinishedRun, _ x: Double) -> ChartPoint {
    ChartPoint(x, run.measured.loss, note: run.name)
  }

  /// Losses over what they cost, and the least that each budget can come to.
  var computeChart: Chart {
    let costs = measured.map(\.measured.compute)
    let budgets = between(costs.min() ?? 1, 3 * (costs.max() ?? 1))
    let best = budgets.map { budget in
      let size = analysis.fit.law.best(compute: budget)
      let interval = analysis.fit.interval { $0.loss(of: $0.best(compute: budget)) }
      return (
        point: ChartPoint(budget, analysis.fit.law.loss(of: size)),
        interval: ChartInterval(budget, lower: interval.lower, upper: interval.upper)
      )
    }
    var series: [ChartSeries] = [
      .band("best run by the law", best.map(\.interval)), .line("best run by the law", best.map(\.point)),
      .points("runs of the fit", analysis.runs.map { point($0, $0.measured.compute) }),
      .points("held out", analysis.checks.map { point($0.run, $0.run.measured.compute) }),
    ]
    if let least = analysis.leastLoss { series.append(.horizontalRule("true entropy", at: least)) }
    return Chart(
      "Loss and compute", caption: "The band holds the law's frontier nine times in ten.",
      x: ChartAxis("floating-point operations", scale: .logarithmic),
      y: ChartAxis("loss", unit: "nats a token", scale: .logarithmic), series: series)
  }

  /// Losses over parameters, one line of the law for each budget.
  var parameterChart: Chart {
    var series: [ChartSeries] = []
    for profile in analysis.profiles {
      let name = NumberFormat.scientific(profile.compute)
      let sizes = profile.runs.map(\.size.parameters)
      let cost =
        profile.runs.reduce(0) { $0 + $1.compute / ($1.size.parameters * $1.size.tokens) } / Double(sizes.count)
      let line = between((sizes.min() ?? 1) / 1.5, (sizes.max() ?? 1) * 1.5).map { parameters in
        let size = RunSize(parameters: parameters, tokens: profile.compute / (cost * parameters))
        return ChartPoint(parameters, analysis.fit.law.loss(of: size))
      }
      series.append(.line(name, line))
      series.append(.points(name, profile.runs.map { ChartPoint($0.size.parameters, $0.loss) }))
    }
    return Chart(
      "Loss and parameters", caption: "Runs that cost the same number of operations; lines are the law's.",
      x: ChartAxis("parameters", scale: .logarithmic), y: ChartAxis("loss", unit: "nats a token", scale: .logarithmic),
      series: series)
  }

  /// How far losses are from the law.
  var residualChart: Chart {
    func points(_ runs: [FinishedRun]) -> [ChartPoint] {
      runs.map { run in
        let loss = analysis.fit.law.loss(of: run.measured.size)
        return ChartPoint(run.measured.compute, 100 * (run.measured.loss / loss - 1), note: run.name)
      }
    }
    return Chart(
      "Residuals", caption: "How far each measured loss is above the law's.",
      x: ChartAxis("floating-point operations", scale: .logarithmic), y: ChartAxis("difference", unit: "%"),
      series: [
        .horizontalRule("the law", at: 0), .points("runs of the fit", points(analysis.runs)),
        .points("held out", points(analysis.checks.map(\.run))),
      ])
  }

  /// The best number of parameters over the budget, by each approach.
  var frontierChart: Chart {
    let costs = measured.map(\.measured.compute)
    let budgets = between(costs.min() ?? 1, 10 * (costs.max() ?? 1))
    let law = budgets.map { budget in
      let interval = analysis.fit.interval { $0.best(compute: budget).parameters }
      return (
        point: ChartPoint(budget, analysis.fit.law.best(compute: budget).parameters),
        interval: ChartInterval(budget, lower: interval.lower, upper: interval.upper)
      )
    }
    var series: [ChartSeries] = [
      .band("3: the law", law.map(\.interval)), .line("3: the law", law.map(\.point)),
    ]
    func line(_ name: String, _ frontier: Frontier) -> ChartSeries {
      .line(name, budgets.map { ChartPoint($0, frontier.best(compute: $0).parameters) })
    }
    if let frontier = analysis.envelopeFrontier { series.append(line("1: least losses", frontier)) }
    if let frontier = analysis.profileFrontier {
      series.append(line("2: parabolas", frontier))
      series.append(.points("2: parabolas", analysis.profiles.map { ChartPoint($0.compute, $0.best.parameters) }))
    }
    return Chart(
      "Best parameters", caption: "The number of parameters with the least loss for a budget, by three approaches.",
      x: ChartAxis("floating-point operations", scale: .logarithmic), y: ChartAxis("parameters", scale: .logarithmic),
      series: series)
  }
}
