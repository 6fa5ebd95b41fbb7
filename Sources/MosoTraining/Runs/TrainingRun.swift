import Crypto
public import MosoCorpora
import MosoFormats
import MosoReports
public import MosoTensor

/// A run in a folder: prepares the corpus, takes steps, looks at validation, saves, and goes on from the last checkpoint when
/// it is started again.
///
/// The folder has `recipe.yaml`, the corpus in `corpus`, `metrics.jsonl`, checkpoints in `checkpoints`, and at the end the
/// model in `model`.
public final class TrainingRun {
  /// Where all of it is.
  public let folder: String
  /// What is done.
  public let plan: TrainingPlan
  /// What is trained on.
  public let corpus: TokenCorpus
  /// The model.
  public let model: TrainingModel
  private let compute: TrainingCompute
  private let group: any ProcessGroup
  private let runner: GradientRunner
  private let shared: SharedParameters
  private let optimizer: Optimizer
  private let average: ParameterStore?
  private var sampler: CorpusSampler
  private var state: CheckpointState
  private let store: CheckpointStore
  private let metrics: MetricsLog
  private let examiner: Examiner
  private var guardian = LossGuard()
  private let observe: (TrainingEvent) -> Void

  /// How a run ended.
  public enum Outcome: Sendable, Hashable {
    /// All steps have been taken; the model is in the folder.
    case finished(model: String)
    /// It was asked to stop; everything is saved.
    case interrupted(step: Int)
  }

  /// Begins a run, or prepares to go on with one.
  ///
  /// - Parameters:
  ///   - recipe: What to do.
  ///   - folder: Where to do it; made if it is not there.
  ///   - corpusFolder: Where the corpus is, or is to be made; in `folder` unless several runs share one.
  ///   - observe: Is told what happens.
  /// - Throws: `TrainingError`, in one sentence, when the recipe, the corpus or the last checkpoint is of no use.
  public convenience init(
    _ recipe: RecipeNode, folder: String, corpusFolder: String? = nil, pool: ThreadPool,
    observe: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) {
    try self.init(
      recipe, folder: folder, corpusFolder: corpusFolder, pool: pool, group: SoleProcess(), observe: observe)
  }

  /// The same for one of several processes that share the run's work.
  package init(
    _ recipe: RecipeNode, folder: String, corpusFolder: String? = nil, pool: ThreadPool, group: any ProcessGroup,
    observe: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) {
    let observe = group.isFirst ? observe : { _ in }
    let parsed = try TrainingError.planning { () throws(RecipeError) in try TrainingRecipe(recipe) }
    guard parsed.steps.lanes % group.count == 0 else {
      throw .unusable(
        place: "the group of processes", found: "\(group.count) of them",
        expected: "1, or as many as share the "
          + "\(parsed.steps.lanes) lanes of a step evenly",
        hint: "start fewer, or set training.lanes to a larger power of two")
    }
    self.folder = folder
    self.observe = observe
    self.group = group
    // What the first process makes is there when the others look.
    if !group.isFirst { group.waitForFirst() }
    try TrainingError.wrapping { () throws(FileError) in try Folder.make(folder) }
    corpus = try Self.corpus(parsed.corpus, folder: corpusFolder ?? "\(folder)/corpus", pool: pool, observe)
    if group.isFirst { group.waitForFirst() }
    observe(.prepared(corpus.manifest))
    let corpus = corpus
    let plan = try TrainingError.planning { () throws(RecipeError) in try TrainingPlan(parsed, corpus: corpus) }
    self.plan = plan
    compute = TrainingCompute(pool: pool, precision: plan.precision == .mixed ? .mixed : .single)
    model = TrainingModel(plan.design, on: compute)
    runner = GradientRunner(model, settings: plan.gradients)
    shared = SharedParameters(model, group: group)
    optimizer = Optimizer(plan.optimizer, for: model, own: group.count > 1 ? shared.own : nil)
    average = plan.averaging > 0 ? ParameterStore(count: model.layout.valueCount, on: compute) : nil
    sampler = CorpusSampler(corpus, length: plan.length, seed: plan.seed)
    examiner = try Examiner(parsed, corpus: corpus, length: plan.length, seed: plan.seed)
    store = CheckpointStore(folder: "\(folder)/checkpoints", kept: plan.watch.keptCheckpoints)
    metrics = MetricsLog(folder: folder, isKept: group.isFirst)
    let planBytes = JSONValue.object(plan.json).serializedBytes(sortedKeys: true)
    state = CheckpointState(
      position: sampler.position, planDigest: SHA256.hash(data: planBytes).hexadecimal, corpusDigest: corpus.digest)
    if !group.isFirst { group.waitForFirst() }
    try begin(recipe)
    if group.isFirst { group.waitForFirst() }
  }

  /// How many steps have been taken.
  public var step: Int { state.step }

  /// The corpus in a folder, made if it is not there.
  package static func corpus(
    _ recipe: CorpusRecipe, folder: String, pool: ThreadPool, _ observe: @escaping (TrainingEvent) -> Void
  ) throws(TrainingError) -> TokenCorpus {
    try TrainingError.preparing { () throws(CorpusError) in
      if Folder.hasFile("\(folder)/corpus.json") { return try TokenCorpus(folder: folder) }
      do throws(FileError) { try Folder.make(folder) } catch { throw .file(error) }
      return try CorpusBuilder(recipe, folder: folder, pool: pool) { observe(.preparing($0)) }.build()
    }
  }

  /// Fills the model: with random numbers, or with those of the last checkpoint.
  private func begin(_ recipe: RecipeNode) throws(TrainingError) {
    if group.isFirst { try store.removePartial() }
    guard let last = try store.steps().last else {
      Initialization(seed: plan.seed).fill(model)
      average?.numbers.set(to: model.values.numbers)
      guard group.isFirst else { return }
      try TrainingError.wrapping { () throws(FileError) in
        try AtomicFile.write(Array(recipe.yaml.utf8), to: "\(folder)/recipe.yaml")
        try AtomicFile.write(
          JSONValue.object(plan.json).serializedBytes(indentation: 2), to: "\(folder)/plan.json")
      }
      try metrics.rewind(to: 0)
      return
    }
    let saved = try store.state(of: last)
    guard saved.corpusDigest == state.corpusDigest else {
      throw .unusable(
        place: corpus.folder, found: "another corpus than \(store.path(of: last)) was trained on",
        expected: "the same one", hint: "put the corpus back, or name another folder for a new run")
    }
    guard saved.planDigest == state.planDigest else { throw changedPlan(checkpoint: store.path(of: last)) }
    try store.load(last, into: model, optimizer, average: average)
    state = saved
    sampler = CorpusSampler(corpus, length: plan.length, seed: plan.seed, position: saved.position)
    try metrics.rewind(to: last)
  }

  /// What differs between this plan and the one that the run was begun with.
  private func changedPlan(checkpoint: String) -> TrainingError {
    let begun = (try? JSONValue(contentsOf: "\(folder)/plan.json", options: JSONReadingOptions())) ?? .null
    let key = plan.json.first { begun[$0.key] != $0.value }?.key ?? "model"
    func text(_ value: JSONValue?) -> String { String((value ?? .null).serialized().prefix(80)) }
    return .unusable(
      place: checkpoint, found: "a run whose \(key) was \(text(begun[key]))", expected: text(plan.json[key]),
      hint: "run with the recipe in \(folder)/recipe.yaml, or name another folder for a new run")
  }

  /// Takes all steps that are left.
  ///
  /// - Parameter shouldStop: Is asked after each step; the run is saved before it stops.
  /// - Throws: `TrainingError` when a file cannot be written or the loss diverges; the last checkpoint stays as it is.
  public func run(shouldStop: () -> Bool = { false }) throws(TrainingError) -> Outcome {
    observe(.started(plan, step: state.step))
    while state.step < plan.stepCount {
      try takeStep()
      let isLast = state.step == plan.stepCount
      if group.isFirst, isLast || state.step % plan.evaluationInterval == 0 { evaluate() }
      let stops = !isLast && group.agreed(shouldStop())
      let isDue = isLast || state.step % plan.checkpointInterval == 0
      if group.isFirst, isDue { takeSamples() }
      try metrics.flush()
      if isDue || stops { try save() }
      if stops { return .interrupted(step: state.step) }
    }
    return .finished(model: try export())
  }

  private func takeStep() throws(TrainingError) {
    let clock = ContinuousClock()
    let start = clock.now
    let sequences = (0..<plan.sequences).map { _ in sampler.next() }
    let count = sequences.reduce(0) { $0 + $1.targetCount }
    // Each process has the sequences of its lanes, and afterwards the gradient of its parameters.
    let share = sequences.count / group.count
    let gradient = runner.gradient(
      Array(sequences.dropFirst(group.rank * share).prefix(share)), lanes: plan.gradients.lanes / group.count,
      targetCount: count)
    shared.sum(gradient.slopes)
    optimizer.join(gradient.slopes)
    let norm = shared.gathered(optimizer.squares(gradient.slopes)).reduce(0, +).squareRoot()
    let losses = group.gathered(gradient.losses, counts: Array(repeating: share, count: group.count))
    let loss = losses.reduce(0, +) / Double(max(count, 1))
    let rate = plan.schedule.rate(at: state.step)
    if let problem = guardian.problem(loss: loss, norm: norm) {
      try metrics.flush()
      throw .diverged(step: state.step + 1, what: problem, checkpoint: try store.steps().last.map(store.path))
    }
    optimizer.step(rate: rate, slopes: gradient.slopes, norm: norm)
    runner.recycle(gradient.slopes)
    shared.spread(model.values)
    if let average {
      compute.scale(average.numbers, by: plan.averaging)
      compute.add(model.values.numbers, times: 1 - plan.averaging, to: average.numbers)
    }
    let seconds = (clock.now - start) / .seconds(1)
    state.step += 1
    state.tokens += count
    state.seconds += seconds
    state.position = sampler.position
    let report = StepReport(
      step: state.step, tokens: state.tokens, loss: loss, rate: rate, norm: norm, seconds: seconds, stepTokens: count)
    metrics.append(report)
    observe(.step(report))
  }

  /// The model that is looked at: the mean of weights, where there is one.
  private var examined: TrainingModel {
    guard let average else { return model }
    let mean = TrainingModel(plan.design, on: compute)
    mean.values.numbers.set(to: average.numbers)
    return mean
  }

  private func evaluate() {
    let evaluation = examiner.evaluate(
      average == nil ? runner : GradientRunner(examined, settings: plan.gradients))
    metrics.append(evaluation, step: state.step, tokens: state.tokens)
    observe(.evaluated(evaluation, step: state.step))
  }

  private func takeSamples() {
    let samples = examiner.samples(of: examined, step: state.step)
    if samples.isEmpty { return }
    metrics.append(samples: samples, step: state.step, tokens: state.tokens)
    observe(.wrote(samples, step: state.step))
  }

  private func save() throws(TrainingError) {
    let moments = (shared.gathered(optimizer.first), shared.gathered(optimizer.second))
    guard group.isFirst else { return }
    let path = try store.save(state, model, moments: moments, average: average, beside: tokenizerFiles)
    try writeReport()
    observe(.saved(path: path, step: state.step))
  }

  /// The numbers of the run so far.
  public func history() throws(TrainingError) -> RunHistory {
    let folder = folder
    return try TrainingError.wrapping { () throws(FileError) in try RunHistory(folder: folder) }
  }

  /// Writes the report, which is of the run so far.
  private func writeReport() throws(TrainingError) {
    do throws(FileError) {
      var digests = ["corpus": corpus.digest, "plan": state.planDigest]
      if let tokenizer = corpus.manifest.tokenizerDigest { digests["tokenizer.json"] = tokenizer }
      let weights = "\(store.path(of: state.step))/\(CheckpointStore.weightsFile)"
      if Folder.hasFile(weights) { digests[CheckpointStore.weightsFile] = try CheckpointStore.digest(of: weights) }
      let report = RunReport(
        plan, corpus: corpus.manifest, try RunHistory(folder: folder), digests: digests,
        threads: compute.pool.threadCount)
      try AtomicFile.write(Array(report.page.html().utf8), to: "\(folder)/report.html")
    } catch {
      throw .file(error)
    }
  }

  /// The tokenizer's files, where documents are texts.
  private var tokenizerFiles: [String] {
    CheckpointStore.tokenizerFiles.map { "\(corpus.folder)/\($0)" }.filter { Folder.hasFile($0) }
  }

  /// Writes the model that came out.
  private func export() throws(TrainingError) -> String {
    let path = "\(folder)/model"
    guard group.isFirst else { return path }
    do throws(FileError) {
      let partial = try AtomicFolder(path: path)
      let names = try CheckpointStore.writeModel(
        plan.design, values: average ?? model.values, beside: tokenizerFiles, to: partial.partialPath)
      try describe(names, in: partial.partialPath)
      if Folder.exists(path) { Folder.remove(path) }
      try partial.publish()
    } catch {
      throw .file(error)
    }
    return path
  }

  /// Writes what people and programs should know of the model, beside its files.
  private func describe(_ names: [String], in path: String) throws(FileError) {
    let files = try names.map { (name) throws(FileError) in try ModelRecord.File(name, in: path) }
    let history = try RunHistory(folder: folder)
    let record = ModelRecord(
      plan, name: folder.split(separator: "/").last.map { String($0) } ?? "model", corpus: corpus.manifest,
      corpusDigest: corpus.digest, history, files: files)
    try AtomicFile.write(
      JSONValue.object(record.json).serializedBytes(indentation: 2), to: "\(path)/\(ModelRecord.fileName)")
    let card = ModelCard(
      plan, corpus: corpus.manifest, history,
      digests: files.reduce(into: [:]) { $0[$1.name] = $1.digest }, threads: compute.pool.threadCount)
    try AtomicFile.write(Array(card.markdown.utf8), to: "\(path)/\(ModelCard.fileName)")
  }
}
