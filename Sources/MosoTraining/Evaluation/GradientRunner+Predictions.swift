package import MosoCorpora
import MosoModel
import MosoTensor

extension GradientRunner {
  /// The token that the model finds likeliest after each token of each sequence.
  package func predictions(_ sequences: [TrainingSequence]) -> [[Int32]] {
    sequences.map { sequence in
      let batch = TrainingBatch([sequence])
      let tape = Tape(values: model.values, slopes: model.values, records: false, on: model.compute)
      var ops = TapeOps(
        batch: batch.batch, ends: batch.ends, architecture: model.architecture, frequencies: frequencies, tape: tape)
      let hidden = model.transformer.recordedHiddenStates(on: &ops, recomputes: false)
      let head = model.transformer.head
      let weights = model.values.values(of: head.weight)
      let scores = model.compute.matrix(rows: hidden.numbers.rows, columns: weights.rows)
      model.compute.multiply(hidden.numbers, weights, into: scores)
      let bias = head.bias.map { model.values.values(of: $0).floats }
      return (0..<scores.rows).map { row in
        var best: Int32 = 0
        var most = -Float.infinity
        for (token, score) in scores.rows(row..<row + 1).floats.enumerated() {
          let score = score + (bias?[token] ?? 0)
          if score > most { (best, most) = (Int32(token), score) }
        }
        return best
      }
    }
  }
}
