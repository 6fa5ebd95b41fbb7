/// A corpus of small stories about people, places and things whose state can be asked about later in the text.
///
/// Every story is told by drawing from distributions that are known, so its exact probability is known too, and with it the
/// entropy that no model of the corpus can get below. Story `n` of a seed is always the same.
public struct StoryWorld: Sendable {
  /// What holds in every story.
  public let lore: StoryLore
  /// Which stories: another seed tells others in the same world.
  public let seed: UInt64

  /// The stories of a seed in a world.
  public init(lore: StoryLore = StoryLore(), seed: UInt64 = 0) {
    self.lore = lore
    self.seed = seed
  }

  /// One of the stories.
  public func story(_ number: Int) -> Story {
    var teller = StoryTeller(lore: lore, seed: seed, number: UInt64(number))
    return teller.tell()
  }
}
