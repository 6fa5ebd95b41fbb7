import MosoCorpora
import MosoTensor
import MosoTokenizers
import Testing

@Suite("Drawing from a corpus") struct SamplerTests {
  let temporary: TemporaryFolder
  let corpus: TokenCorpus

  init() throws {
    temporary = try TemporaryFolder()
    var recipe = CorpusRecipe(
      [
        CorpusRecipe.Source(.stories(seed: 1, people: 50, count: 120), weight: 3),
        CorpusRecipe.Source(.stories(seed: 2, people: 50, count: 60), weight: 1),
        CorpusRecipe.Source(.stories(seed: 3, people: 50, count: 5), part: .validation),
      ], tokenizer: .trained(.gpt2, vocabularySize: 350, bytes: 50_000))
    recipe.validationShare = 0.05
    recipe.shardTokens = 9_000
    corpus = try CorpusBuilder(recipe, folder: temporary.path, pool: ThreadPool(threads: 2)).build()
  }

  /// What a sequence teaches: for each token that is predicted, the tokens before it that are seen.
  private func lessons(_ sequence: TrainingSequence) -> [(context: ArraySlice<Int32>, target: Int32)] {
    var start = 0
    return sequence.tokens.indices.map { index in
      if let next = sequence.starts.last(where: { $0 <= index }) { start = next }
      return (sequence.tokens[start...index], sequence.targets[index])
    }
  }

  @Test("meets every document once in an epoch", arguments: [100_000, 700, 90])
  func epoch(_ length: Int) {
    var sampler = CorpusSampler(corpus, length: length, seed: 9)
    var met: [[Int32]: Int] = [:]
    var document: [Int32] = []
    // Sequences of whole documents, or of their parts one after another.
    var sequences = 0
    while sampler.position.sources[0].epoch == 0 {
      let before = sampler.position.sources[0].drawn
      let sequence = sampler.next()
      guard sampler.position.sources[0].drawn > before else { continue }
      #expect(sequence.tokens.count <= length && sequence.tokens.count == sequence.targets.count)
      sequences += 1
      for target in sequence.targets {
        if target == corpus.manifest.documentStart {
          met[document, default: 0] += 1
          document = []
        } else {
          document.append(target)
        }
      }
    }
    let documents = corpus.documents(of: .training, source: 0)
    let all = (0..<documents.count).map { documents.tokens(of: $0, 0..<documents.tokenCount(of: $0)) }
    for text in all { #expect(met[text] ?? 0 >= 1) }
    #expect(met.count == documents.count && sequences > 0)
  }

  @Test("never lets one document see another")
  func documents() {
    var sampler = CorpusSampler(corpus, length: 2_000, seed: 4)
    var documents = 0
    for _ in 0..<20 {
      let sequence = sampler.next()
      documents += sequence.starts.count
      for (context, target) in lessons(sequence) {
        #expect(context.first == corpus.manifest.documentStart)
        #expect(!context.dropFirst().contains(corpus.manifest.documentStart))
        #expect(target >= 0)
      }
    }
    #expect(documents > 30)
  }

  @Test("gives sources their shares")
  func weights() {
    var sampler = CorpusSampler(corpus, length: 500, seed: 4)
    for _ in 0..<400 { _ = sampler.next() }
    let drawn = sampler.position.sources.map(\.drawn)
    #expect(abs(Double(drawn[0]) / Double(drawn[1]) - 3) < 0.05, "\(drawn)")
    #expect(drawn[2] == 0)
  }

  @Test("goes on where it stopped, and in another order with another seed or epoch")
  func goesOn() {
    var sampler = CorpusSampler(corpus, length: 300, seed: 4)
    for _ in 0..<77 { _ = sampler.next() }
    var other = CorpusSampler(corpus, length: 300, seed: 4, position: sampler.position)
    for _ in 0..<300 { #expect(sampler.next() == other.next()) }
    var reseeded = CorpusSampler(corpus, length: 300, seed: 5), again = CorpusSampler(corpus, length: 300, seed: 4)
    #expect((0..<9).map { _ in reseeded.next() } != (0..<9).map { _ in again.next() })
  }
}
