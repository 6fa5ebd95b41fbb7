/// Where everybody and everything in a story is.
struct StoryState: Sendable, Equatable {
  /// A thing of a colour, as places in `StoryWords`.
  struct Object: Sendable, Hashable {
    var thing: Int
    var colour: Int
  }

  /// The people in the story, by their rank in the lore.
  var cast: [Int] = []
  /// For each of them the place where they are.
  var whereabouts: [Int] = []
  /// The things in the story.
  var objects: [Object] = []
  /// For each of them where it lies; where its carrier is, if it is carried.
  private(set) var objectPlaces: [Int] = []
  /// For each of them who carries it, by their place in `cast`.
  private(set) var carriers: [Int?] = []
  /// For each person what they carry: one thing at most.
  private(set) var carried: [Int?] = []
  /// Who did something last.
  private(set) var lastActor: Int?

  mutating func place(person: Int, at place: Int) {
    whereabouts.append(place)
    carried.append(nil)
  }

  mutating func place(_ object: Object, at place: Int) {
    objects.append(object)
    objectPlaces.append(place)
    carriers.append(nil)
  }

  /// Makes happen what a step says; a question changes nothing.
  mutating func apply(_ step: StoryStep) {
    switch step {
    case .go(let person, let place):
      whereabouts[person] = place
      if let object = carried[person] { objectPlaces[object] = place }
      lastActor = person
    case .take(let person, let object):
      carriers[object] = person
      carried[person] = object
      lastActor = person
    case .drop(let person, let object):
      carriers[object] = nil
      carried[person] = nil
      lastActor = person
    case .give(let person, let object, let receiver):
      carriers[object] = receiver
      carried[person] = nil
      carried[receiver] = object
      lastActor = person
    case .question: break
    }
  }

  /// Whether a step can happen now.
  func allows(_ step: StoryStep) -> Bool {
    switch step {
    case .go(let person, let place): whereabouts[person] != place
    case .take(let person, let object):
      carriers[object] == nil && carried[person] == nil && objectPlaces[object] == whereabouts[person]
    case .drop(let person, let object): carriers[object] == person
    case .give(let person, let object, let receiver):
      carriers[object] == person && receiver != person && carried[receiver] == nil
        && whereabouts[receiver] == whereabouts[person]
    case .question: true
    }
  }
}

/// Something that happens in a story, or is asked about it; people and things by their places in the story.
enum StoryStep: Sendable, Hashable {
  case go(person: Int, place: Int)
  case take(person: Int, object: Int)
  case drop(person: Int, object: Int)
  case give(person: Int, object: Int, receiver: Int)
  case question(StoryQuestion)
}

/// A question whose answer follows from what happened before.
enum StoryQuestion: Sendable, Hashable {
  /// Where is the thing?
  case placeOfObject(Int)
  /// Who has the thing?
  case carrier(Int)
  /// Where is the person?
  case placeOfPerson(Int)

  /// Where is everybody?
  case everybody
  /// Where is everything?
  case everything

  /// What a person would call it.
  var kind: String {
    switch self {
    case .everybody: "where is everybody"
    case .everything: "where is everything"
    case .placeOfObject: "where is the thing"
    case .carrier: "who has the thing"
    case .placeOfPerson: "where is the person"
    }
  }
}
