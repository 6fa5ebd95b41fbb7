extension StoryState {
  /// How likely each kind of step is where all can happen.
  private enum Share {
    static let go = 5.0
    static let take = 4.0
    static let drop = 1.5
    static let give = 2.5
    static let question = 9.0
  }

  /// How much likelier whoever did something last is to do something again.
  private static let persistence = 2.0
  /// How much likelier one goes where somebody or something is.
  private static let attraction = 6.0

  /// All that can happen next, with weights that add up to one.
  func steps(in lore: StoryLore) -> [(step: StoryStep, share: Double)] {
    var all: [(step: StoryStep, share: Double)] = []
    all.reserveCapacity(96)
    var start = 0
    // Gives what was added since `start` the share of its kind.
    func close(_ share: Double) {
      let sum = all[start...].reduce(0) { $0 + $1.share }
      for index in start..<all.count { all[index].share *= share / sum }
      start = all.count
    }
    let busy = busyPlaces
    for person in cast.indices {
      let likings = lore.destinations[lore.people[cast[person]].job]
      // A person's likings add up to one, so that who goes does not depend on them.
      var sum = 0.0
      let first = all.count
      for place in likings.indices where place != whereabouts[person] {
        let weight = likings[place] * (busy & (1 << place) != 0 ? Self.attraction : 1)
        sum += weight
        all.append((.go(person: person, place: place), weight))
      }
      for index in first..<all.count { all[index].share *= zeal(person) / sum }
    }
    close(Share.go)
    for person in cast.indices {
      for object in objects.indices where allows(.take(person: person, object: object)) {
        all.append((.take(person: person, object: object), zeal(person)))
      }
    }
    close(Share.take)
    for person in cast.indices {
      if let object = carried[person] { all.append((.drop(person: person, object: object), zeal(person))) }
    }
    close(Share.drop)
    for person in cast.indices {
      if let object = carried[person] {
        for receiver in cast.indices
        where allows(.give(person: person, object: object, receiver: receiver)) {
          all.append((.give(person: person, object: object, receiver: receiver), zeal(person)))
        }
      }
    }
    close(Share.give)
    for object in objects.indices {
      all.append((.question(.placeOfObject(object)), 1))
      all.append((.question(.carrier(object)), 1))
    }
    for person in cast.indices { all.append((.question(.placeOfPerson(person)), 1)) }
    all.append((.question(.everybody), 6))
    all.append((.question(.everything), 6))
    close(Share.question)
    let sum = all.reduce(0) { $0 + $1.share }
    for index in all.indices { all[index].share /= sum }
    return all
  }

  /// One bit for each place where a person or a thing is.
  private var busyPlaces: Int {
    (whereabouts + objectPlaces).reduce(0) { $0 | 1 << $1 }
  }

  private func zeal(_ person: Int) -> Double { person == lastActor ? Self.persistence : 1 }
}
