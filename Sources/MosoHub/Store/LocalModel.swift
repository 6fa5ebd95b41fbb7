/// A model whose files are all on this machine.
public struct LocalModel: Sendable, Hashable {
  /// How the weights are stored.
  public enum Kind: String, Sendable, Hashable {
    /// One GGUF file, or the parts of a split one; it holds the tokenizer and the template too.
    case gguf
    /// safetensors files beside `config.json` and `tokenizer.json`.
    case safetensors
  }

  /// What to call it: the reference it was pulled as, or its path.
  public let name: String
  /// Which reader the weights need.
  public let kind: Kind
  /// The folder that holds the weights and, for safetensors, the configuration and the tokenizer.
  public let folder: String
  /// The files of weights in order, as paths; never empty.
  public let weights: [String]
  /// What the store noted about it, for a model of the store.
  public let record: ModelRecord?

  /// A model whose files are known to be there.
  public init(name: String, kind: Kind, folder: String, weights: [String], record: ModelRecord? = nil) {
    precondition(!weights.isEmpty, "a model without weights")
    self.name = name
    self.kind = kind
    self.folder = folder
    self.weights = weights
    self.record = record
  }

  /// The file to open first: the GGUF file or its first part, or the first safetensors file.
  public var path: String { weights[0] }
}
