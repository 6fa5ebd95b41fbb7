/// How a step is told: with which of several words, and whether with "Then" before it.
struct StoryStyle: RawRepresentable, Hashable, Sendable {
  /// Twice the place of the verb, plus one with "Then".
  var rawValue: Int

  var verb: Int { rawValue / 2 }
  var hasThen: Bool { rawValue % 2 == 1 }

  /// The verbs that tell a step; questions have none.
  static func verbs(of step: StoryStep) -> [String] {
    switch step {
    case .go: StoryWords.manners
    case .take: ["takes", "finds", "grabs"]
    case .drop: ["drops", "leaves"]
    case .give: ["gives", "hands"]
    case .question: []
    }
  }

  /// How likely each way to tell the step is, by its number.
  static func shares(of step: StoryStep, in state: StoryState, _ lore: StoryLore) -> [Double] {
    let verbs: [Double]
    switch step {
    case .go(let person, _): verbs = lore.manners[lore.people[state.cast[person]].job]
    case .take: verbs = [0.6, 0.25, 0.15]
    case .drop, .give: verbs = [0.7, 0.3]
    case .question: return [1]
    }
    return verbs.flatMap { [0.8 * $0, 0.2 * $0] }
  }
}
