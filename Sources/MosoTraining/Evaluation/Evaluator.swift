package import MosoCorpora

/// Reads documents of validation with a model, each on its own.
package struct Evaluator {
  private let sequences: [TrainingSequence]
  private let ends: [Evaluation]

  /// The first documents of validation of each source, in equal parts.
  ///
  /// - Parameters:
  ///   - count: How many documents there are, at most.
  ///   - length: The most tokens of a sequence; longer documents are cut.
  package init(_ corpus: TokenCorpus, documents count: Int, length: Int) {
    let manifest = corpus.manifest
    let collections = manifest.sources.indices.map { corpus.documents(of: .validation, source: $0) }
    let withSome = collections.filter { $0.count > 0 }
    var sequences: [TrainingSequence] = [], ends: [Evaluation] = []
    for (index, collection) in withSome.enumerated() {
      let share = count / withSome.count + (index < count % withSome.count ? 1 : 0)
      for document in 0..<min(share, collection.count) {
        let tokens = collection.tokens(of: document, 0..<collection.tokenCount(of: document))
        var evaluation = Evaluation()
        evaluation.documents = 1
        evaluation.tokens = tokens.count + 1
        evaluation.bytes = collection.byteCount(of: document)
        evaluation.surprisal = collection.surprisal(of: document)
        let read = [manifest.documentStart] + tokens, wanted = tokens + [manifest.documentStart]
        for start in stride(from: 0, to: read.count, by: length) {
          let end = min(start + length, read.count)
          sequences.append(TrainingSequence(tokens: Array(read[start..<end]), targets: Array(wanted[start..<end])))
        }
        ends.append(evaluation)
      }
    }
    self.sequences = sequences
    self.ends = ends
  }

  /// How many tokens are predicted.
  package var tokenCount: Int { ends.reduce(0) { $0 + $1.tokens } }

  /// The losses of all documents together.
  package func evaluate(_ runner: GradientRunner) -> Evaluation {
    var sum = Evaluation()
    for end in ends {
      sum.documents += end.documents
      sum.tokens += end.tokens
      sum.bytes += end.bytes
      sum.surprisal = sum.surprisal.flatMap { all in end.surprisal.map { all + $0 } }
    }
    sum.nats = runner.losses(sequences).reduce(0, +)
    return sum
  }
}
