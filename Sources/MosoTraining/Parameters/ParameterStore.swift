package import MosoTensor

/// The numbers of all parameters of a model, or of some in a row, one after another: values, slopes, or what an optimiser keeps.
///
/// One stretch of memory, so that clipping, optimisers, checkpoints and machines that share the work see one row of numbers.
public final class ParameterStore: @unchecked Sendable {
  package let numbers: Matrix
  /// Where the numbers begin among those of all parameters.
  package let start: Int

  /// - Parameters:
  ///   - count: How many numbers there are; all begin as zeros.
  ///   - start: Where they begin among those of all parameters.
  package init(count: Int, from start: Int = 0, on compute: TrainingCompute) {
    numbers = compute.zeros(rows: 1, columns: count)
    self.start = start
  }

  /// The numbers of some parameters in a row.
  package convenience init(_ parameters: ArraySlice<TrainingParameter>, on compute: TrainingCompute) {
    let start = parameters.first?.offset ?? 0
    let end = parameters.last.map { $0.offset + $0.count } ?? start
    self.init(count: end - start, from: start, on: compute)
  }

  /// A parameter's values, rows × columns, in this memory.
  package func values(of parameter: TrainingParameter) -> Matrix {
    numbers.part(from: parameter.offset - start, rows: parameter.rows, columns: parameter.columns)
  }

  /// A parameter's slopes, in this memory.
  package func slopes(of parameter: TrainingParameter) -> Matrix {
    numbers.part(from: parameter.slopeOffset - start, rows: parameter.rows, columns: parameter.columns)
  }
}
