import MosoRandom

/// Tells stories: draws what happens and writes it down, and adds up how likely each draw was.
///
/// Whatever is drawn can be read off the text, so the probability of a text is that of its draws: no two ways lead to the
/// same text, which `StoryReader` shows by finding the way again.
struct StoryTeller {
  let lore: StoryLore
  private var generator: RandomNumbers
  private(set) var state = StoryState()
  private(set) var writer = StoryWriter()
  private(set) var surprisal = 0.0

  init(lore: StoryLore, seed: UInt64, number: UInt64) {
    self.lore = lore
    generator = RandomNumbers(seed: seed, stream: number &+ 1)
  }

  /// The whole story.
  mutating func tell() -> Story {
    let count = 2 + draw(StoryShape.castShares)
    for _ in 0..<count { introduce() }
    for _ in 0..<count {
      state.place(person: state.whereabouts.count, at: draw(lore.places))
      writer.place(person: state.whereabouts.count - 1, in: state, lore)
    }
    let objects = 2 + draw(StoryShape.objectShares)
    for _ in 0..<objects { putObject() }
    writer.endParagraph()
    for number in 0..<StoryShape.mostSteps {
      if draw(StoryShape.endShares(after: number)) == 1 { break }
      let steps = state.steps(in: lore)
      let step = steps[draw(steps.lazy.map(\.share))].step
      let style = draw(StoryStyle.shares(of: step, in: state, lore))
      state.apply(step)
      writer.write(step, StoryStyle(rawValue: style), in: state, lore)
    }
    writer.endParagraph()
    return Story(text: writer.text, surprisal: surprisal, questions: writer.questions)
  }

  /// Somebody whose first name nobody else in the story has.
  private mutating func introduce() {
    let taken = state.cast.map { lore.people[$0].firstName }
    var rank: Int
    repeat { rank = lore.rank(at: generator.uniform()) } while taken.contains(lore.people[rank].firstName)
    surprisal -= logarithm(lore.share(of: rank, without: taken))
    state.cast.append(rank)
    writer.introduce(rank, lore)
  }

  /// A thing that is unlike the others in the story.
  private mutating func putObject() {
    var object: StoryState.Object
    repeat {
      let thing = choose(lore.things)
      object = StoryState.Object(thing: thing, colour: choose(lore.colours[thing]))
    } while state.objects.contains { $0.thing == object.thing }
    surprisal -= logarithm(lore.share(of: object, without: state.objects))
    state.place(object, at: draw(StoryShape.objectPlaceShares(in: state, lore)))
    writer.place(object: state.objects.count - 1, in: state, lore)
  }

  /// One of the places of `shares`, which add up to one.
  private mutating func draw(_ shares: some Collection<Double>) -> Int {
    let chosen = choose(shares)
    surprisal -= logarithm(shares[shares.index(shares.startIndex, offsetBy: chosen)])
    return chosen
  }

  private mutating func choose(_ shares: some Collection<Double>) -> Int {
    var rest = generator.uniform()
    var last = 0
    for (index, share) in shares.enumerated() where share > 0 {
      last = index
      rest -= share
      if rest < 0 { break }
    }
    return last
  }
}
