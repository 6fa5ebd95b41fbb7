import MosoWorlds

/// Documents that a world makes, each from its number alone.
struct WorldDocuments: DocumentStream {
  private let count: Int
  private let document: (Int) -> CorpusDocument
  private var number = 0

  /// The first stories of a world.
  init(_ world: StoryWorld, count: Int) {
    self.count = count
    document = { number in
      let story = world.story(number)
      return CorpusDocument(.text(Array(story.text.utf8)), origin: "story \(number)", surprisal: story.surprisal)
    }
  }

  /// How many of the first recordings know how surprising they are: that takes a hundred times as long as the recording,
  /// and is of use for validation only.
  private static let exactCount = 400

  /// The first recordings of a patch of retina.
  init(_ world: RetinaWorld, count: Int) {
    self.count = count
    document = { number in
      let origin = "recording \(number)"
      guard number < Self.exactCount else { return CorpusDocument(.symbols(world.tokens(number)), origin: origin) }
      let recording = world.recording(number)
      return CorpusDocument(.symbols(recording.tokens), origin: origin, surprisal: recording.surprisal)
    }
  }

  mutating func next() -> CorpusDocument? {
    guard number < count else { return nil }
    defer { number += 1 }
    return document(number)
  }
}
