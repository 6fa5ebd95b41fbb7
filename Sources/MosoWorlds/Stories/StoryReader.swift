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
      let question = try question(words, telling.state)
      for note in StoryReader.notes(on: question, telling.state, lore) { try expect(note, &sentences) }
      if let answer = StoryReader.answer(to: question, telling.state, lore) { try expect(answer, &sentences) }
      return try telling.happen(.question(question), style: 0)
    }
    if words.count == 7, words[2...3] == ["is", "a"], words[5] == "from" {
      return try telling.introduce(rank(words))
    }
    if words.count == 5, words[1...3] == ["is", "in", "the"] {
      guard let place = self.words.places[words[4]] else { throw .unreadable }
      try telling.place(person: person(words[0], telling.state), at: place)
      return try expect("(\(words[0]) \(words[4]))", &sentences)
    }
    if words.count == 7, words[0] == "The", words[3...5] == ["is", "in", "the"] {
      guard let place = self.words.places[words[6]] else { throw .unreadable }
      try telling.place(object(words[1], words[2]), at: place)
      return try expect("(\(words[2]) \(words[6]))", &sentences)
    }
    let hasThen = words[0] == "Then"
    if hasThen { words.removeFirst() }
    guard words.count >= 5 else { throw .unreadable }
    let (step, verb, note) = try step(words, telling.state)
    try telling.happen(step, style: 2 * verb + (hasThen ? 1 : 0))
    for note in note { try expect(note, &sentences) }
  }

  /// The next sentence, or note in brackets, which can only be this one.
  private func expect(_ text: String, _ sentences: inout Sentences) throws(Mistake) {
    guard let found = sentences.next(), found.hasSuffix(".") || found.hasSuffix(")") else { throw .unfinished }
    if found != text { throw .untrue("\(found) should be \(text)") }
  }

  /// What a sentence says, and the notes that have to stand behind it.
  private func step(
    _ words: [String], _ state: StoryState
  ) throws(Mistake) -> (step: StoryStep, verb: Int, notes: [String]) {
    let actor = try person(words[0], state)
    func verb(_ step: StoryStep) -> Int? { StoryStyle.verbs(of: step).firstIndex(of: words[1]) }
    if words.count == 5, words[2...3] == ["to", "the"], let place = self.words.places[words[4]] {
      let step = StoryStep.go(person: actor, place: place)
      if let verb = verb(step) { return (step, verb, ["(\(words[0]) \(words[4]))"]) }
    }
    guard words[2] == "the" else { throw .unreadable }
    let object = try known(object(words[3], words[4]), state)
    let taking = StoryStep.take(person: actor, object: object), dropping = StoryStep.drop(person: actor, object: object)
    if words.count == 5, let verb = verb(taking) { return (taking, verb, ["(\(words[4]) \(words[0]))"]) }
    if words.count == 5, let verb = verb(dropping), state.whereabouts.indices.contains(actor) {
      let place = StoryWords.places[state.whereabouts[actor]]
      return (dropping, verb, ["(\(words[0]) \(place))", "(\(words[4]) \(place))"])
    }
    if words.count == 7, words[5] == "to" {
      let step = StoryStep.give(person: actor, object: object, receiver: try person(words[6], state))
      if let verb = verb(step) { return (step, verb, ["(\(words[4]) \(words[6]))"]) }
    }
    throw .unreadable
  }

  private func question(_ words: [String], _ state: StoryState) throws(Mistake) -> StoryQuestion {
    switch (words.count, words.prefix(2).joined(separator: " ")) {
    case (5, "Where is") where words[2] == "the": return .placeOfObject(try known(object(words[3], words[4]), state))
    case (5, "Who has") where words[2] == "the": return .carrier(try known(object(words[3], words[4]), state))
    case (3, "Where is") where words[2] == "everybody": return .everybody
    case (3, "Where is") where words[2] == "everything": return .everything
    case (3, "Where is"): return .placeOfPerson(try person(words[2], state))
    default: throw .unreadable
    }
  }

  private static func name(_ person: Int, _ state: StoryState, _ lore: StoryLore) -> String {
    StoryWords.firstNames[lore.people[state.cast[person]].firstName]
  }

  /// What is noted of all that a question is about.
  static func notes(on question: StoryQuestion, _ state: StoryState, _ lore: StoryLore) -> [String] {
    func note(person: Int) -> String {
      "(\(name(person, state, lore)) \(StoryWords.places[state.whereabouts[person]]))"
    }
    func note(object: Int) -> String {
      let holder = state.carriers[object].map { name($0, state, lore) }
      return
        "(\(StoryWords.things[state.objects[object].thing]) \(holder ?? StoryWords.places[state.objectPlaces[object]]))"
    }
    return switch question {
    case .placeOfPerson(let person): [note(person: person)]
    case .placeOfObject(let object), .carrier(let object): [note(object: object)]
    case .everybody: state.cast.indices.map(note(person:))
    case .everything: state.objects.indices.map(note(object:))
    }
  }

  /// What a truthful answer is; to some questions notes are the answer.
  static func answer(to question: StoryQuestion, _ state: StoryState, _ lore: StoryLore) -> String? {
    switch question {
    case .placeOfPerson(let person): return "In the \(StoryWords.places[state.whereabouts[person]])."
    case .placeOfObject(let object) where state.carriers[object] == nil:
      return "In the \(StoryWords.places[state.objectPlaces[object]])."
    case .placeOfObject(let object), .carrier(let object):
      return "\(state.carriers[object].map { name($0, state, lore) } ?? "Nobody") has it."
    case .everybody, .everything: return nil
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
    let end = rest.firstIndex { ".?)".contains($0) }.map { rest.index(after: $0) } ?? rest.endIndex
    defer { rest = rest[end...] }
    return String(rest[..<end])
  }
}
