package import MosoCorpora
import MosoTensor
import MosoTokenizers
import MosoWorlds

/// Examines a model in training: its loss on documents of validation, its answers to questions, and what it writes.
package struct Examiner {
  private let evaluator: Evaluator
  private let questions: StoryQuestions?
  private let writer: SampleWriter?

  /// What there is to examine a model with that learns from a corpus.
  package init(_ recipe: TrainingRecipe, corpus: TokenCorpus, length: Int, seed: UInt64) throws(TrainingError) {
    evaluator = Evaluator(corpus, documents: recipe.watch.evaluationDocuments, length: length)
    let tokenizer = try TrainingError.preparing { () throws(CorpusError) in try corpus.tokenizer() }
    let start = corpus.manifest.documentStart
    let people = recipe.corpus.sources.lazy.compactMap { source -> Int? in
      if case .stories(_, let people, _) = source.source { people } else { nil }
    }.first
    questions =
      if let tokenizer, let people, recipe.watch.questionStories > 0 {
        StoryQuestions(
          StoryQuestions.unseenWorld(people: people), count: recipe.watch.questionStories, tokenizer: tokenizer,
          start: start, length: length)
      } else {
        nil
      }
    writer =
      if let tokenizer, recipe.watch.samples > 0 {
        SampleWriter(tokenizer, start: start, length: min(length, 256), count: recipe.watch.samples, seed: seed)
      } else {
        nil
      }
  }

  /// The model's loss and its answers.
  package func evaluate(_ runner: GradientRunner) -> Evaluation {
    var evaluation = evaluator.evaluate(runner)
    // Where no story fits into a sequence, nothing is asked.
    let score = questions?.score(runner)
    evaluation.questions = score?.asked == 0 ? nil : score
    return evaluation
  }

  /// What a model writes after a step; nothing where documents are no texts.
  package func samples(of model: TrainingModel, step: Int) -> [String] {
    writer?.samples(of: model, step: step) ?? []
  }
}
