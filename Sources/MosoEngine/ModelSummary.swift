import MosoCheckpoints
public import MosoFormats
import MosoInference
public import MosoModel
import MosoTensor
import MosoTokenizers

/// What a model's files say about it, read without loading the weights.
public struct ModelSummary: Sendable {
  /// The name that a GGUF file gives the model, else the one that the caller gave.
  public let name: String
  /// The format of the weights, as in `GGUF version 3` or `safetensors`.
  public let format: String
  /// What the transformer looks like.
  public let architecture: Architecture
  /// The tensors of all files, each with its name, shape, element type and place.
  public let tensors: [TensorDescription]
  /// The metadata of the file in words; long lists are shortened.
  public let metadata: [(key: String, value: String)]
  /// The source of the chat template in the GGUF file or in the folder's `tokenizer_config.json`, if there is one.
  public let chatTemplate: String?
  /// The length of all weight files together, in bytes.
  public let fileSize: Int
  /// The context length that the cache is computed for.
  public let contextLength: Int

  /// Reads the head of a GGUF file.
  ///
  /// - Throws: `FormatError`, `ConfigurationError` or `TensorTableError`.
  public init(gguf path: String, name: String, contextLength: Int?) throws {
    let file = try GGUFFile(path: path)
    let configuration = try GGUFConfiguration(file)
    _ = try configuration.tensors.resolve(file)
    self.init(
      name: try file.metadata.string("general.name") ?? name, format: "GGUF version \(file.version)",
      architecture: configuration.architecture, file: file,
      metadata: try file.metadata.keys.map { ($0, try file.metadata.summary(of: $0)) },
      chatTemplate: try file.metadata.string("tokenizer.chat_template"), contextLength: contextLength)
  }

  /// Reads the configuration of a folder as Hugging Face lays it out.
  ///
  /// - Parameter weights: The paths of the files of weights, where they have unusual names or others lie there too.
  /// - Throws: `FormatError`, `ConfigurationError` or `TensorTableError`.
  public init(folder path: String, weights: [String]? = nil, name: String, contextLength: Int?) throws {
    let folder = try HuggingFaceFolder(path: path, weights: weights)
    let object = try folder.configuration()
    let configuration = try HuggingFaceConfiguration(object, origin: folder.path(of: .configuration))
    let file = try folder.weights()
    _ = try configuration.tensors.resolve(file)
    let templates = try Tokenizer.chatTemplates(in: folder)
    self.init(
      name: name, format: "safetensors", architecture: configuration.architecture, file: file,
      metadata: object.map { ($0.key, Self.shortened($0.value.serialized())) }, chatTemplate: templates["default"],
      contextLength: contextLength)
  }

  private init(
    name: String, format: String, architecture: Architecture, file: some WeightFile,
    metadata: [(key: String, value: String)], chatTemplate: String?, contextLength: Int?
  ) {
    self.name = name
    self.format = format
    self.architecture = architecture
    self.metadata = metadata
    self.chatTemplate = chatTemplate
    tensors = file.tensors
    fileSize = file.fileSize
    self.contextLength = max(1, min(contextLength ?? .max, architecture.contextLength))
  }

  fileprivate static func shortened(_ text: String) -> String {
    text.count <= 160 ? text : text.prefix(157) + "…"
  }
}

extension ModelSummary {
  /// How many numbers the weights hold.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.elementCount } }

  /// The bytes of weights in memory: as in the file, but for rows padded to sixteen.
  public var weightBytes: Int { tensors.reduce(0) { $0 + $1.byteRange.count } }

  /// The element types of the weights with the bytes each takes, largest first.
  public var bytesByType: [(type: String, bytes: Int)] {
    Dictionary(grouping: tensors) { $0.elementType.description }
      .map { (type: $0.key, bytes: $0.value.reduce(0) { $0 + $1.byteRange.count }) }
      .sorted { $0.bytes == $1.bytes ? $0.type < $1.type : $0.bytes > $1.bytes }
  }
}

extension GGUFMetadata {
  /// A value in words.
  fileprivate func summary(of key: String) throws(FormatError) -> String {
    guard let type = type(of: key) else { return "" }
    switch type.value {
    case .string: return ModelSummary.shortened(try string(key) ?? "")
    case .bool: return "\(try bool(key) ?? false)"
    case .float32, .float64: return "\(Float(try number(key) ?? 0))"
    case .array: return "\(count(of: key) ?? 0) × \(type.element.map { "\($0)" } ?? "?")"
    default: return "\(try integer(key) ?? 0)"
    }
  }
}
