import MosoCheckpoints
import MosoConstraints
import MosoEngine
import MosoFormats
import MosoInference
import MosoTemplates
import MosoTokenizers

/// Why files of a model were refused, where readers of several kinds work together.
struct FuzzRefusal: Error, CustomStringConvertible {
  let description: String

  init(description: String) {
    self.description = description
  }

  /// - Precondition: `error` is of a type that readers of models may throw; any other is a mistake in them.
  init(_ error: any Error) {
    precondition(
      error is FormatError || error is JSONError || error is ConfigurationError || error is TensorTableError
        || error is TokenizerError || error is TemplateError || error is VocabularyMismatch
        || error is WeightMemoryError || error is KeyValueCache.Failure || error is GrammarError
        || error is FuzzRefusal,
      "an error of the type \(type(of: error))")
    description = "\(error)"
  }
}
