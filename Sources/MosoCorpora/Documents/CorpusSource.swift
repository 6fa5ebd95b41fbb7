import MosoWorlds

/// Where documents of a corpus come from.
public enum CorpusSource: Sendable, Hashable {
  /// Files and folders of text. In files of records, `field` names the one that holds the text.
  case files([String], field: String)
  /// The first `count` stories of a world.
  case stories(seed: UInt64, people: Int, count: Int)
  /// The first `count` recordings of a patch of retina.
  case recordings(seed: UInt64, scenes: Int, count: Int)

  /// The documents, from the first.
  ///
  /// - Parameter folder: That of the corpus, where standard input is kept.
  func documents(folder: String) throws(CorpusError) -> any DocumentStream {
    switch self {
    case .files(let paths, let field): try FileDocuments(paths, field: field, folder: folder)
    case .stories(let seed, let people, let count):
      WorldDocuments(StoryWorld(lore: StoryLore(people: people), seed: seed), count: count)
    case .recordings(let seed, let scenes, let count):
      WorldDocuments(RetinaWorld(patch: RetinaPatch(scenes: scenes), seed: seed), count: count)
    }
  }

  /// Whether some of it comes from standard input.
  var readsStandardInput: Bool {
    if case .files(let paths, _) = self { paths.contains(FileDocuments.standardInput) } else { false }
  }

  /// How many symbols there are, where documents need no tokenizer.
  var symbolCount: Int? {
    switch self {
    case .files, .stories: nil
    case .recordings(_, let scenes, _): RetinaPatch(scenes: scenes).wordCount
    }
  }

  /// What a person would call it.
  public var description: String {
    switch self {
    case .files(let paths, _): paths.joined(separator: ", ")
    case .stories(let seed, let people, let count): "storyworld, \(count) stories of seed \(seed), \(people) people"
    case .recordings(let seed, let scenes, let count):
      "retina, \(count) recordings of seed \(seed), \(scenes) scenes"
    }
  }
}
