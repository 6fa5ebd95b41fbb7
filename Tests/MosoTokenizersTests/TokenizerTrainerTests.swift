import MosoFormats
import MosoTokenizers
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Learning a tokenizer") struct TokenizerTrainerTests {
  let golden: Golden

  init() throws { golden = try Golden.shared.get() }

  @Test("gives the merges of Hugging Face's trainer", arguments: PreTokenizer.allCases)
  func merges(_ preTokenizer: PreTokenizer) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/trained.json").path
    let expected = try #require(try JSONValue(contentsOf: path)[preTokenizer.rawValue])
    var trainer = TokenizerTrainer(preTokenizer)
    for text in golden.texts { trainer.add(utf8: text) }
    let model = try #require(try JSONValue(parsing: trainer.train(vocabularySize: 1_200).json)["model"])
    let vocabulary = try #require(model["vocab"]?.objectValue), merges = try #require(model["merges"]?.arrayValue)
    #expect(vocabulary.count == expected["size"]?.integerValue)
    #expect(Array(merges.prefix(8)) == expected["first"]?.arrayValue)
    let ids = merges.flatMap { $0.arrayValue ?? [] }.compactMap {
      $0.stringValue.flatMap { vocabulary[$0]?.integerValue }.map(Int32.init)
    }
    #expect(ids.count == 2 * merges.count && Golden.fingerprint(ids) == expected["merges"]?.integerValue)
  }

  @Test("does not depend on how texts are shared out", arguments: [PreTokenizer.gpt2, .deepseek3])
  func parts(_ preTokenizer: PreTokenizer) throws {
    var whole = TokenizerTrainer(preTokenizer), sum = TokenizerTrainer(preTokenizer)
    var parts = [TokenizerTrainer](repeating: TokenizerTrainer(preTokenizer), count: 3)
    for (index, text) in golden.texts.enumerated() {
      whole.add(utf8: text)
      parts[index * 7 % 3].add(utf8: text)
    }
    for part in parts.reversed() { sum.add(part) }
    #expect(sum.byteCount == whole.byteCount)
    #expect(sum.train(vocabularySize: 900).json == whole.train(vocabularySize: 900).json)
  }

  @Test("gives a tokenizer that reads any text and begins it with the separator", arguments: PreTokenizer.allCases)
  func roundTrip(_ preTokenizer: PreTokenizer) throws {
    var trainer = TokenizerTrainer(preTokenizer)
    for text in golden.texts.prefix(50) { trainer.add(utf8: text) }
    let trained = trainer.train(vocabularySize: 600)
    let tokenizer = try Tokenizer(json: trained.json, configuration: trained.configuration)
    #expect(tokenizer.vocabularySize == trained.vocabularySize && tokenizer.warnings.isEmpty)
    #expect(tokenizer.beginningOfSequence == 0 && tokenizer.addsBeginningOfSequence)
    #expect(tokenizer.endOfGeneration.contains(0))
    for text in golden.texts.suffix(50).map({ String(decoding: $0, as: UTF8.self) }) {
      // Qwen's tokenizers compose what they read.
      let composes = preTokenizer == .qwen2 || preTokenizer == .qwen35
      guard !composes || text.utf8.allSatisfy({ $0 < 0x80 }) else { continue }
      #expect(tokenizer.decode(tokenizer.encode(text)).utf8.elementsEqual(text.utf8))
    }
    let text = "Ada walks to the kitchen. <|endoftext|>"
    #expect(!tokenizer.encode(text).contains(0))
  }

  @Test("stops where nothing repeats itself")
  func small() throws {
    var trainer = TokenizerTrainer(.gpt2)
    trainer.add(utf8: Array("abc abd".utf8))
    #expect(trainer.train(vocabularySize: 500).vocabularySize == 260)
    trainer.add(utf8: Array(" abd".utf8))
    #expect(trainer.train(vocabularySize: 500).vocabularySize == 262)
    #expect(TokenizerTrainer(.gpt2).train(vocabularySize: 500).vocabularySize == 259)
  }
}
