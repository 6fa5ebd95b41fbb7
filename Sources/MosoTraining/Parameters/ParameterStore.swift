package import MosoTensor

/// The numbers of all parameters of a model, one after another: values, slopes, or what an optimiser keeps.
///
/// One stretch of memory, so that clipping, optimisers, checkpoints and machines that share the work see one row of numbers.
public final class ParameterStore: @unchecked Sendable {
  package let numbers: Matrix

  /// - Parameter count: How many numbers there are; all begin as zeros.
  package init(count: Int, on compute: TrainingCompute) {
    numbers = compute.zeros(rows: 1, columns: count)
  }

  /// A parameter's values, rows × columns, in this memory.
  package func values(of parameter: TrainingParameter) -> Matrix {
    numbers.part(from: parameter.offset, rows: parameter.rows, columns: parameter.columns)
  }

  /// A parameter's slopes, in this memory.
  package func slopes(of parameter: TrainingParameter) -> Matrix {
    numbers.part(from: parameter.slopeOffset, rows: parameter.rows, columns: parameter.columns)
  }
}
