public import MosoFormats
public import MosoModel
public import MosoTensor

/// Writes a model as one GGUF file, with each tensor in the element type that a recipe gives it.
///
/// The source's weights stay mapped; of what is written, a few megabytes are in memory at a time. The file appears
/// under its name when it is whole. What a GGUF file of the family cannot say of the model is an error: the metadata
/// are read back as any reader would, and compared.
public struct GGUFExporter: Sendable {
  /// What the model computes.
  public let architecture: Architecture
  /// Which element type each tensor gets.
  public let recipe: QuantizationRecipe
  /// What the file says of the model, without its tokenizer unless the source is a GGUF file.
  public private(set) var metadata: [GGUFWriter.Entry]
  private let tensors: [ExportTensor]
  private let file: any WeightFile

  /// How far the writing of a model has come.
  public struct Progress: Sendable, Hashable {
    /// How many tensors are complete.
    public var tensors: Int
    /// How many there will be.
    public var tensorCount: Int
    /// How many bytes of tensors have been written.
    public var bytes: Int
    /// How many there will be.
    public var byteCount: Int
  }

  /// Prepares to write the model of a folder as it comes from Hugging Face.
  ///
  /// Of GGUF's families these are written: llama (Llama, Mistral, Mixtral, SmolLM 2 and TinyLlama), smollm3, qwen2,
  /// qwen3, qwen3moe, gemma, gemma2, gemma3, phi3 and gpt2.
  ///
  /// - Parameters:
  ///   - folder: The folder, with `config.json` and safetensors.
  ///   - name: What the file calls the model.
  ///   - recipe: Which element type each tensor gets.
  /// - Throws: `FormatError`, `ConfigurationError` or `TensorTableError` when the folder's files are not sound, and
  ///   `ExportError.inexpressible` when the family's GGUF files have no place for something that the model does.
  public init(folder: HuggingFaceFolder, name: String, recipe: QuantizationRecipe) throws {
    let origin = folder.path(of: .configuration)
    let configuration = try HuggingFaceConfiguration(folder.configuration(), origin: origin)
    let file = try folder.weights()
    try self.init(configuration, origin: origin, file: file, name: name, recipe: recipe)
  }

  init(
    _ configuration: HuggingFaceConfiguration, origin: String, file: any WeightFile, name: String,
    recipe: QuantizationRecipe
  ) throws {
    let familyName = configuration.family.architectureInGGUF ?? configuration.family.modelType
    guard let family = GGUFFamily.all.first(where: { $0.architecture == familyName }) else {
      preconditionFailure("there is no GGUF family \(familyName)")
    }
    architecture = configuration.architecture
    self.recipe = recipe
    self.file = file
    let source = try configuration.tensors.resolve(file.shapes)
    let divisors = family.divisors(configuration.rotaries).map { name, values in
      ExportTensor(
        tensor: .init(name: name, shape: [values.count], elementType: .f32), content: .numbers(values))
    }
    tensors =
      try divisors
      + ExportTensor.tensors(
        architecture, named: TensorTable(architecture, naming: family.naming), from: source,
        pairsAdjacent: family.pairing == .adjacent, recipe: recipe)
    metadata = [
      .init("general.architecture", .string(family.architecture)), .init("general.type", .string("model")),
      .init("general.name", .string(name)), .init(Self.fileTypeKey, .uint32(recipe.fileType)),
      .init(Self.quantizationVersionKey, .uint32(Self.quantizationVersion)),
    ]
    metadata += family.entries(architecture, rotaries: configuration.rotaries)
    if let difference = try architecture.difference(from: readBack().architecture) {
      throw ExportError.inexpressible(origin: origin, property: difference, family: family.architecture)
    }
  }

  /// Prepares to write the model of a GGUF file with other element types; everything else is taken over.
  ///
  /// - Parameters:
  ///   - file: The source, of one file or split over several.
  ///   - recipe: Which element type each tensor gets.
  ///   - allowsQuantizedSource: Whether tensors may be quantised that are quantised already, which adds one error to
  ///     the other. Those that have their new type already are copied.
  /// - Throws: `ConfigurationError` or `TensorTableError` when the file is not sound or of a family that is not known,
  ///   and `ExportError.alreadyQuantized`.
  public init(_ file: GGUFFile, recipe: QuantizationRecipe, allowsQuantizedSource: Bool = false) throws {
    let configuration = try GGUFConfiguration(file)
    architecture = configuration.architecture
    self.recipe = recipe
    self.file = file
    let source = try configuration.tensors.resolve(file)
    var roles: [String: [TensorRole]] = [:]
    for (role, place) in source.sources { roles[place.name, default: []].append(role) }
    var tensors: [ExportTensor] = []
    for tensor in file.tensors {
      let roles = roles[tensor.name] ?? []
      // What has no role is a table of divisors, or not for the forward pass at all.
      let type =
        roles.isEmpty
        ? tensor.elementType
        : recipe.elementType(of: roles, rowLength: tensor.shape.last ?? 1, in: architecture)
      if type != tensor.elementType, tensor.elementType.elementsPerBlock > 1, !allowsQuantizedSource {
        throw ExportError.alreadyQuantized(
          path: file.shards[tensor.shard].path, tensor: tensor.name, elementType: tensor.elementType)
      }
      tensors.append(
        ExportTensor(
          tensor: .init(name: tensor.name, shape: tensor.shape, elementType: type), content: .whole(tensor.name)))
    }
    self.tensors = tensors
    metadata = []
    let dropped: Set = [Self.fileTypeKey, Self.quantizationVersionKey, "general.alignment"]
    for key in file.metadata.keys where !dropped.contains(key) && !key.hasPrefix("split.") {
      if let value = try file.metadata.encodedValue(key) { metadata.append(.init(key, value)) }
    }
    metadata.append(.init(Self.fileTypeKey, .uint32(recipe.fileType)))
    metadata.append(.init(Self.quantizationVersionKey, .uint32(Self.quantizationVersion)))
  }

  private static let fileTypeKey = "general.file_type"
  private static let quantizationVersionKey = "general.quantization_version"
  /// That of the block layouts since May 2023.
  private static let quantizationVersion: UInt32 = 2

  /// Adds metadata, such as a tokenizer's.
  ///
  /// - Precondition: The file does not have these keys yet.
  public mutating func add(_ entries: [GGUFWriter.Entry]) { metadata += entries }

  /// What other programs do not do with the file, each in one sentence.
  public var warnings: [String] {
    guard architecture.family == "phi3", let window = architecture.layers.lazy.compactMap(\.window).first else {
      return []
    }
    return [
      "llama.cpp ignores the window of \(window) tokens that this family attends through; texts longer than that are "
        + "continued differently there"
    ]
  }

  /// The tensors that will be written, in their order.
  public var writtenTensors: [GGUFWriter.Tensor] { tensors.map(\.tensor) }

  /// The size of the file that will be written, in bytes.
  public var byteCount: Int { GGUFWriter.byteCount(metadata: metadata, tensors: writtenTensors) }

  /// The size of the source's files of weights, in bytes.
  public var sourceByteCount: Int { file.fileSize }
}

// MARK: Reading back

extension GGUFExporter {
  /// What a reader of the file will make of it.
  private func readBack() throws(ConfigurationError) -> GGUFConfiguration {
    let values = Dictionary(metadata.map { ($0.key, $0.value.json) }) { first, _ in first }
    let fields = ConfigurationFields(origin: "the file to be written") { values[$0] ?? nil }
    let shapes = Dictionary(tensors.map { ($0.tensor.name, $0.tensor.shape) }) { first, _ in first }
    return try GGUFConfiguration(fields: fields, shapes: shapes) { name in
      guard case .numbers(let numbers)? = tensors.first(where: { $0.tensor.name == name })?.content else { return [] }
      return numbers.map { Double($0) }
    }
  }
}

extension GGUFValue {
  /// The value as a configuration reads it; `nil` for what is not written of an architecture.
  fileprivate var json: JSONValue? {
    switch self {
    case .uint32(let number): .integer(Int(number))
    case .float32(let number): .number(Double(number))
    case .bool(let flag): .bool(flag)
    case .string(let text): .string(text)
    case .array(_, let values): .array(values.compactMap(\.json))
    default: nil
    }
  }
}

// MARK: Writing

extension GGUFExporter {
  /// Writes the file.
  ///
  /// - Parameters:
  ///   - path: Where it goes; a file that is there is replaced when the new one is whole.
  ///   - pool: Shares the work. The bytes do not depend on how many threads it has.
  ///   - progress: Called after every few megabytes.
  /// - Throws: `FormatError.file` when the disk is full or the folder cannot be written, and
  ///   `ExportError.unquantizable`.
  public func write(to path: String, on pool: ThreadPool, progress: (Progress) -> Void = { _ in }) throws {
    var writer = try GGUFWriter(path: path, metadata: metadata, tensors: writtenTensors)
    let rows = ExportRows(file: file)
    var done = Progress(
      tensors: 0, tensorCount: tensors.count, bytes: 0, byteCount: tensors.reduce(0) { $0 + $1.tensor.byteCount })
    for tensor in tensors {
      let source = wholeSource(of: tensor)
      if let source, source.elementType == tensor.tensor.elementType {
        try file.withBytes(of: source) { bytes in try writer.append(bytes) }
        done.bytes += source.byteRange.count
      } else {
        try rows.forEachChunk(of: tensor) { values in
          try check(values, tensor.tensor)
          let blocks = tensor.tensor.elementType.quantize(values.span, on: pool)
          try writer.append(blocks.span.bytes)
          done.bytes += blocks.count
          progress(done)
        }
      }
      if let source { file.dropPages(of: source) }
      done.tensors += 1
      progress(done)
    }
    try writer.publish()
  }

  private func wholeSource(of tensor: ExportTensor) -> TensorDescription? {
    guard case .whole(let name) = tensor.content else { return nil }
    return file.tensor(named: name)
  }

  /// Refuses what has no scale; floats are written as they are.
  private func check(_ values: [Float], _ tensor: GGUFWriter.Tensor) throws(ExportError) {
    let limit = tensor.elementType.largestMagnitude
    guard limit.isFinite, let value = values.first(where: { !($0.magnitude <= limit) }) else { return }
    throw .unquantizable(tensor: tensor.name, value: value, elementType: tensor.elementType)
  }
}
