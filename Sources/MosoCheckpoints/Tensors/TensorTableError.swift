/// Why a file's tensors are not those of its architecture.
public enum TensorTableError: Error, Hashable, Sendable {
  /// None of the names that the role goes by is in the file.
  case missing(role: TensorRole, names: [String])
  /// The tensor's shape, outermost dimension first, is not what the metadata make it.
  case shape(name: String, role: TensorRole, found: [Int], expected: [Int])
  /// The architecture has no place for these tensors.
  case unexpected(names: [String])
  /// What is wrong with the tensors of the file at `path`; of several files, the first.
  indirect case inFile(path: String, TensorTableError)
}

extension TensorTableError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let role, let names):
      "the file has no tensor for the \(role), expected \(names.joined(separator: " or ")); "
        + "it is incomplete or belongs to another architecture"
    case .shape(let name, let role, let found, let expected):
      "tensor \(name) (\(role)) has the shape \(found), expected \(expected); "
        + "the weights and the configuration are of different models"
    case .unexpected(let names):
      "the architecture has no place for \(Self.list(names)); the file belongs to another architecture"
    case .inFile(let path, let error): "\(path): \(error)"
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).map { ConfigurationFields.describe($0) }.joined(separator: ", ")
    return switch names.count {
    case 1: "tensor \(shown)"
    case 2...3: "tensors \(shown)"
    default: "tensors \(shown) and \(names.count - 3) more"
    }
  }
}
