/// Why no model could be picked out of a list of files.
public enum FileSelectionError: Error, Hashable, Sendable {
  /// No file holds weights that can be read.
  case noWeights(found: [String])
  /// There are weights, but nothing says their shape.
  case missingConfiguration
  /// There are weights, but nothing says how text becomes tokens.
  case missingTokenizer
  /// The weights are split and a part is not there.
  case missingPart(String)
  /// The file that was named is not there.
  case noSuchFile(String, offered: [String])
  /// No file is quantised as was asked for.
  case noSuchQuantisation(String, offered: [String])
  /// Several files fit equally well.
  case ambiguous(wanted: String, files: [String])
  /// A name would lead out of the model's folder or cannot be stored.
  case unsafeName(String)
}

extension FileSelectionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noWeights(let found) where found.isEmpty:
      "it is empty; name a folder with safetensors weights and their config.json, or with a GGUF file"
    case .noWeights(let found):
      "it holds no safetensors or GGUF weights, only \(Self.list(found)); look for a GGUF or safetensors version of it"
    case .missingConfiguration:
      "it holds safetensors weights but no config.json, without which their shape is unknown; "
        + "name a repository of a transformers model"
    case .missingTokenizer:
      "it holds safetensors weights but no tokenizer.json, from which the tokenizer is read; "
        + "name a repository that has one, or one with a GGUF file of the model"
    case .missingPart(let name):
      "the weights are split, and the part \(name.printable()) is missing"
    case .noSuchFile(let name, let offered):
      "it holds no file \(name.printable()), only \(Self.list(offered))"
    case .noSuchQuantisation(let name, let offered):
      "it holds no GGUF file quantised as \(name.printable()), only \(Self.list(offered))"
    case .ambiguous(let wanted, let files):
      "several files could be \(wanted.printable()); name one after a colon: \(Self.list(files))"
    case .unsafeName(let name):
      "it names a file \"\(name.printable())\", which could not be kept safely inside the model's folder"
    }
  }

  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "no files" }
    let shown = names.prefix(12).map { $0.printable(limit: 80) }.joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}
