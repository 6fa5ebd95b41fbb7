extension StoryReader {
  /// A story as it is told: what has happened, how likely that was, and what may come next.
  struct Telling {
    let lore: StoryLore
    private(set) var state = StoryState()
    private var surprisal = 0.0
    private var steps = 0

    init(lore: StoryLore) { self.lore = lore }

    mutating func introduce(_ rank: Int) throws(Mistake) {
      guard state.whereabouts.isEmpty else { throw .untrue("everybody has been introduced") }
      guard state.cast.count < 4 else { throw .untrue("there are four people already") }
      let taken = state.cast.map { lore.people[$0].firstName }
      if taken.contains(lore.people[rank].firstName) { throw .untrue("somebody of this name is there already") }
      surprisal -= logarithm(lore.share(of: rank, without: taken))
      state.cast.append(rank)
    }

    mutating func place(person: Int, at place: Int) throws(Mistake) {
      guard state.whereabouts.count == person, state.objects.isEmpty else { throw .untrue("it is not their turn") }
      if person == 0 {
        guard state.cast.count >= 2 else { throw .untrue("one person alone has no story") }
        surprisal -= logarithm(StoryShape.castShares[state.cast.count - 2])
      }
      surprisal -= logarithm(lore.places[place])
      state.place(person: person, at: place)
    }

    mutating func place(_ object: StoryState.Object, at place: Int) throws(Mistake) {
      guard steps == 0, !state.cast.isEmpty, state.whereabouts.count == state.cast.count, state.objects.count < 4 else {
        throw .untrue("it is not the time for things")
      }
      if state.objects.contains(where: { $0.thing == object.thing }) { throw .untrue("the thing is there already") }
      surprisal -= logarithm(lore.share(of: object, without: state.objects))
      surprisal -= logarithm(StoryShape.objectPlaceShares(in: state, lore)[place])
      state.place(object, at: place)
    }

    mutating func happen(_ step: StoryStep, style: Int) throws(Mistake) {
      guard state.objects.count >= 2 else { throw .untrue("nothing can happen without two things") }
      guard steps < StoryShape.mostSteps else { throw .untrue("the story is over") }
      guard state.allows(step) else { throw .untrue("this cannot happen now") }
      if steps == 0 { surprisal -= logarithm(StoryShape.objectShares[state.objects.count - 2]) }
      surprisal -= logarithm(StoryShape.endShares(after: steps)[0])
      guard let share = state.steps(in: lore).first(where: { $0.step == step })?.share else {
        throw .untrue("this cannot happen now")
      }
      surprisal -= logarithm(share)
      surprisal -= logarithm(StoryStyle.shares(of: step, in: state, lore)[style])
      state.apply(step)
      steps += 1
    }

    /// How surprising the whole was, if it ends here; `nil` if it cannot.
    func finish() -> Double? {
      if steps == StoryShape.mostSteps { return surprisal }
      let end = StoryShape.endShares(after: steps)[1]
      return end > 0 ? surprisal - logarithm(end) : nil
    }
  }
}
