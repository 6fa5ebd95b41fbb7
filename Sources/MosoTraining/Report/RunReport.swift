public import MosoCorpora
import MosoFormats
public import MosoReports
import MosoTensor

/// A run as a page: how the loss fell, what was done, on what, with what.
public struct RunReport: Sendable {
  private let plan: TrainingPlan
  private let manifest: CorpusManifest
  private let history: RunHistory
  private let digests: [String: String]
  private let threads: Int

  /// - Parameter digests: The SHA-256 of files that belong to the run, by name.
  public init(
    _ plan: TrainingPlan, corpus manifest: CorpusManifest, _ history: RunHistory, digests: [String: String],
    threads: Int
  ) {
    self.plan = plan
    self.manifest = manifest
    self.history = history
    self.digests = digests
    self.threads = threads
  }

  /// The page.
  public var page: ReportPage {
    let tokens = history.steps.last?.tokens ?? 0
    var page = ReportPage(
      "A training run",
      subtitle: "\(count(plan.design.parameterCount)) parameters, \(count(tokens)) tokens, step "
        + "\(history.steps.count) of \(plan.stepCount)",
      footer: "Made by Moso.")
    page.add(ReportSection("Result", [.figures(figures), .charts([lossChart])]))
    if let questions = history.looks.last?.questions {
      page.add(ReportSection("Questions", [.charts([questionChart]), .table(questionTable(questions))]))
    }
    if !history.samples.isEmpty { page.add(ReportSection("What it writes", sampleBlocks)) }
    page.add(ReportSection("Training", [.charts([rateChart, normChart, speedChart])]))
    page.add(ReportSection("Text", [.table(sources), .facts(textFacts)]))
    page.add(
      ReportSection(
        "Configuration",
        [
          .subheading("Training"), .facts(facts(plan.json)), .subheading("Model"),
          .facts(facts(plan.design.configuration)),
        ]))
    page.add(ReportSection("Machine", [.facts(machineFacts)]))
    page.add(
      ReportSection(
        "Files", [.facts(digests.sorted { $0.key < $1.key }.map { ReportFact($0.key, $0.value, isCode: true) })]))
    return page
  }

  private func count(_ number: Int) -> String { NumberFormat.compact(Double(number)) }
  private func percent(_ share: Double) -> String { "\(NumberFormat.significant(100 * share)) %" }

  private var figures: [ReportFact] {
    var facts: [ReportFact] = []
    if let look = history.looks.last {
      facts.append(ReportFact("validation loss", NumberFormat.significant(look.loss, digits: 4), note: "nats a token"))
      if let least = look.leastLoss {
        facts.append(
          ReportFact(
            "above the least possible", NumberFormat.significant(look.loss - least, digits: 3), note: "nats a token"))
      }
      if manifest.tokenizerDigest != nil {
        facts.append(ReportFact("bits per byte", NumberFormat.significant(look.bitsPerByte, digits: 4)))
      }
    }
    if let questions = history.looks.last?.questions {
      facts.append(
        ReportFact("questions", percent(questions.accuracy), note: "answered right, in an unseen world"))
    }
    facts.append(ReportFact("speed", NumberFormat.significant(tokensPerSecond, digits: 3), note: "tokens a second"))
    return facts
  }

  private var tokensPerSecond: Double { Double(history.steps.last?.tokens ?? 0) / max(history.seconds, 1e-9) }

  private var lossChart: Chart {
    let looks = history.looks
    var series: [ChartSeries] = [
      .line("training", history.steps.map { ChartPoint(Double($0.tokens), $0.loss) }, emphasis: .faint),
      .line("validation", looks.map { ChartPoint(Double($0.tokens), $0.loss) }),
    ]
    if let least = looks.last?.leastLoss { series.append(.horizontalRule("least possible", at: least)) }
    return Chart(
      "Loss", caption: "The mean loss of a token, of the text that is learned from and of text that is not.",
      x: ChartAxis("tokens"), y: ChartAxis("loss", unit: "nats", scale: .logarithmic), series: series)
  }

  private var questionChart: Chart {
    let looks = history.looks.compactMap { look in
      look.questions.map { ChartPoint(Double(look.tokens), 100 * $0.accuracy) }
    }
    return Chart(
      "Questions answered right", caption: "Questions about stories of a world that no training text is from.",
      x: ChartAxis("tokens"), y: ChartAxis("right", unit: "%", lower: 0, upper: 100),
      series: [.line("right", looks)])
  }

  private func questionTable(_ questions: QuestionScore) -> ReportTable {
    var table = ReportTable(columns: [.init("question"), .init("asked", .number), .init("right", .number)])
    for (kind, tally) in questions.kinds.sorted(by: { $0.key < $1.key }) {
      table.add([kind, "\(tally.asked)", percent(Double(tally.right) / Double(max(tally.asked, 1)))])
    }
    table.add(["all", "\(questions.asked)", percent(questions.accuracy)], isEmphasized: true)
    return table
  }

  /// The last documents, and those before them out of sight.
  private var sampleBlocks: [ReportBlock] {
    func blocks(_ sample: RunHistory.Sample) -> [ReportBlock] {
      sample.texts.enumerated().map { index, text in
        .sample(heading: "after step \(sample.step), document \(index + 1)", text: text)
      }
    }
    let earlier = history.samples.dropLast().flatMap(blocks)
    return (history.samples.last.map(blocks) ?? [])
      + (earlier.isEmpty ? [] : [.details(summary: "Earlier in the run", earlier)])
  }

  private func chart(_ title: String, _ label: String, unit: String = "", _ value: (RunHistory.Step) -> Double) -> Chart
  {
    Chart(
      title, x: ChartAxis("step"), y: ChartAxis(label, unit: unit),
      series: [.line(label, history.steps.map { ChartPoint(Double($0.step), value($0)) })])
  }

  private var rateChart: Chart { chart("Learning rate", "rate") { $0.rate } }
  private var normChart: Chart { chart("Gradient", "norm") { $0.norm } }

  private var speedChart: Chart {
    chart("Speed", "arithmetic", unit: "GFLOP/s") { step in plan.operationsPerStep / step.seconds / 1e9 }
  }

  private var sources: ReportTable {
    var table = ReportTable(columns: [
      .init("source"), .init("weight", .number), .init("documents", .number), .init("bytes", .number),
      .init("duplicates", .number), .init("canaries", .number),
    ])
    for source in manifest.sources {
      let counts = source.parts.values
      table.add([
        source.name, NumberFormat.significant(source.weight), count(counts.reduce(0) { $0 + $1.documents }),
        count(counts.reduce(0) { $0 + $1.bytes }), count(source.duplicates), count(source.canaries),
      ])
    }
    return table
  }

  private var textFacts: [ReportFact] {
    let training = manifest.counts(of: .training), validation = manifest.counts(of: .validation)
    return [
      ReportFact("vocabulary", "\(manifest.vocabularySize) tokens"),
      ReportFact("for training", "\(count(training.documents)) documents, \(count(training.tokens)) tokens"),
      ReportFact("for validation", "\(count(validation.documents)) documents, \(count(validation.tokens)) tokens"),
    ]
  }

  private func facts(_ object: JSONObject) -> [ReportFact] {
    object.compactMap { key, value in
      if value.objectValue != nil { return nil }
      return ReportFact(key.replacing("_", with: " "), value.stringValue ?? value.serialized())
    }
  }

  private var machineFacts: [ReportFact] {
    let operations = plan.operationsPerStep * Double(history.steps.count)
    return [
      ReportFact("instructions", ThreadPool.instructionSet), ReportFact("threads", "\(threads)"),
      ReportFact("time in steps", "\(Int(history.seconds.rounded())) s"),
      ReportFact("arithmetic", "\(NumberFormat.scientific(operations)) floating-point operations"),
      ReportFact(
        "cost", NumberFormat.significant(history.seconds * Double(threads) / 3_600), note: "hours of a processor core"),
    ]
  }
}
