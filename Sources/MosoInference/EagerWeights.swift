public import MosoTensor

/// A parameter as the eager interpreter keeps it: a packed matrix, or a vector of floats.
public enum EagerWeight: Sendable {
  /// The weights of a projection, outputs × inputs, or a table of embeddings.
  case matrix(PackedMatrix)
  /// The gain of a norm, or a bias.
  case vector(PackedVector)
}

extension EagerWeight {
  /// The weight as a matrix.
  ///
  /// - Precondition: It is one. Loading decides by a tensor's role, so a vector here is our own mistake.
  var matrix: PackedMatrix {
    guard case .matrix(let matrix) = self else { preconditionFailure("a vector where a matrix belongs") }
    return matrix
  }

  /// The weight as a vector.
  ///
  /// - Precondition: It is one.
  var vector: PackedVector {
    guard case .vector(let vector) = self else { preconditionFailure("a matrix where a vector belongs") }
    return vector
  }

  /// The bytes of memory the weight takes.
  public var byteCount: Int {
    switch self {
    case .matrix(let matrix): matrix.byteCount
    case .vector(let vector): vector.count * 4
    }
  }
}
