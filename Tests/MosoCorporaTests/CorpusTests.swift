import MosoCorpora
import MosoFormats
import MosoTensor
import MosoTokenizers
import MosoWorlds
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder that is removed with its last user.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "moso-corpus-\(UInt64.random(in: 0 ... .max))").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a folder in it.
  func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    return "\(path)/\(name)"
  }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}

@Suite("A corpus") struct CorpusTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  static let stories = CorpusSource.stories(seed: 3, people: 100, count: 400)

  func recipe(_ sources: [CorpusSource] = [stories]) -> CorpusRecipe {
    var recipe = CorpusRecipe(
      sources.map { CorpusRecipe.Source($0) }, tokenizer: .trained(.gpt2, vocabularySize: 400, bytes: 100_000))
    recipe.validationShare = 0.1
    return recipe
  }

  func build(_ recipe: CorpusRecipe, _ name: String = "corpus", threads: Int = 2) throws -> TokenCorpus {
    try CorpusBuilder(recipe, folder: try temporary.folder(name), pool: ThreadPool(threads: threads)).build()
  }

  @Test("holds every document as it was, in one of its parts")
  func whole() throws {
    let corpus = try build(recipe())
    let tokenizer = try Tokenizer(json: Array(try Data(contentsOf: URL(filePath: "\(corpus.folder)/tokenizer.json"))))
    let world = StoryWorld(lore: StoryLore(people: 100), seed: 3)
    var texts = Set((0..<400).map { world.story($0).text })
    let bytes = texts.reduce(0) { $0 + $1.utf8.count }
    for part in CorpusManifest.Part.allCases {
      let documents = corpus.documents(of: part, source: 0)
      #expect(documents.count > 20)
      for document in 0..<documents.count {
        let tokens = documents.tokens(of: document, 0..<documents.tokenCount(of: document))
        let text = tokenizer.decode(tokens)
        #expect(texts.remove(text) != nil)
        #expect(documents.byteCount(of: document) == text.utf8.count)
        #expect(documents.surprisal(of: document) ?? 0 > 30)
      }
    }
    #expect(texts.isEmpty)
    let counts = CorpusManifest.Part.allCases.map { corpus.manifest.counts(of: $0) }
    #expect(counts.reduce(0) { $0 + $1.bytes } == bytes && counts.reduce(0) { $0 + $1.documents } == 400)
    let expected = (0..<400).reduce(0.0) { $0 + world.story($1).surprisal }
    #expect(abs(counts.reduce(0) { $0 + ($1.surprisal ?? 0) } - expected) < 1e-6)
  }

  @Test("is the same files whatever the threads")
  func threads() throws {
    var recipe = recipe()
    recipe.shardTokens = 10_000
    let one = try build(recipe, "one", threads: 1), three = try build(recipe, "three", threads: 3)
    #expect(one.digest == three.digest && one.manifest.shards.count > 4)
    _ = try TokenCorpus(folder: one.folder)
  }

  @Test("has no document twice and none with a canary")
  func filters() throws {
    let folder = try temporary.folder("texts")
    for number in 0..<60 {
      let text =
        "Document \(number % 20) says the same again, and again.\n" + (number == 7 ? "canary GUID 26b5c67b" : "")
      _ = try temporary.write(text, to: "texts/\(number).txt")
    }
    _ = try temporary.write("", to: "texts/empty.md")
    var recipe = recipe([.files([folder], field: "text")])
    recipe.canaries = ["GUID 26b5", "never there"]
    recipe.validationShare = 0.3
    let manifest = try build(recipe).manifest
    let source = try #require(manifest.sources.first)
    #expect(source.canaries == 1 && source.duplicates == 39)
    #expect(manifest.counts(of: .training).documents + manifest.counts(of: .validation).documents == 20)
    recipe.removesDuplicates = false
    #expect(try build(recipe, "again").manifest.sources[0].duplicates == 0)
  }

  @Test("that was damaged is not read")
  func damage() throws {
    let corpus = try build(recipe())
    let path = "\(corpus.folder)/\(corpus.manifest.shards[0].file)"
    let good = try Data(contentsOf: URL(filePath: path))
    func message(_ bytes: Data) throws -> String {
      try bytes.write(to: URL(filePath: path))
      do throws(CorpusError) {
        _ = try TokenCorpus(folder: corpus.folder)
        return "nothing"
      } catch {
        return error.description
      }
    }
    #expect(try message(good) == "nothing")
    var changed = good
    changed[100] ^= 1
    #expect(try message(changed).contains("other bytes than were written"))
    #expect(try message(good.prefix(good.count - 8)).contains("an end that is not a shard's"))
    #expect(try message(good.prefix(10)).contains("a file of 10 bytes"))
    // Whatever is in the table and the numbers behind it, there is a sentence and no crash.
    for offset in stride(from: good.count - 1, to: max(good.count - 3_000, 0), by: -7) {
      var changed = good
      changed[offset] ^= 0xFF
      #expect(try message(changed).contains(path))
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: CorpusError.self) { try TokenCorpus(folder: corpus.folder) }
  }

  @Test("of nothing, or of nothing for validation, is a sentence")
  func nothing() throws {
    func message(_ recipe: CorpusRecipe) throws -> String {
      do {
        _ = try build(recipe, "\(UInt64.random(in: 0 ... .max))")
        return "nothing"
      } catch let error as CorpusError {
        return error.description
      }
    }
    #expect(try message(recipe([.files(["/nowhere/text"], field: "text")])).contains("/nowhere/text does not exist"))
    let empty = try temporary.folder("empty")
    #expect(try message(recipe([.files([empty], field: "text")])).contains("found no text, where files of text"))
    let one = try temporary.write("Only one text, and no other.", to: "one.txt")
    #expect(try message(recipe([.files([one], field: "text")])).contains("none of which is for"))
    var tiny = recipe()
    tiny.tokenizer = .trained(.gpt2, vocabularySize: 100, bytes: 1_000)
    #expect(try message(tiny).contains("found 100, where 259 or more was expected"))
    tiny.tokenizer = .file("/nowhere/tokenizer.json")
    #expect(try message(tiny).contains("/nowhere/tokenizer.json does not exist"))
  }
}
