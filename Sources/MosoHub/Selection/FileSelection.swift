/// Which files of a repository or folder make up the model that is wanted.
struct FileSelection: Hashable, Sendable {
  let kind: LocalModel.Kind
  /// The files of weights, in order.
  let weights: [String]
  /// The configuration, the tokenizer and what else is read beside safetensors.
  let companions: [String]
  /// What was chosen without being asked for, for the person to know.
  let remark: String?

  /// Every file, small ones first, so that a mistake in them shows before gigabytes are fetched.
  var files: [String] { companions + weights }

  /// Chooses among the paths of a repository.
  ///
  /// - Throws: A ``FileSelectionError`` when the files are not there, or it is not clear which are meant, or a name
  ///   that is needed could not be stored safely.
  init(_ wanted: HubReference.Selection, among paths: [String]) throws(FileSelectionError) {
    switch wanted {
    case .standard:
      if let weights = try Self.safetensors(among: paths) {
        try self.init(safetensors: weights, among: paths)
      } else {
        try self.init(bestGGUFAmong: paths)
      }
    case .quantisation(let name):
      try self.init(quantisation: name, among: paths)
    case .file(let name):
      try self.init(file: name, among: paths)
    }
  }

  private init(
    kind: LocalModel.Kind, weights: [String], companions: [String] = [], remark: String? = nil
  ) throws(FileSelectionError) {
    var seen: Set<String> = [ModelRecord.fileName]
    for path in companions + weights {
      // Names that differ only in case are one file on some systems.
      guard SafePath(path) != nil, !path.hasSuffix(PartialFolder.ending), seen.insert(path.lowercased()).inserted
      else { throw .unsafeName(path) }
    }
    self.kind = kind
    self.weights = weights
    self.companions = companions
    self.remark = remark
  }
}

// MARK: - safetensors

extension FileSelection {
  /// The files that are read beside safetensors weights, where a repository has them.
  private static let companionNames = [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
    "added_tokens.json", "chat_template.jinja",
  ]

  private init(safetensors weights: [String], among paths: [String]) throws(FileSelectionError) {
    let present = Set(paths)
    guard present.contains("config.json") else { throw .missingConfiguration }
    var companions = Self.companionNames.filter(present.contains)
    if weights.count > 1 {
      companions += paths.filter { !$0.contains("/") && $0.hasSuffix(".safetensors.index.json") }.sorted().prefix(1)
    }
    try self.init(kind: .safetensors, weights: weights, companions: companions)
  }

  /// The safetensors weights in the top folder, or `nil` when there are none.
  private static func safetensors(among paths: [String]) throws(FileSelectionError) -> [String]? {
    let names = paths.filter { path in
      path.hasSuffix(".safetensors") && !path.contains("/")
        // Mistral's own format (consolidated) and fine-tuning leftovers (adapter) are not these weights.
        && !path.hasPrefix("consolidated") && !path.hasPrefix("adapter")
    }
    if names.isEmpty { return nil }
    if names.contains("model.safetensors") { return ["model.safetensors"] }
    let present = Set(names)
    let parts = names.compactMap(SplitName.init)
    if let part = parts.first(where: { $0.stem == "model" }) ?? parts.min(by: { $0.stem < $1.stem }) {
      if let lost = part.allNames.first(where: { !present.contains($0) }) { throw .missingPart(lost) }
      return part.allNames
    }
    // With an index, the weights may be named in any way.
    if names.count == 1 || paths.contains("model.safetensors.index.json") { return names.sorted() }
    throw .ambiguous(wanted: "the weights", files: names.sorted())
  }
}

// MARK: - GGUF

extension FileSelection {
  /// What is chosen of a repository that offers several GGUF files: the usual balance of size and quality first.
  private static let preferredQuantisations = ["Q4_K_M", "Q8_0"]

  private init(bestGGUFAmong paths: [String]) throws(FileSelectionError) {
    let models = GGUFModel.all(among: paths)
    guard let first = models.first else { throw .noWeights(found: paths) }
    for name in Self.preferredQuantisations {
      let matches = models.filter { $0.quantisation == name }
      guard let best = matches.first else { continue }
      if matches.count > 1 { throw .ambiguous(wanted: name, files: matches.map(\.name)) }
      try self.init(best, chosenAmong: models)
      return
    }
    try self.init(first, chosenAmong: models)
  }

  private init(_ model: GGUFModel, chosenAmong models: [GGUFModel]) throws(FileSelectionError) {
    let other = models.first { $0.quantisation != nil && $0.quantisation != model.quantisation }?.quantisation
    let remark =
      models.count == 1
      ? nil
      : "chose \(model.name.printable()) of \(models.count) GGUF files; name another after a colon"
        + (other.map { ", as in :\($0.printable())" } ?? "")
    try self.init(kind: .gguf, weights: model.files(), remark: remark)
  }

  private init(quantisation name: String, among paths: [String]) throws(FileSelectionError) {
    let models = GGUFModel.all(among: paths)
    guard !models.isEmpty else { throw .noWeights(found: paths) }
    var matches = models.filter { $0.quantisation == name }
    if matches.isEmpty { matches = models.filter { $0.endsWith(name) } }
    guard let match = matches.first else {
      let offered = Set(models.map { $0.quantisation ?? $0.name }).sorted()
      throw .noSuchQuantisation(name, offered: offered)
    }
    if matches.count > 1 { throw .ambiguous(wanted: name, files: matches.map(\.name)) }
    try self.init(kind: .gguf, weights: match.files())
  }

  private init(file name: String, among paths: [String]) throws(FileSelectionError) {
    let lower = name.lowercased()
    let exact = paths.filter { $0 == name }
    let folded = exact.isEmpty ? paths.filter { $0.lowercased() == lower } : exact
    let found = folded.isEmpty ? paths.filter { FilePaths.lastComponent(of: $0).lowercased() == lower } : folded
    guard let path = found.first else {
      throw .noSuchFile(name, offered: paths.filter { $0.hasSuffix(".gguf") || $0.hasSuffix(".safetensors") }.sorted())
    }
    if found.count > 1 { throw .ambiguous(wanted: name, files: found.sorted()) }
    if path.lowercased().hasSuffix(".safetensors") {
      let parts = SplitName(path)?.allNames ?? [path]
      if let lost = parts.first(where: { !paths.contains($0) }) { throw .missingPart(lost) }
      try self.init(safetensors: parts, among: paths)
    } else if let model = GGUFModel.all(among: paths, includingProjectors: true).first(where: { $0.contains(path) }) {
      try self.init(kind: .gguf, weights: model.files())
    } else {
      throw .noWeights(found: [path])
    }
  }
}
