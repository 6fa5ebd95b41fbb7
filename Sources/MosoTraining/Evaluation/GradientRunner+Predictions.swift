package import MosoCorpora
import MosoModel
import MosoTensor

extension GradientRunner {
  /// The token that the model finds likeliest after each token of each sequence.
  package func predictions(_ sequences: [TrainingSequence]) -> [[Int32]] {
    sequences.map { sequence in
      let scores = scores(hiddenStates(of: sequence))
      return (0..<scores.rows).map { row in
        var best: Int32 = 0
        var most = -Float.infinity
        for (token, score) in scores.rows(row..<row + 1).floats.enumerated() where score > most {
          (best, most) = (Int32(token), score)
        }
        return best
      }
    }
  }

  /// What the model computes of a sequence: the final hidden states, and the scores of all tokens after each.
  package func outputs(_ sequence: TrainingSequence) -> (hidden: [Double], scores: [Double]) {
    let hidden = hiddenStates(of: sequence)
    return (hidden.values, scores(hidden).values)
  }

  private func hiddenStates(of sequence: TrainingSequence) -> Matrix {
    let batch = TrainingBatch([sequence])
    let tape = Tape(values: model.values, slopes: model.values, records: false, on: model.compute)
    var ops = TapeOps(
      batch: batch.batch, ends: batch.ends, architecture: model.architecture, frequencies: frequencies, tape: tape)
    return model.transformer.recordedHiddenStates(on: &ops, recomputes: false).numbers
  }

  private func scores(_ hidden: Matrix) -> Matrix {
    let head = model.transformer.head
    let weights = model.values.values(of: head.weight)
    let scores = model.compute.matrix(rows: hidden.rows, columns: weights.rows)
    if let bias = head.bias { model.compute.fill(scores, with: model.values.values(of: bias)) }
    model.compute.multiply(hidden, weights, into: scores, adds: head.bias != nil)
    return scores
  }
}
