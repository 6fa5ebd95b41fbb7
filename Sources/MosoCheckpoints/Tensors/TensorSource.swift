/// Where a role's values lie in a file, and what must be done to them.
///
/// A file's tensor may hold several roles: the rows of queries, keys and values under each other, or all experts behind
/// each other. All of them are cases of one rule: take `shape[0]` rows from row `firstRow` on, once leading dimensions
/// are flattened and, where it says so, the matrix is transposed. Rows of quantised tensors are whole blocks, so that
/// taking rows never cuts a block.
public struct TensorSource: Sendable, Hashable {
  /// The tensor's name in the file.
  public var name: String
  /// The shape of the whole tensor in the file, outermost dimension first.
  public var fileShape: [Int]
  /// The shape of the role's values: outputs × inputs of a matrix, or the length of a gain or bias.
  public var shape: [Int]
  /// The first of the role's rows, for a gain or bias its first element.
  public var firstRow: Int
  /// Whether the file has inputs × outputs, as the one-dimensional convolutions of GPT-2 do.
  public var isTransposed: Bool
  /// What is added to each value: 1 for the norm gains of Gemma in safetensors, which GGUF files include already.
  public var addend: Float

  /// The rows of a tensor from `firstRow` on, neither transposed nor shifted unless told otherwise.
  public init(
    name: String, fileShape: [Int], shape: [Int], firstRow: Int = 0, isTransposed: Bool = false, addend: Float = 0
  ) {
    self.name = name
    self.fileShape = fileShape
    self.shape = shape
    self.firstRow = firstRow
    self.isTransposed = isTransposed
    self.addend = addend
  }

  /// The rows of the flattened (and, where it says so, transposed) tensor.
  public var rows: Range<Int> { firstRow..<firstRow + shape[0] }

  /// Whether the role is the whole tensor as it is, so that its bytes can be used where they are.
  public var isWhole: Bool { fileShape == shape && !isTransposed && addend == 0 }
}

/// A role that an architecture has, and the places where a file may keep it.
public struct TensorEntry: Sendable, Hashable {
  /// What the values are for.
  public var role: TensorRole
  /// In order of preference; the first is the one to write.
  public var candidates: [TensorSource]
  /// Whether a file without it is incomplete; biases are often optional.
  public var isRequired: Bool

  /// A role, and where to look for it, best place first.
  public init(role: TensorRole, candidates: [TensorSource], isRequired: Bool) {
    self.role = role
    self.candidates = candidates
    self.isRequired = isRequired
  }
}
