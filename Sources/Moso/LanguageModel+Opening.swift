public import MosoEngine
public import MosoHub
public import MosoTensor

extension LanguageModel {
  /// Opens the model that `reference` names, and fetches it first where it is not on this machine.
  ///
  /// ```swift
  /// let model = try await LanguageModel.open("smollm2")
  /// ```
  ///
  /// - Parameters:
  ///   - reference: `smollm2`, `hf:owner/name[:file-or-quantisation]`, or the path of a GGUF file or a model folder.
  ///   - store: Where fetched models are kept.
  ///   - pool: The threads that repack the weights.
  ///   - progress: Called while files are fetched, about ten times a second, from any thread.
  /// - Throws: An error whose description is one sentence that says what to do.
  public static func open(
    _ reference: String = "smollm2", store: ModelStore = .default, pool: ThreadPool = ThreadPool(),
    progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> LanguageModel {
    if let local = try store.resolve(reference) {
      return try LanguageModel(local, pool: pool)
    }
    return try LanguageModel(try await store.pull(reference, progress: progress), pool: pool)
  }

  /// Loads a model whose files are on this machine.
  public convenience init(_ local: LocalModel, pool: ThreadPool = ThreadPool()) throws {
    switch local.kind {
    case .gguf: try self.init(gguf: local.path, on: pool)
    case .safetensors: try self.init(gguf: local.folder, on: pool)
    }
  }
}
