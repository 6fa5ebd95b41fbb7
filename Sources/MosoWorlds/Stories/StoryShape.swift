/// How many people, things and steps stories have.
enum StoryShape {
  /// For two people, three and four.
  static let castShares = [0.4, 0.4, 0.2]
  /// For two things, three and four.
  static let objectShares = [0.4, 0.4, 0.2]
  /// After so many steps a story ends anyway.
  static let mostSteps = 60

  /// How likely a story goes on after so many steps, and how likely it ends: at least four steps, then about sixteen more.
  static func endShares(after steps: Int) -> [Double] { steps < 4 ? [1, 0] : [0.94, 0.06] }

  /// How likely a thing is in each place at the beginning: often where a person is.
  static func objectPlaceShares(in state: StoryState, _ lore: StoryLore) -> [Double] {
    let weights = lore.places.indices.map { lore.places[$0] * (state.whereabouts.contains($0) ? 8 : 1) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

extension StoryLore {
  /// The person at a place between nothing and one, of which each person has their share.
  func rank(at place: Double) -> Int { cumulativeShares.indexOfShare(at: place) }

  /// The share of the person at `rank` among all whose first names are not taken.
  func share(of rank: Int, without taken: [Int]) -> Double {
    share(of: rank) / (1 - taken.reduce(0) { $0 + firstNameShares[$1] })
  }

  /// The share of a thing of a colour among all that are unlike those which are there: no two are the same but for the colour.
  func share(of object: StoryState.Object, without taken: [StoryState.Object]) -> Double {
    let rest = 1 - taken.reduce(0) { $0 + things[$1.thing] }
    return things[object.thing] * colours[object.thing][object.colour] / rest
  }
}
