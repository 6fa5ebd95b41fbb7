/// One model in a list of GGUF files: a single file, or all the parts of a split one.
struct GGUFModel: Hashable, Sendable {
  /// The path without `.gguf` and without the numbers of the parts.
  let name: String
  /// How it is quantised, as its name says, in upper case: `Q4_K_M`, `UD-Q2_K_XL`, `BF16`.
  let quantisation: String?
  private let parts: [String]
  private let expected: [String]

  /// The models among `paths`, in the order of their names; where asked for also the files that are not language
  /// models: vision projectors and importance matrices.
  static func all(among paths: [String], includingProjectors: Bool = false) -> [GGUFModel] {
    var groups: [String: [String]] = [:]
    for path in paths where path.lowercased().hasSuffix(".gguf") {
      let file = FilePaths.lastComponent(of: path).lowercased()
      if !includingProjectors, file.hasPrefix("mmproj") || file.contains("imatrix") { continue }
      groups[stem(of: path), default: []].append(path)
    }
    return groups.map { GGUFModel(name: $0.key, parts: $0.value.sorted()) }.sorted { $0.name < $1.name }
  }

  private init(name: String, parts: [String]) {
    self.name = name
    self.parts = parts
    expected = parts.first.flatMap { SplitName($0)?.allNames } ?? parts
    quantisation = Self.quantisation(in: name)
  }

  /// The files to fetch, in order.
  func files() throws(FileSelectionError) -> [String] {
    let present = Set(parts)
    if let lost = expected.first(where: { !present.contains($0) }) { throw .missingPart(lost) }
    return expected
  }

  func contains(_ path: String) -> Bool { parts.contains(path) }

  /// Whether the name ends in `text` (in upper case), as a word of its own.
  func endsWith(_ text: String) -> Bool {
    let upper = name.uppercased()
    guard upper.hasSuffix(text) else { return false }
    return upper.dropLast(text.count).last.map { "-._/".contains($0) } ?? true
  }

  private static func stem(of path: String) -> String {
    if let split = SplitName(path) { return split.stem }
    return String(path.dropLast(".gguf".count))
  }

  /// The quantisation a name ends in: after the last `-` or `.`, an optional `I` or `T`, a `Q`, a digit and what follows,
  /// or a plain number format.
  static func quantisation(in name: String) -> String? {
    let file = FilePaths.lastComponent(of: name).uppercased()
    let words = file.split { $0 == "-" || $0 == "." }
    guard let last = words.last else { return nil }
    let plain = ["F16", "F32", "FP16", "FP32", "BF16", "MXFP4", "MXFP4_MOE"]
    var body = last
    if let first = body.first, first == "I" || first == "T" { body = body.dropFirst() }
    let isQuantised = body.first == "Q" && body.dropFirst().first?.isNumber == true
    guard isQuantised || plain.contains(String(last)) else { return nil }
    // Unsloth's "dynamic" files share the names of the ordinary ones but for these two letters.
    if words.count >= 2, words[words.count - 2] == "UD" { return "UD-" + last }
    return String(last)
  }
}
