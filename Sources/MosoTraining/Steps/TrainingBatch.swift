import MosoCorpora
import MosoModel

/// Sequences as one batch of a forward pass.
struct TrainingBatch {
  var batch = Batch()
  /// Where sequences end.
  var ends: [Int] = []
  var targets: [Int32] = []

  init(_ sequences: some Sequence<TrainingSequence>) {
    var document = 0
    for sequence in sequences {
      for (index, start) in sequence.starts.enumerated() {
        let end = index + 1 < sequence.starts.count ? sequence.starts[index + 1] : sequence.tokens.count
        batch.append(sequence.tokens[start..<end], to: document, at: 0, outputs: [])
        document += 1
      }
      ends.append(batch.count)
      targets += sequence.targets
    }
  }
}
