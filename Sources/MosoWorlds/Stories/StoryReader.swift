/// Reads stories, whoever told them: what each sentence says, whether it can be true after those before it, and how likely a
/// story is as the world tells them.
///
/// It knows the sentences and not how they were made, so that it judges a model's stories and shows of the world's own that their
/// probabilities are those of their texts.
public struct StoryReader: Sendable {
  private let lore: StoryLore
  private let words: Words

  /// A reader who knows a world.
  public init(lore: StoryLore) {
    self.lore = lore
    words = Words()
  }

  /// What came of reading a text.
  public struct Reading: Sendable {
    /// The sentences that were understood and can be true, questions with their answers counting as one.
    public var consistent = 0
    /// The first sentence that cannot be true, or that says nothing in the world's language, and why.
    public var mistake: String?
    /// How surprising the text is, in nats; `nil` where it is not a whole story without mistakes.
    public var surprisal: Double?
  }

  /// Reads a text until its end or its first mistake; a last sentence without a full stop is passed over.
  public func read(_ text: String) -> Reading {
    var reading = Reading()
    var telling = Telling(lore: lore)
    var sentences = Sentences(text)
    while let sentence = sentences.next() {
      do throws(Mistake) {
        try understand(sentence, &sentences, &telling)
        reading.consistent += 1
      } catch {
        if case .unfinished = error { break }
        reading.mistake = "\(sentence): \(error.reason)"
        return reading
      }
    }
    reading.surprisal = telling.finish()
    return reading
  }

  /// Why a sentence cannot be.
  enum Mistake: Error {
    case unreadable
    case unfinished
    case untrue(String)

    var reason: String {
      switch self {
      case .unreadable: "this says nothing in the language of the stories"
      case .unfinished: "this has no end"
      case .untrue(let reason): reason
      }
    }
  }

  private func understand(_ sentence: String, _ sentences: inout Sentences, _ telling: inout Telling) throws(Mistake) {
    var words = sentence.split(separator: " ").map(String.init)
    guard let end = words.last?.last, end == "." || end == "?" else { throw .unfinished }
    words[words.count - 1].removeLast()
    if end == "?" {
      guard let answer = sentences.next(), answer.hasSuffix(".") else { throw .unfinished }
      let question = try question(words, telling.state)
      let right = StoryReader.answer(to: question, telling.state, lore)
      if answer != right { throw .untrue("the answer \(answer) should be \(right)") }
      return try telling.happen(.question(question), style: 0)
    }
    if words.count == 7, words[2...3] == ["is", "a"], words[5] == "from" {
      return try telling.introduce(rank(words))
    }
    if words.count == 5, words[1...3] == ["is", "in", "the"] {
      guard let place = self.words.places[words[4]] else { throw .unreadable }
      let someone = try person(words[0], telling.state)
      if telling.state.objects.isEmpty { return try telling.place(person: someone, at: place) }
      try check(telling.state.whereabouts[someone], is: place)
      return try telling.happen(.see(person: someone), style: 0)
    }
    if words.count == 7, words[0] == "The", words[3...5] == ["is", "in", "the"] {
      guard let place = self.words.places[words[6]] else { throw .unreadable }
      let object = try object(words[1], words[2])
      guard let known = telling.state.objects.firstIndex(of: object) else {
        return try telling.place(object, at: place)
      }
      try check(telling.state.objectPlaces[known], is: place)
      return try telling.happen(.find(object: known), style: 0)
    }
    let hasThen = words[0] == "Then"
    if hasThen { words.removeFirst() }
    guard words.count >= 4 else { throw .unreadable }
    let (step, verb) = try step(words, telling.state)
    try telling.happen(step, style: 2 * verb + (hasThen ? 1 : 0))
  }

  private func step(_ words: [String], _ state: StoryState) throws(Mistake) -> (StoryStep, verb: Int) {
    let actor = try person(words[0], state)
    func verb(_ step: StoryStep) -> (StoryStep, verb: Int)? {
      StoryStyle.verbs(of: step).firstIndex(of: words[1]).map { (step, $0) }
    }
    if words.count == 5, words[2...3] == ["to", "the"], let place = self.words.places[words[4]],
      let found = verb(.go(person: actor, place: place))
    {
      return found
    }
    guard words.count >= 5, words[2] == "the" else { throw .unreadable }
    let object = try known(object(words[3], words[4]), state)
    if words.count == 5, let found = verb(.take(person: actor, object: object)) { return found }
    if words.count == 9, words[5...7] == ["down", "in", "the"], let place = self.words.places[words[8]],
      let found = verb(.drop(person: actor, object: object))
    {
      try check(state.whereabouts[actor], is: place)
      return found
    }
    if words.count == 7, words[5] == "to",
      let found = try verb(.give(person: actor, object: object, receiver: person(words[6], state)))
    {
      return found
    }
    throw .unreadable
  }

  private func check(_ place: Int, is said: Int) throws(Mistake) {
    if place != said { throw .untrue("that is in the \(StoryWords.places[place])") }
  }

  private func question(_ words: [String], _ state: StoryState) throws(Mistake) -> StoryQuestion {
    switch (words.count, words.prefix(2).joined(separator: " ")) {
    case (5, "Where is") where words[2] == "the": return .placeOfObject(try known(object(words[3], words[4]), state))
    case (5, "Who has") where words[2] == "the": return .carrier(try known(object(words[3], words[4]), state))
    case (3, "Where is"): return .placeOfPerson(try person(words[2], state))
    case (4, "What does") where words[3] == "have": return .carriedBy(try person(words[2], state))
    default: throw .unreadable
    }
  }

  /// What a truthful answer is.
  static func answer(to question: StoryQuestion, _ state: StoryState, _ lore: StoryLore) -> String {
    func person(_ person: Int) -> String { StoryWords.firstNames[lore.people[state.cast[person]].firstName] }
    func object(_ object: Int) -> String {
      "\(StoryWords.colours[state.objects[object].colour]) \(StoryWords.things[state.objects[object].thing])"
    }
    switch question {
    case .placeOfObject(let thing):
      if let carrier = state.carriers[thing] { return "\(person(carrier)) has it." }
      return "The \(object(thing)) is in the \(StoryWords.places[state.objectPlaces[thing]])."
    case .placeOfPerson(let someone):
      return "\(person(someone)) is in the \(StoryWords.places[state.whereabouts[someone]])."
    case .carrier(let thing): return "\(state.carriers[thing].map(person) ?? "Nobody") has it."
    case .carriedBy(let someone):
      return "\(person(someone)) has \(state.carried[someone].map { "the \(object($0))" } ?? "nothing")."
    }
  }

  private func rank(_ words: [String]) throws(Mistake) -> Int {
    guard let first = self.words.firstNames[words[0]], let last = self.words.surnames[words[1]],
      let job = self.words.jobs[words[4]], let town = self.words.towns[words[6]]
    else { throw .unreadable }
    guard let rank = lore.people.firstIndex(where: { $0.firstName == first && $0.surname == last }) else {
      throw .untrue("there is nobody of this name")
    }
    let person = lore.people[rank]
    if person.job != job { throw .untrue("\(words[0]) \(words[1]) is a \(StoryWords.jobs[person.job])") }
    if person.town != town { throw .untrue("\(words[0]) \(words[1]) is from \(StoryWords.towns[person.town])") }
    return rank
  }

  private func person(_ name: String, _ state: StoryState) throws(Mistake) -> Int {
    guard let first = words.firstNames[name] else { throw .unreadable }
    guard let person = state.cast.firstIndex(where: { lore.people[$0].firstName == first }) else {
      throw .untrue("\(name) is not in this story")
    }
    return person
  }

  private func object(_ colour: String, _ thing: String) throws(Mistake) -> StoryState.Object {
    guard let colour = words.colours[colour], let thing = words.things[thing] else { throw .unreadable }
    return StoryState.Object(thing: thing, colour: colour)
  }

  private func known(_ object: StoryState.Object, _ state: StoryState) throws(Mistake) -> Int {
    guard let known = state.objects.firstIndex(of: object) else {
      throw .untrue("there is no such thing in this story")
    }
    return known
  }

  /// Where each word is in its list.
  private struct Words: Sendable {
    let firstNames = Self.places(StoryWords.firstNames), surnames = Self.places(StoryWords.surnames)
    let jobs = Self.places(StoryWords.jobs), towns = Self.places(StoryWords.towns)
    let places = Self.places(StoryWords.places), things = Self.places(StoryWords.things)
    let colours = Self.places(StoryWords.colours)

    static func places(_ words: [String]) -> [String: Int] {
      Dictionary(uniqueKeysWithValues: zip(words, words.indices))
    }
  }
}

/// The sentences of a text, one after another.
private struct Sentences {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  mutating func next() -> String? {
    rest = rest.drop { $0 == " " || $0 == "\n" }
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex { $0 == "." || $0 == "?" }.map { rest.index(after: $0) } ?? rest.endIndex
    defer { rest = rest[end...] }
    return String(rest[..<end])
  }
}
