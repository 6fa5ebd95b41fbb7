public import MosoTensor

/// Why a model cannot be written as a GGUF file; what is wrong with the files it is read from has errors of its own.
public enum ExportError: Error, Hashable, Sendable {
  /// GGUF files of the family have no place for something that the model does.
  case inexpressible(origin: String, property: String, family: String)
  /// A value cannot be quantised: it is infinite, not a number, or too large.
  case unquantizable(tensor: String, value: Float, elementType: ElementType)
  /// The source has lost precision already.
  case alreadyQuantized(path: String, tensor: String, elementType: ElementType)
  /// The file to be written is there already.
  case exists(path: String)
}

extension ExportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .inexpressible(let origin, let property, let family):
      "\(origin): \(property) has no place in GGUF files of the family \(family), so that other programs would run the "
        + "model wrongly; use the folder as it is"
    case .unquantizable(let tensor, let value, let elementType):
      "tensor \(tensor) holds \(value), expected finite values up to \(elementType.largestMagnitude), which is what "
        + "\(elementType) can hold; choose F32 or BF16, or a source that is not damaged"
    case .alreadyQuantized(let path, let tensor, let elementType):
      "\(path): tensor \(tensor) is \(elementType), expected F32, F16 or BF16, as quantising twice adds one error to "
        + "the other; start from the unquantised model, or allow it"
    case .exists(let path): "\(path) exists already, expected nothing there; name another file, or allow replacing it"
    }
  }
}
