import CMosoKernels

/// What numbers training computes with.
public enum TrainingPrecision: String, Sendable, Hashable, CaseIterable {
  /// Floats.
  case single = "f32"
  /// Floats that are rounded to bfloat16 before matrices are multiplied; sums, weights and the optimiser stay floats.
  case mixed = "bf16"
  /// Doubles, slow: to check derivatives with.
  case double = "f64"

  var kernel: mk_precision {
    switch self {
    case .single: MK_SINGLE
    case .mixed: MK_MIXED
    case .double: MK_DOUBLE
    }
  }

  /// The bytes of one number in memory.
  public var numberBytes: Int { self == .double ? 8 : 4 }
}
