import MosoCorpora
import MosoFormats
import MosoTensor
import MosoTokenizers
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Files as a corpus") struct FileDocumentTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  @Test("of several kinds, in folders of folders, give all their documents")
  func kinds() throws {
    _ = try temporary.folder("texts/inner")
    _ = try temporary.write("A plain text in a folder.", to: "texts/b.txt")
    _ = try temporary.write("# A page\n\nWith a heading.", to: "texts/inner/a.md")
    _ = try temporary.write("not a text at all", to: "texts/program.o")
    let lines = (0..<40).map { "{\"body\": \"Line \($0) of many.\", \"n\": \($0)}\n" }.joined()
    let records = try temporary.write(lines, to: "records.jsonl")
    var recipe = CorpusRecipe(
      [
        CorpusRecipe.Source(.files(["\(temporary.path)/texts"], field: "text"), part: .training),
        CorpusRecipe.Source(.files([records], field: "body"), weight: 2),
      ], tokenizer: .trained(.llama3, vocabularySize: 300, bytes: 10_000))
    recipe.validationShare = 0.3
    let corpus = try CorpusBuilder(
      recipe, folder: try temporary.folder("corpus"), pool: ThreadPool(threads: 2)
    ).build()
    #expect(corpus.manifest.sources[0].parts[.training]?.documents == 2)
    #expect(corpus.manifest.sources[0].parts[.validation] == nil)
    #expect(corpus.manifest.sources[1].parts.values.reduce(0) { $0 + $1.documents } == 40)
    let tokenizer = try Tokenizer(json: Array(try Data(contentsOf: URL(filePath: "\(corpus.folder)/tokenizer.json"))))
    let documents = corpus.documents(of: .training, source: 0)
    let texts = (0..<2).map { tokenizer.decode(documents.tokens(of: $0, 0..<documents.tokenCount(of: $0))) }
    #expect(texts == ["A plain text in a folder.", "# A page\n\nWith a heading."])
  }

  @Test("that are damaged are named with the line")
  func damaged() throws {
    let path = try temporary.write("{\"text\": \"one\"}\n{\"text\": two}\n", to: "broken.jsonl")
    let recipe = CorpusRecipe(
      [CorpusRecipe.Source(.files([path], field: "text"))],
      tokenizer: .trained(.gpt2, vocabularySize: 300, bytes: 10_000))
    let builder = CorpusBuilder(recipe, folder: temporary.path, pool: ThreadPool(threads: 1))
    do {
      _ = try builder.build()
      Issue.record("a damaged line was read")
    } catch {
      #expect(error.description.contains("broken.jsonl") && error.description.contains("2"), "\(error)")
    }
    let empty = try temporary.folder("empty")
    #expect(throws: CorpusError.self) {
      _ = try CorpusBuilder(
        CorpusRecipe([CorpusRecipe.Source(.files([empty], field: "text"))], tokenizer: recipe.tokenizer),
        folder: temporary.path, pool: ThreadPool(threads: 1)
      ).build()
    }
  }
}
