package import MosoModel

extension Transformer<TrainingParameter> {
  /// The final-norm hidden states of every row, on a tape.
  ///
  /// - Parameter recomputes: Whether layers keep only their inputs for the way back and are run again there.
  package func recordedHiddenStates(on ops: inout TapeOps, recomputes: Bool) -> TapeValue {
    guard recomputes else { return hiddenStates(on: &ops, everyRow: true) }
    var residual = embeddings(on: &ops)
    for index in blocks.indices {
      residual = ops.recomputing(residual) { ops, input in self.layer(index, input, on: &ops) }
    }
    return normalized(residual, on: &ops)
  }
}
