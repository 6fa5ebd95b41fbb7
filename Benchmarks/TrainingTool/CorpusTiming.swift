import MosoCorpora
import MosoFormats
import MosoTensor
import MosoTokenizers
import MosoWorlds

/// What `moso train` does before the first step: a tokenizer is learned, and a corpus cut into tokens.
enum CorpusTiming {
  /// Writes the first stories of the world, each a line of JSON, until their texts have so many bytes.
  static func writeStories(to path: String, bytes limit: Int) throws -> JSONObject {
    let world = StoryWorld()
    let file = try AtomicFile(path: path)
    var stories = 0, bytes = 0
    while bytes < limit {
      let text = world.story(stories).text
      let line: JSONValue = ["text": .string(text)]
      try file.append(line.serializedBytes() + [UInt8(ascii: "\n")])
      stories += 1
      bytes += text.utf8.count
    }
    try file.complete()
    try file.publish()
    return ["documents": .integer(stories), "bytes": .integer(bytes)]
  }

  /// Times learning a tokenizer from all texts of a file, reading included, and writes its `tokenizer.json`.
  static func learnTokenizer(
    from path: String, splits: String, vocabularySize: Int, threads: Int, to result: String
  ) throws -> JSONObject {
    guard let preTokenizer = PreTokenizer(rawValue: splits) else {
      let known = PreTokenizer.allCases.map(\.rawValue).joined(separator: ", ")
      throw CorpusError.unusable(
        place: "the way of cutting", found: splits, expected: "one of \(known)", hint: "choose one of them")
    }
    let choice = CorpusRecipe.TokenizerChoice.trained(preTokenizer, vocabularySize: vocabularySize, bytes: .max)
    let recipe = CorpusRecipe([CorpusRecipe.Source(.files([path], field: "text"))], tokenizer: choice)
    var bytes = 0
    // Nothing is written there: only standard input is kept in the corpus' folder.
    let builder = CorpusBuilder(recipe, folder: ".", pool: ThreadPool(threads: threads)) { progress in
      if case .counting(let count) = progress { bytes = count }
    }
    var json: [UInt8] = []
    var size = 0
    let time = try ContinuousClock().measure {
      let trained = try builder.train(preTokenizer, vocabularySize: vocabularySize, bytes: .max)
      json = trained.json
      size = trained.vocabularySize
    }
    let file = try AtomicFile(path: result)
    try file.append(json)
    try file.complete()
    try file.publish()
    return ["seconds": .number(time / .seconds(1)), "bytes": .integer(bytes), "vocabulary": .integer(size)]
  }

  /// Times making a corpus of the texts of a file: reading, looking for texts that were there already, cutting, writing.
  ///
  /// - Parameter folder: Where the corpus goes; it is there already.
  static func prepare(_ path: String, tokenizer: String, folder: String, threads: Int) throws -> JSONObject {
    let recipe = CorpusRecipe([CorpusRecipe.Source(.files([path], field: "text"))], tokenizer: .file(tokenizer))
    var documents = 0, bytes = 0
    let builder = CorpusBuilder(recipe, folder: folder, pool: ThreadPool(threads: threads)) { progress in
      if case .tokenizing(let documentCount, let byteCount) = progress {
        documents = documentCount
        bytes = byteCount
      }
    }
    var tokens = 0
    let time = try ContinuousClock().measure {
      let manifest = try builder.build().manifest
      tokens = CorpusManifest.Part.allCases.reduce(0) { $0 + manifest.counts(of: $1).tokens }
    }
    return [
      "seconds": .number(time / .seconds(1)), "documents": .integer(documents), "bytes": .integer(bytes),
      "tokens": .integer(tokens),
    ]
  }
}
