public import MosoEngine
import MosoFormats
public import MosoHub
public import MosoTensor
public import MosoTokenizers

extension LanguageModel {
  /// Opens the model that `reference` names, and fetches it first where it is not on this machine.
  ///
  /// ```swift
  /// let model = try await LanguageModel.open("smollm2")
  /// ```
  ///
  /// - Parameters:
  ///   - reference: `smollm2`, `hf:owner/name[:file-or-quantisation]`, or the path of a GGUF file, a
  ///     safetensors file or a model folder.
  ///   - store: Where fetched models are kept.
  ///   - pool: The threads that repack the weights.
  ///   - progress: Called while files are fetched, about ten times a second, from any thread.
  /// - Throws: An error whose description is one sentence that says what to do.
  public static func open(
    _ reference: String = "smollm2", store: ModelStore = .default, pool: ThreadPool = ThreadPool(),
    progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> LanguageModel {
    try LanguageModel(try await locate(reference, store: store, progress: progress), pool: pool)
  }

  /// Finds the files of the model that `reference` names, and fetches them where they are not on this machine.
  public static func locate(
    _ reference: String, store: ModelStore = .default,
    progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> LocalModel {
    if let local = try store.resolve(reference) { return local }
    return try await store.pull(reference, progress: progress)
  }

  /// Opens a model's tokenizer alone.
  public static func openTokenizer(
    _ reference: String, store: ModelStore = .default,
    progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> Tokenizer {
    let local = try await locate(reference, store: store, progress: progress)
    return switch local.kind {
    case .gguf: try Tokenizer(metadata: GGUFFile(path: local.path).metadata)
    case .safetensors: try Tokenizer(folder: HuggingFaceFolder(path: local.folder))
    }
  }

  /// Loads a model whose files are on this machine.
  public convenience init(_ local: LocalModel, pool: ThreadPool = ThreadPool()) throws {
    switch local.kind {
    case .gguf: try self.init(gguf: local.path, on: pool)
    case .safetensors: try self.init(folder: local.folder, weights: local.weights, on: pool)
    }
  }
}

extension ModelSummary {
  /// Reads what the files of a model say, without loading the weights.
  public init(_ local: LocalModel, contextLength: Int? = nil) throws {
    switch local.kind {
    case .gguf: try self.init(gguf: local.path, name: local.name, contextLength: contextLength)
    case .safetensors:
      try self.init(
        folder: local.folder, weights: local.weights, name: local.name, contextLength: contextLength)
    }
  }
}
