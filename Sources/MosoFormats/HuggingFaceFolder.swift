/// A folder of model files as they come from Hugging Face: `config.json`, the tokenizer's files and the weights.
public struct HuggingFaceFolder: Sendable {
  /// The folder, without a slash at its end.
  public let path: String
  /// The files of weights that are meant, as paths; `nil` for those with the usual names.
  private let namedWeights: [String]?

  /// The files that such a folder may hold besides the weights.
  public enum File: String, Sendable, Hashable, CaseIterable {
    /// What the transformer looks like.
    case configuration = "config.json"
    /// How the makers recommend to sample, and which tokens end an answer.
    case generationConfiguration = "generation_config.json"
    /// The vocabulary, the merges, and what happens to a text before and after them.
    case tokenizer = "tokenizer.json"
    /// The special tokens and, in most folders, the chat template.
    case tokenizerConfiguration = "tokenizer_config.json"
    /// The tokens that begin, end and pad a text.
    case specialTokens = "special_tokens_map.json"
    /// The chat template, where it is a file of its own.
    case chatTemplate = "chat_template.jinja"
  }

  private static let weights = "model.safetensors"
  private static let weightIndex = "model.safetensors.index.json"

  /// Looks at the folder at `path`.
  ///
  /// - Parameter weights: The paths of the files of weights, where others may lie in the folder too.
  /// - Throws: `FormatError` when it is not there, is not a folder or has no `config.json`.
  public init(path: String, weights: [String]? = nil) throws(FormatError) {
    var path = path
    namedWeights = weights
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    guard let status = SystemCalls.status(of: path) else { throw .file(.missing(path: path)) }
    guard status.isDirectory else {
      throw .missing(path: path, what: "files in it, for it is a file", hint: "name the folder of the model")
    }
    self.path = path
    guard contains(.configuration) else {
      throw .missing(
        path: path, what: File.configuration.rawValue, hint: "name the folder that holds the model's own files")
    }
  }

  /// The path of `file`, which may not be there.
  public func path(of file: File) -> String { "\(path)/\(file.rawValue)" }

  /// Whether `file` is there.
  public func contains(_ file: File) -> Bool { isFile(file.rawValue) }

  /// The JSON in `file`, or `nil` when the file is not there.
  ///
  /// `NaN` and `Infinity` are let through, because Python writes them into configurations.
  public func json(_ file: File) throws(FormatError) -> JSONValue? {
    guard contains(file) else { return nil }
    return try JSONValue(contentsOf: path(of: file), options: JSONReadingOptions(allowsNonFiniteNumbers: true))
  }

  /// The model's `config.json`.
  public func configuration() throws(FormatError) -> JSONObject {
    let json = try json(.configuration)
    guard let object = json?.objectValue else {
      throw .malformed(
        path: path(of: .configuration), offset: 0, field: "the whole file", found: json?.kind.description ?? "nothing",
        expected: "an object")
    }
    return object
  }

  /// The weights: the files that were named, or `model.safetensors`, or the files that `model.safetensors.index.json`
  /// names.
  public func weights() throws(FormatError) -> SafetensorsFile {
    if let namedWeights { return try weights(at: namedWeights) }
    for name in [Self.weights, Self.weightIndex] where isFile(name) {
      return try SafetensorsFile(path: "\(path)/\(name)")
    }
    let hint =
      isFile("pytorch_model.bin") || isFile("pytorch_model.bin.index.json")
      ? "convert pytorch_model.bin to safetensors: it can hold code, so it is not read here"
      : "download the weights in the safetensors format"
    throw .missing(path: path, what: "\(Self.weights) or \(Self.weightIndex)", hint: hint)
  }

  private func weights(at paths: [String]) throws(FormatError) -> SafetensorsFile {
    // Beside the files of an index there may be others with the same tensors: a copy in one file, another precision.
    if paths.count > 1, isFile(Self.weightIndex) {
      let index = try SafetensorsIndex(path: "\(path)/\(Self.weightIndex)")
      if Set(index.fileNames.map { index.folder + $0 }).isSubset(of: paths) { return try SafetensorsFile(index) }
    }
    return try SafetensorsFile(paths: paths)
  }

  private func isFile(_ name: String) -> Bool {
    SystemCalls.status(of: "\(path)/\(name)")?.isRegular == true
  }
}
