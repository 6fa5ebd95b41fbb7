public import MosoCheckpoints

/// A parameter of a model in training: where its numbers lie among those of all parameters.
public struct TrainingParameter: Sendable, Hashable {
  /// What it is for.
  public var role: TensorRole
  /// The number of outputs of a projection or rows of a table; 1 for a gain or bias.
  public var rows: Int
  /// The number of inputs, or the length of a gain or bias.
  public var columns: Int
  /// Where its values begin in `ParameterStore`, counted in numbers.
  var offset: Int
  /// Where its slopes begin. A table that is also the head has slopes in two places, one for each use: otherwise the order
  /// in which both add to one place would depend on how a batch is cut into parts.
  var slopeOffset: Int

  /// How many numbers it has.
  public var count: Int { rows * columns }

  /// Whether this is the same parameter, used a second time.
  public func isSecondUse(of other: TrainingParameter) -> Bool {
    offset == other.offset && slopeOffset != other.slopeOffset
  }
}

/// Gives parameters their places: each begins at a multiple of 64 bytes of floats, in the order in which they are added.
public struct ParameterLayout: Sendable, Hashable {
  /// All parameters in their order, each once.
  public private(set) var parameters: [TrainingParameter] = []
  /// Parameters that are used twice, as their second use: the same values with slopes in a second place.
  public private(set) var secondUses: [TrainingParameter] = []

  /// The numbers of all values, with what lies between parameters.
  public private(set) var valueCount = 0
  /// The numbers of all slopes.
  public private(set) var slopeCount = 0

  /// A layout without parameters.
  public init() {}

  /// Gives a place to a parameter of `rows` by `columns` numbers.
  public mutating func add(_ role: TensorRole, rows: Int, columns: Int) -> TrainingParameter {
    precondition(secondUses.isEmpty, "all parameters before their second uses")
    let parameter = TrainingParameter(
      role: role, rows: rows, columns: columns, offset: valueCount, slopeOffset: slopeCount)
    valueCount += Self.rounded(parameter.count)
    slopeCount = valueCount
    parameters.append(parameter)
    return parameter
  }

  /// The same values with slopes of their own.
  public mutating func addSecondUse(of parameter: TrainingParameter) -> TrainingParameter {
    var use = parameter
    use.slopeOffset = slopeCount
    slopeCount += Self.rounded(parameter.count)
    secondUses.append(use)
    return use
  }

  private static func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
